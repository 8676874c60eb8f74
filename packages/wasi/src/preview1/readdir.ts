import { errno } from "../abi/errno.ts";
import type { Preview1 } from "../abi/functions.ts";
import { dirent, filetype } from "../abi/layouts.ts";
import { rights } from "../abi/rights.ts";
import type { OpenDirectory } from "../descriptor-table.ts";
import type { ByteString, DirectoryEntry } from "../fs/file-system.ts";
import { WasiError } from "../wasi-error.ts";
import type { CallContext } from "./call-context.ts";
import { requireRights } from "./require.ts";

const readdirRight = rights("fd_readdir");

/**
 * A listing begins anew at cookie 0, and stays the same for the cookies after
 * it. A buffer that ends up full says that there is more.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#fd_readdir
 */
export function readdirCalls({ memory, table }: CallContext): Pick<Preview1, "fd_readdir"> {
  return {
    fd_readdir(fd, buffer, length, cookie, used) {
      const directory = table.getOrThrow(fd);
      if (directory.kind === "stream") return errno.notdir;
      requireRights(directory, readdirRight);
      if (directory.kind === "file") return errno.notdir;
      if (cookie === 0n || !directory.listing) directory.listing = list(directory);

      const { listing } = directory;
      const target = memory.bytes(buffer, length);
      const start = BigInt.asUintN(64, cookie);
      let written = 0;
      for (let i = Number(start); i < listing.length && written < target.length; i++) {
        written += putEntry(target.subarray(written), directory, listing[i] as DirectoryEntry, i + 1);
      }
      memory.setU32(used, written);
      return errno.success;
    },
  };
}

function list({ handle, preopen }: OpenDirectory): readonly DirectoryEntry[] {
  // A preopen's root has no parent that could be named, and is listed without either.
  const dots = handle === preopen.root ? [] : [".", ".."];
  return [...dots.map((name) => ({ name, filetype: filetype.directory })), ...handle.list()];
}

/** Writes as much of an entry as there is room for, and gives how many bytes that was. */
function putEntry(target: Uint8Array, directory: OpenDirectory, entry: DirectoryEntry, next: number): number {
  const { name, ino, filetype: type } = entry;
  const bytes = new Uint8Array(dirent.size + name.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(dirent.d_next, BigInt(next), true);
  view.setBigUint64(dirent.d_ino, ino ?? inode(directory, name), true);
  view.setUint32(dirent.d_namlen, name.length, true);
  view.setUint8(dirent.d_type, type);
  for (let i = 0; i < name.length; i++) bytes[dirent.size + i] = name.charCodeAt(i);
  const fitting = bytes.subarray(0, target.length);
  target.set(fitting);
  return fitting.length;
}

/** 0 if it can't be known: of the parent, which a guest need not have been granted, and of what is gone by now. */
function inode({ handle }: OpenDirectory, name: ByteString): bigint {
  if (name === "..") return 0n;
  try {
    return (name === "." ? handle.stat() : handle.lookup(name))?.ino ?? 0n;
  } catch (error) {
    if (error instanceof WasiError) return 0n;
    throw error;
  }
}
