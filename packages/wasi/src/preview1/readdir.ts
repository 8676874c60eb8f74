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
 * A directory is listed again at cookie 0. Later cookies refer to that listing. A
 * full buffer means that there are more entries.
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
  // The root of a preopen has no parent that a guest could name, so it is listed without `.` and `..`.
  const dots = handle === preopen.root ? [] : [".", ".."];
  return [...dots.map((name) => ({ name, filetype: filetype.directory })), ...handle.list()];
}

/** Writes as much of an entry as there is room for. @returns how many bytes */
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

/**
 * The inode number of an entry, or 0 if the entry is gone. `..` has the number of the directory itself, as in wasmtime: the
 * parent may not be granted, and some versions of wasi-libc look up every entry with 0, and fail if they can't.
 */
function inode({ handle }: OpenDirectory, name: ByteString): bigint {
  try {
    return (name === "." || name === ".." ? handle.stat() : handle.lookup(name))?.ino ?? 0n;
  } catch (error) {
    if (error instanceof WasiError) return 0n;
    throw error;
  }
}
