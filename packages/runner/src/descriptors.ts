import { CallError } from "./guest.ts";
import type { Readiness } from "./options.ts";
import { errno } from "./preview1/errno.ts";
import type { Rights } from "./preview1/rights.ts";

/** Descriptor 0, 1 or 2 of a run, or what it was renumbered to. Each function moves some bytes and says how many. */
export interface Stream {
  kind: "stream";
  name: "stdin" | "stdout" | "stderr";
  base: Rights;
  inheriting: Rights;
  flags: number;
  /** A terminal is a character device, and libraries flush each line to one. */
  isTerminal(): boolean;
  read?(into: Uint8Array): number;
  write?(from: Uint8Array): number;
  /** Passes on what was held back. */
  flush?(): void;
  /** What a read would find. Where it would find nothing yet, waits so many nanoseconds at most for it. */
  poll?(patience: bigint): Readiness | undefined;
  /** Frees what it took of the host. */
  close?(): void;
}

/** Passes on what a stream held back, and frees what it took of the host, also where that fails. */
export function endStream({ flush, close }: Stream): void {
  try {
    flush?.();
  } finally {
    close?.();
  }
}

/** A preopen's directory on the host: what no path may leave. */
export interface Root {
  /** Its guest path. */
  name: string;
  /** Its descriptor in node:wasi. */
  host: number;
  /** Its real path, as a byte string. */
  path: string;
  isReadOnly: boolean;
  /** Where it lies in another preopen, so that a guest could move it: what tells it apart. */
  identity?: { dev: bigint; ino: bigint };
}

/** An open file or directory. */
export interface OpenFile {
  kind: "file";
  base: Rights;
  inheriting: Rights;
  flags: number;
  /** Its descriptor in node:wasi. */
  host: number;
  /** The preopen that it was reached through. */
  root: Root;
  /**
   * Where it is, from the root on: a byte string without links, `"a/b"`, kept
   * true when the guest renames it; `undefined` once the guest removed it.
   */
  path: string | undefined;
  /** What it is, where that is known already. */
  filetype?: number;
  /** The guest path of a preopen. */
  preopen?: Uint8Array;
  /** The entries of a directory that is being read, so that a cookie means the same from call to call. */
  listing?: readonly { name: string; filetype: number }[];
}

/** What a descriptor of the guest's stands for. */
type Descriptor = Stream | OpenFile;

/** The descriptors of a guest. Numbers are ours, the lowest that is free, as POSIX has it. */
export interface Descriptors {
  /** What a number stands for. */
  get(fd: number): Descriptor | undefined;
  /** The same, or the call ends with `badf`. */
  need(fd: number): Descriptor;
  /** Gives the lowest free number. */
  add(descriptor: Descriptor): number;
  /** Frees a number, and gives what it stood for. */
  remove(fd: number): Descriptor;
  /** Moves a descriptor to a number that is in use, and gives what that stood for. */
  renumber(from: number, to: number): Descriptor | undefined;
  /** All of them. */
  all(): Descriptor[];
}

/** An empty table. */
export function createDescriptors(): Descriptors {
  // An array, not a map: every call looks a number up.
  const table: (Descriptor | undefined)[] = [];
  const need = (fd: number): Descriptor => {
    const found = table[fd];
    if (found === undefined) throw new CallError(errno.badf);
    return found;
  };

  return {
    get: (fd) => table[fd],
    need,
    add(descriptor) {
      const free = table.indexOf(undefined);
      const fd = free < 0 ? table.length : free;
      table[fd] = descriptor;
      return fd;
    },
    remove(fd) {
      const found = need(fd);
      table[fd] = undefined;
      return found;
    },
    renumber(from, to) {
      const moving = need(from);
      const replaced = need(to);
      if (from === to) return undefined;
      table[to] = moving;
      table[from] = undefined;
      return replaced;
    },
    all: () => table.filter((it) => it !== undefined),
  };
}
