import { fstatSync, readFileSync, readSync, statSync, writeSync } from "node:fs";
import type { Stream } from "./descriptors.ts";
import { WasiKitError } from "./error.ts";
import { CallError } from "./guest.ts";
import type { Input, Output } from "./options.ts";
import { errno } from "./preview1/errno.ts";
import { rights } from "./preview1/rights.ts";
import type { Rights } from "./preview1/rights.ts";

/** What can be done to a stream. */
export const streamRights: { read: Rights; write: Rights } = {
  read: rights("fd_read", "fd_fdstat_set_flags", "fd_filestat_get", "poll_fd_readwrite"),
  write: rights("fd_write", "fd_fdstat_set_flags", "fd_filestat_get", "fd_sync", "fd_datasync", "poll_fd_readwrite"),
};

const reading = { kind: "stream", base: streamRights.read, inheriting: 0, flags: 0 } as const;
const writing = { kind: "stream", base: streamRights.write, inheriting: 0, flags: 0 } as const;

/** The stream for what a run was granted as stdin. */
export function input(from: Input): Stream {
  if (typeof from === "string" || from instanceof Uint8Array) return memoryInput(from);
  return "fd" in from ? hostInput(from.fd) : memoryInput(readInput(from.file));
}

function readInput(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new WasiKitError("E_STDIN", `The file ${file}, which is to be stdin, can't be read (${code}).`, { cause });
  }
}

function memoryInput(content: string | Uint8Array): Stream {
  let rest = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    ...reading,
    isTerminal: () => false,
    read(into) {
      const chunk = rest.subarray(0, into.length);
      into.set(chunk);
      rest = rest.subarray(chunk.length);
      return chunk.length;
    },
    atEnd: () => rest.length === 0,
  };
}

/** The stream for what a run was granted as stdout or stderr; what is captured goes to the end of a list. */
export function output(where: Output, captured: Uint8Array[]): Stream {
  if (where !== "capture") return hostOutput(where.fd);
  return {
    ...writing,
    isTerminal: () => false,
    write(from) {
      captured.push(from.slice());
      return from.length;
    },
  };
}

function hostInput(fd: number): Stream {
  return {
    ...reading,
    isTerminal: () => isTerminal(fd),
    hostInput: fd,
    read: (into) => retry(() => readSync(fd, into)),
  };
}

function hostOutput(fd: number): Stream {
  const write = (from: Uint8Array): number => retry(() => writeSync(fd, from));
  // What it leads to is asked at the first write: stderr most often has none.
  let sink: Sink | undefined;
  return {
    ...writing,
    isTerminal: () => isTerminal(fd),
    write: (from) => (sink ??= isStorage(fd) ? holdBack(write) : { write }).write(from),
    flush: () => sink?.flush?.(),
  };
}

/** Where written bytes go. */
interface Sink {
  write(from: Uint8Array): number;
  /** Passes on what was held back. */
  flush?(): void;
}

// node:tty brings the network along, which takes longer to load than a short
// guest to run; most guests never ask.
const isTerminal = (fd: number): boolean => process.getBuiltinModule("node:tty").isatty(fd);

const nullDevice = process.platform === "win32" ? "\\\\.\\nul" : "/dev/null";

/** A file or the null device, where nobody waits for each line: many small writes become one. */
function isStorage(fd: number): boolean {
  const is = fstatSync(fd);
  return is.isFile() || (is.isCharacterDevice() && is.rdev === statSync(nullDevice, { throwIfNoEntry: false })?.rdev);
}

function holdBack(write: Sink["write"]): Sink {
  const held = Buffer.allocUnsafe(1 << 16);
  let size = 0;
  const flush = (): void => {
    const rest = held.subarray(0, size);
    size = 0; // also where it fails: once is enough
    for (let start = 0; start < rest.length;) start += write(rest.subarray(start));
  };
  return {
    flush,
    write(from) {
      if (from.length > held.length - size) flush();
      if (from.length > held.length) return write(from);
      held.set(from, size);
      size += from.length;
      return from.length;
    },
  };
}

// A descriptor that the parent shares may be non-blocking (a pipe or a terminal
// often is); the guest's call blocks, so wait a little and ask again.
function retry(move: () => number): number {
  for (;;) {
    try {
      return move();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0; // Windows: the end of a pipe
      if (code !== "EAGAIN") throw new CallError(code === "EPIPE" ? errno.pipe : errno.io);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
