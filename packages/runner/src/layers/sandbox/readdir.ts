import { lstatSync, readdirSync } from "node:fs";
import type { Dirent } from "node:fs";
import type { OpenFile } from "../../descriptors.ts";
import { CallError } from "../../guest.ts";
import type { Guest } from "../../guest.ts";
import { errno, errnoOf } from "../../preview1/errno.ts";
import type { Preview1 } from "../../preview1/functions.ts";
import { dirent, filetype } from "../../preview1/layouts.ts";
import { resolve } from "./resolve.ts";
import { hostPath } from "./roots.ts";

const types: readonly (readonly [keyof Dirent & `is${string}`, number])[] = [
  ["isFile", filetype.regular_file],
  ["isDirectory", filetype.directory],
  ["isSymbolicLink", filetype.symbolic_link],
  ["isCharacterDevice", filetype.character_device],
  ["isBlockDevice", filetype.block_device],
  ["isSocket", filetype.socket_stream],
];

/**
 * Writes entries of a directory from a cookie on. node:wasi leaves out `.` and
 * `..` and inode numbers, and reads a directory again from its start each
 * time; so the names come from node:fs, once for each reading from cookie 0.
 */
export function listDirectory(
  native: Preview1,
  guest: Guest,
  directory: OpenFile,
  buffer: number,
  length: number,
  cookie: bigint,
  used: number,
): number {
  if (directory.path === undefined) return errno.noent;
  const found = resolve(native, directory.root, directory.path, ".", "keep");
  const here = hostPath(found.root, found.path);
  if (cookie === 0n || !directory.listing) directory.listing = read(here, found.path === "");

  const target = guest.bytes(buffer, length);
  const [entry, view] = entryBuffer();
  let written = 0;
  const put = (part: Uint8Array): void => {
    const fits = part.subarray(0, target.length - written);
    target.set(fits, written);
    written += fits.length;
  };
  const first = BigInt.asUintN(64, cookie);
  if (first <= BigInt(directory.listing.length)) {
    for (let i = Number(first); i < directory.listing.length && written < target.length; i++) {
      const { name, filetype: type } = directory.listing[i]!;
      view.setBigUint64(dirent.d_next, BigInt(i + 1), true);
      view.setBigUint64(dirent.d_ino, inode(here, name), true);
      view.setUint32(dirent.d_namlen, name.length, true);
      view.setUint8(dirent.d_type, type);
      put(entry);
      put(Buffer.from(name, "latin1"));
    }
  }
  guest.setU32(used, written);
  return errno.success;
}

function read(directory: Buffer, isRoot: boolean): NonNullable<OpenFile["listing"]> {
  try {
    // A system lists them as it likes. By their bytes, they are in the same order everywhere.
    const entries = readdirSync(directory, { withFileTypes: true, encoding: "latin1" })
      .map((it) => ({
        name: it.name,
        filetype: types.find(([is]) => (it[is] as () => boolean)())?.[1] ?? filetype.unknown,
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    // A preopen's root has no parent that could be named, and is listed without either.
    const dots = isRoot ? [] : [".", ".."].map((name) => ({ name, filetype: filetype.directory }));
    return [...dots, ...entries];
  } catch (error) {
    throw new CallError(errnoOf(error));
  }
}

function inode(directory: Buffer, name: string): bigint {
  const path = Buffer.concat([directory, Buffer.from(`/${name}`, "latin1")]);
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? 0n;
}

function entryBuffer(): [Uint8Array, DataView] {
  const entry = new Uint8Array(dirent.size);
  return [entry, new DataView(entry.buffer)];
}
