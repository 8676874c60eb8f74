import { errno, fdstat, filestat, filetype, iovec, rights } from "@wasi-kit/wasi/abi";
import type { ErrnoName, RightName } from "@wasi-kit/wasi/abi";
import type { OpenTestGuest } from "./backend.ts";

/** A path, from the first preopen or from a descriptor that has a name. */
export type GuestPath = string | readonly [descriptor: string, path: string];

/**
 * One call of a guest, as data. A descriptor goes by the name that `open` gave
 * it, a preopen by its guest path. Flags are words with spaces between:
 * `follow` for the last component of any path, and for `open` also `creat`,
 * `directory`, `excl`, `trunc`, `append`, and `write` to ask for writing.
 */
export type Call =
  | readonly ["open", GuestPath, flags?: string, as?: string]
  | readonly ["stat" | "times", GuestPath, flags?: string]
  | readonly ["mkdir" | "rmdir" | "unlink" | "readlink", GuestPath]
  | readonly ["rename", GuestPath, GuestPath]
  | readonly ["link", GuestPath, GuestPath, flags?: string]
  | readonly ["symlink", target: string, GuestPath]
  | readonly ["read" | "readdir" | "fstat" | "ftimes" | "rights" | "claim" | "close", descriptor: string]
  | readonly ["write", descriptor: string, text: string]
  | readonly ["truncate" | "allocate", descriptor: string, size: number]
  | readonly ["renumber", from: string, to: string];

/** What a call gave. */
export interface CallResult {
  errno: ErrnoName;
  /**
   * What the guest got: `read` the content, `readlink` the target, `readdir` the
   * names in order with commas between, `stat` the type (and the size of a
   * file), `rights` those that change something (which `claim` asks for again).
   */
  text?: string;
  /** The number that `open` gave, where it was to have a name. */
  fd?: number;
}

/** All that a guest got to see, for a test to look through. */
export interface Observations {
  texts: string[];
  inodes: Set<bigint>;
}

/** Makes calls through a guest. */
export interface GuestDriver {
  make(call: Call): CallResult;
  observed: Observations;
}

/** How many arguments of a call are paths, where any are; they come first. */
// prettier-ignore
const placesOf: Partial<Record<Call[0], number>> = {
  open: 1, stat: 1, times: 1, mkdir: 1, rmdir: 1, unlink: 1, readlink: 1, rename: 2, link: 2, symlink: 2,
};

const lookup = { follow: 1 };
const oflags = { creat: 1, directory: 2, excl: 4, trunc: 8 };
const fdflags = { append: 1 };
const openFlags = new Set(["write", ...Object.keys({ ...lookup, ...oflags, ...fdflags })]);

/** Rights to change something: a read-only descriptor has none of them. */
const changing: readonly RightName[] = [
  "fd_write",
  "fd_allocate",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
  "path_create_directory",
  "path_create_file",
  "path_link_target",
  "path_rename_source",
  "path_rename_target",
  "path_filestat_set_size",
  "path_filestat_set_times",
  "path_symlink",
  "path_remove_directory",
  "path_unlink_file",
];

// What asks node:wasi for O_WRONLY is asked for only by `write`: a directory can't be opened so.
const writing = BigInt(rights("fd_write", "fd_datasync", "fd_allocate", "fd_filestat_set_size"));
// All but the two for sockets, which are the last: node:wasi has no directory that passes them on.
const all = BigInt(rights("sock_shutdown")) - 1n;

const errnoNames = new Map(Object.entries(errno).map(([name, code]) => [code, name as ErrnoName]));

const someTime = 1_000_000_000_000_000_000n;
const setBoth = 1 | 4;

/** The addresses in the guest's memory of what is passed. */
const at = { result: 0x100, vector: 0x200, stat: 0x300, path: 0x1000, otherPath: 0x4000, buffer: 0x10000 };
const bufferSize = 0x10000;

/** A descriptor that no guest has: what the name of one that was never opened stands for. */
const nowhere = 999;

/** Rewrites the paths of a call. */
export function mapPaths([name, ...args]: Call, rewrite: (path: string) => GuestPath): Call {
  const places = placesOf[name] ?? 0;
  const mapped = args.map((arg, i) => {
    if (i >= places || arg === undefined) return arg;
    return typeof arg === "string"
      ? rewrite(arg)
      : [(arg as readonly string[])[0], rewrite((arg as readonly string[])[1] ?? "")];
  });
  return [name, ...mapped] as unknown as Call;
}

/** Drives a guest whose preopens have these guest paths, in order. */
export function createGuestDriver({ memory, call }: OpenTestGuest, preopens: readonly string[]): GuestDriver {
  const descriptors = new Map(preopens.map((name, i) => [name, 3 + i]));
  const observed: Observations = { texts: [], inodes: new Set() };
  const first = preopens[0] as string;

  const view = (): DataView => new DataView(memory.buffer);
  const bytes = (address: number, size: number): Uint8Array => new Uint8Array(memory.buffer, address, size);
  const fd = (name: string): number => descriptors.get(name) ?? nowhere;
  const text = (address: number, size: number): string => Buffer.from(memory.buffer, address, size).toString();

  const put = (address: number, content: string): number =>
    new TextEncoder().encodeInto(content, bytes(address, 0x3000)).written;
  const place = (where: GuestPath, address: number = at.path): [fd: number, path: number, size: number] => {
    const [base, path] = typeof where === "string" ? [first, where] : where;
    return [fd(base), address, put(address, path)];
  };
  const vector = (size: number): void => {
    view().setUint32(at.vector + iovec.buf, at.buffer, true);
    view().setUint32(at.vector + iovec.buf_len, size, true);
  };

  const see = (seen: string): string => {
    observed.texts.push(seen);
    return seen;
  };

  const readStat = (): string => {
    const type = view().getUint8(at.stat + filestat.filetype);
    observed.inodes.add(view().getBigUint64(at.stat + filestat.ino, true));
    const name = Object.entries(filetype).find(([, value]) => value === type)?.[0] ?? `type ${type}`;
    return type === filetype.regular_file ? `${name} ${view().getBigUint64(at.stat + filestat.filesize, true)}` : name;
  };
  const readEntries = (): string => {
    const names: string[] = [];
    const end = at.buffer + view().getUint32(at.result, true);
    for (let entry = at.buffer; entry + 24 <= end;) {
      const size = view().getUint32(entry + 16, true);
      const name = text(entry + 24, size);
      observed.inodes.add(view().getBigUint64(entry + 8, true));
      if (name !== "." && name !== "..") names.push(see(name));
      entry += 24 + size;
    }
    return names.toSorted().join(",");
  };

  const fstat = (number: number): CallResult => resultOf(call.fd_filestat_get(number, at.stat), readStat);
  const readdir = (number: number): CallResult =>
    resultOf(call.fd_readdir(number, at.buffer, bufferSize, 0n, at.result), readEntries);
  const read = (number: number): CallResult => {
    vector(bufferSize);
    return resultOf(call.fd_pread(number, at.vector, 1, 0n, at.result), () =>
      see(text(at.buffer, view().getUint32(at.result, true))),
    );
  };

  const make: { [Name in Call[0]]: (...args: any[]) => CallResult } = {
    open(where: GuestPath, flags = "", as?: string) {
      const words = split(flags);
      const wants = words.has("write") ? all : all & ~writing;
      const code = call.path_open(
        ...directed(place(where), bits(words, lookup)),
        bits(words, oflags),
        wants,
        all,
        bits(words, fdflags),
        at.result,
      );
      if (code !== 0) return resultOf(code);
      const opened = view().getUint32(at.result, true);
      // Whether or not the case goes on to use it: what can be had through it?
      fstat(opened);
      if (readdir(opened).errno !== "success") read(opened);
      if (as === undefined) {
        call.fd_close(opened);
        return resultOf(code);
      }
      descriptors.set(as, opened);
      return { ...resultOf(code), fd: opened };
    },
    stat: (where: GuestPath, flags = "") => {
      const [base, path, size] = place(where);
      return resultOf(call.path_filestat_get(base, bits(split(flags), lookup), path, size, at.stat), readStat);
    },
    times: (where: GuestPath, flags = "") => {
      const [base, path, size] = place(where);
      return resultOf(
        call.path_filestat_set_times(base, bits(split(flags), lookup), path, size, someTime, someTime, setBoth),
      );
    },
    mkdir: (where: GuestPath) => resultOf(call.path_create_directory(...place(where))),
    rmdir: (where: GuestPath) => resultOf(call.path_remove_directory(...place(where))),
    unlink: (where: GuestPath) => resultOf(call.path_unlink_file(...place(where))),
    readlink: (where: GuestPath) =>
      resultOf(call.path_readlink(...place(where), at.buffer, bufferSize, at.result), () =>
        text(at.buffer, view().getUint32(at.result, true)),
      ),
    rename: (from: GuestPath, to: GuestPath) => resultOf(call.path_rename(...place(from), ...place(to, at.otherPath))),
    link: (from: GuestPath, to: GuestPath, flags = "") =>
      resultOf(call.path_link(...directed(place(from), bits(split(flags), lookup)), ...place(to, at.otherPath))),
    symlink: (target: string, where: GuestPath) =>
      resultOf(call.path_symlink(at.otherPath, put(at.otherPath, target), ...place(where))),
    read: (name: string) => read(fd(name)),
    readdir: (name: string) => readdir(fd(name)),
    fstat: (name: string) => fstat(fd(name)),
    ftimes: (name: string) => resultOf(call.fd_filestat_set_times(fd(name), someTime, someTime, setBoth)),
    rights: (name: string) =>
      resultOf(call.fd_fdstat_get(fd(name), at.stat), () => {
        const held =
          view().getBigUint64(at.stat + fdstat.fs_rights_base, true) |
          view().getBigUint64(at.stat + fdstat.fs_rights_inheriting, true);
        return changing.filter((right) => held & BigInt(rights(right))).join(",");
      }),
    claim: (name: string) => resultOf(call.fd_fdstat_set_rights(fd(name), all, all)),
    close: (name: string) => resultOf(call.fd_close(fd(name))),
    write(name: string, content: string) {
      vector(put(at.buffer, content));
      return resultOf(call.fd_write(fd(name), at.vector, 1, at.result));
    },
    truncate: (name: string, size: number) => resultOf(call.fd_filestat_set_size(fd(name), BigInt(size))),
    allocate: (name: string, size: number) => resultOf(call.fd_allocate(fd(name), 0n, BigInt(size))),
    renumber: (from: string, to: string) => resultOf(call.fd_renumber(fd(from), fd(to))),
  };

  return { observed, make: ([name, ...args]) => make[name](...args) };
}

/** The lookup flags come between the descriptor and the path. */
function directed([fd, path, size]: [number, number, number], flags: number): [number, number, number, number] {
  return [fd, flags, path, size];
}

function split(flags: string): Set<string> {
  const words = new Set(flags.split(" ").filter((word) => word !== ""));
  const unknown = [...words].filter((word) => !openFlags.has(word));
  if (unknown.length > 0) throw new Error(`no such flag: ${unknown.join(" ")}`);
  return words;
}

const bits = (words: Set<string>, values: Record<string, number>): number =>
  Object.entries(values).reduce((sum, [word, bit]) => (words.has(word) ? sum | bit : sum), 0);

function resultOf(code: number, result?: () => string): CallResult {
  const name = errnoNames.get(code);
  if (name === undefined) throw new Error(`a call gave ${code}, which is no errno`);
  return name === "success" && result ? { errno: name, text: result() } : { errno: name };
}
