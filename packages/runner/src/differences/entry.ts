import { openFlags, textOf, WasiError } from "@wasi-kit/wasi";
import type { DirectoryHandle, FileHandle, Filestat } from "@wasi-kit/wasi";
import { filetype } from "@wasi-kit/wasi/abi";

/** What is at a path. Times and most of the mode are left out, since they differ from machine to machine. */
export type Entry =
  | { readonly kind: "directory" }
  | {
      readonly kind: "link";
      /** Its target. */
      readonly to: string;
    }
  | FileEntry
  /** A named pipe, a socket or a device. */
  | { readonly kind: "other" };

/** A file. */
export interface FileEntry {
  readonly kind: "file";
  readonly bytes: number;
  /** Whether its owner may execute it. */
  readonly executable: boolean;
  /** The SHA-256 of its content, in hexadecimal. Absent if the file is larger than 64 MiB, and in browsers. */
  readonly sha256?: string;
  /** Its content. Absent if the file is larger than 64 KiB. */
  readonly content?: Uint8Array;
}

const maxHashedBytes = 64 << 20;
const maxContentBytes = 64 << 10;
const chunkBytes = 1 << 16;

/** What a name is in a directory. */
export function readEntry(directory: DirectoryHandle, name: string, stat: Filestat): Entry {
  if (stat.filetype === filetype.directory) return { kind: "directory" };
  if (stat.filetype === filetype.symbolic_link) return { kind: "link", to: textOf(directory.readlink(name)) };
  if (stat.filetype !== filetype.regular_file) return { kind: "other" };
  const size = Number(stat.size);
  const file = { kind: "file", bytes: size, executable: isExecutable(stat) } as const;
  if (size > maxHashedBytes) return file;
  const content = readFile(directory, name, size);
  const sha256 = hashOf(content);
  return { ...file, ...(sha256 === undefined ? {} : { sha256 }), ...(size <= maxContentBytes ? { content } : {}) };
}

/** A browser has no hash that does not make its caller wait. */
const hashOf = (content: Uint8Array): string | undefined =>
  host.process?.getBuiltinModule?.("node:crypto").createHash("sha256").update(content).digest("hex");

/** What is there of Node.js. */
const host = globalThis as {
  readonly process?: { readonly getBuiltinModule?: (name: "node:crypto") => NodeCrypto };
};

interface NodeCrypto {
  createHash(algorithm: string): Hash;
}

interface Hash {
  update(content: Uint8Array): Hash;
  digest(encoding: "hex"): string;
}

/** Whether the owner of a file may execute it. */
export const isExecutable = ({ mode = 0 }: Filestat): boolean => (mode & 0o100) !== 0;

function readFile(directory: DirectoryHandle, name: string, size: number): Uint8Array {
  const content = new Uint8Array(size);
  const file = openFile(directory, name);
  try {
    return content.subarray(0, file.read([content], 0));
  } finally {
    file.close();
  }
}

function openFile(directory: DirectoryHandle, name: string): FileHandle {
  const opened = directory.open(name, openFlags.read);
  if (opened.kind === "file") return opened;
  opened.close();
  throw new WasiError("isdir");
}

/** A file by its directory and its name. */
export type FileLocation = readonly [directory: DirectoryHandle, name: string];

/** The offset at which two files begin to differ; `undefined` if they are the same. */
export function firstDifference(one: FileLocation, other: FileLocation): number | undefined {
  const files: FileHandle[] = [];
  try {
    for (const [directory, name] of [one, other]) files.push(openFile(directory, name));
    const [a, b] = files as [FileHandle, FileHandle];
    const [chunkOfOne, chunkOfOther] = [new Uint8Array(chunkBytes), new Uint8Array(chunkBytes)];
    for (let at = 0; ;) {
      const sizes = [a.read([chunkOfOne], at), b.read([chunkOfOther], at)] as const;
      const size = Math.min(...sizes);
      for (let i = 0; i < size; i++) if (chunkOfOne[i] !== chunkOfOther[i]) return at + i;
      if (size < chunkBytes) return sizes[0] === sizes[1] ? undefined : at + size;
      at += size;
    }
  } finally {
    for (const file of files) file.close();
  }
}
