import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from "node:fs";
import type { Stats } from "node:fs";
import type { StreamSink, StreamSource } from "../stdio.ts";
import { onHost } from "./host/error.ts";

// Descriptors of the host, as streams of a guest. A run can be ended while it
// waits in JavaScript, and not while it waits in the system. So nothing here
// waits there: a descriptor that would make us wait is asked again and again.

/** Between two questions, in milliseconds. */
const pauseMs = 2;
const sleeping = new Int32Array(new SharedArrayBuffer(4));
const pause = (ms = pauseMs): void => void Atomics.wait(sleeping, 0, 0, ms);

/** Reads a descriptor of the host. */
export function hostInput(fd: number): Required<StreamSource> {
  let source: NonBlocking | undefined;
  const open = (): NonBlocking => (source ??= openNonBlocking(fd, fstatSync(fd), constants.O_RDONLY));
  /** A byte that was read to find out whether there are any: no more, since the rest may be meant for another program. */
  const peeked = new Uint8Array(1);
  let peekedSize = 0;
  let isAtEnd = false;

  return {
    isTerminal: () => isTerminal(fd),
    poll(timeoutNs) {
      const deadline = process.hrtime.bigint() + timeoutNs;
      while (peekedSize === 0 && !isAtEnd) {
        const count = tryMove(() => readSync(open().fd, peeked));
        if (count === undefined) {
          if (process.hrtime.bigint() >= deadline) return undefined;
          pause();
        } else if (count === 0) isAtEnd = true;
        else peekedSize = count;
      }
      return { nbytes: BigInt(peekedSize), isHangup: isAtEnd };
    },
    read(into) {
      // The end of a terminal's input is not the end for good.
      isAtEnd = false;
      if (peekedSize === 0) return move(() => readSync(open().fd, into));
      into.set(peeked);
      peekedSize = 0;
      return 1 + (tryMove(() => readSync(open().fd, into.subarray(1))) ?? 0);
    },
    close: () => source?.close(),
  };
}

/** Writes to a descriptor of the host. */
export function hostOutput(fd: number): Required<StreamSink> {
  let sink: Sink | undefined;
  let target: NonBlocking | undefined;
  // All of it, as a descriptor that waits would: many a guest never looks at how much was written.
  const write = (from: Uint8Array): number => {
    for (let done = 0; done < from.length;) done += move(() => writeSync((target as NonBlocking).fd, from, done));
    return from.length;
  };
  // What it leads to is asked at the first write: stderr most often has none.
  const open = (): Sink => {
    const stats = onHost(() => fstatSync(fd));
    const isBuffered = isStorage(stats);
    target = isBuffered ? asItIs(fd) : openNonBlocking(fd, stats, constants.O_WRONLY);
    return isBuffered ? buffer(write) : { write };
  };
  return {
    isTerminal: () => isTerminal(fd),
    write: (from) => (sink ??= open()).write(from),
    flush: () => sink?.flush?.(),
    close: () => target?.close(),
  };
}

// node:tty loads the network as well, which takes longer than a short guest
// runs; most guests never ask.
const isTerminal = (fd: number): boolean => process.getBuiltinModule("node:tty").isatty(fd);

/** A descriptor that does not wait in the system, if there is a way to have that. */
interface NonBlocking {
  readonly fd: number;
  close(): void;
}

/**
 * Pipes and terminals are opened once more, so that reading one that is empty,
 * or writing to one that is full, returns at once. The descriptor itself is left
 * as it is, for it is shared with the processes that we have it from. A socket
 * can't be opened once more, so it is changed; Node changes its own 0, 1 and 2
 * back when the process ends.
 */
function openNonBlocking(fd: number, stats: Stats, access: number): NonBlocking {
  if (stats.isFile()) return asItIs(fd);
  const flags = access | constants.O_NONBLOCK | constants.O_NOCTTY;
  const again = tryOpen(`/proc/self/fd/${fd}`, flags);
  if (again) return again;
  // A terminal of another user can be opened as the one that controls this process, if it is that.
  const terminal = stats.isCharacterDevice() && isTerminal(fd) ? tryOpen("/dev/tty", flags) : undefined;
  if (terminal) return terminal;
  if (stats.isSocket() || stats.isFIFO()) setNonBlocking(fd, stats);
  return asItIs(fd);
}

const asItIs = (fd: number): NonBlocking => ({ fd, close() {} });

function tryOpen(path: string, flags: number): NonBlocking | undefined {
  try {
    const fd = openSync(path, flags);
    return { fd, close: () => closeSync(fd) };
  } catch {
    return undefined;
  }
}

/** What was changed already, so that a thousand runs take one object between them. */
const changed = new Map<string, unknown>();

/** Node sets a descriptor to non-blocking for a socket that it is given. It would close it as well, so that one is kept. */
function setNonBlocking(fd: number, { dev, ino }: Stats): void {
  const key = `${fd} ${dev} ${ino}`;
  if (changed.has(key)) return;
  const { Socket } = process.getBuiltinModule("node:net");
  try {
    const socket = new Socket({ fd, readable: false, writable: false });
    socket.unref();
    changed.set(key, socket);
  } catch {
    // Of a kind that Node does not know: reads wait in the system then.
  }
}

/** Reads or writes. `undefined` if it would have to wait. */
function tryMove(step: () => number): number | undefined {
  return onHost(() => {
    try {
      return step();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") return undefined;
      if (code === "EOF") return 0; // Windows: the end of a pipe
      throw error;
    }
  });
}

/** The same, and waits. */
function move(step: () => number): number {
  for (;;) {
    const count = tryMove(step);
    if (count !== undefined) return count;
    pause(1);
  }
}

/** Where written bytes go. */
interface Sink {
  write(from: Uint8Array): number;
  /** Passes on what was buffered. */
  flush?(): void;
}

const nullDevice = process.platform === "win32" ? "\\\\.\\nul" : "/dev/null";

/** A file or the null device, where nobody waits for each line: many small writes become one. */
const isStorage = (stats: Stats): boolean =>
  stats.isFile() || (stats.isCharacterDevice() && stats.rdev === statSync(nullDevice, { throwIfNoEntry: false })?.rdev);

function buffer(write: Sink["write"]): Sink {
  const buffered = Buffer.allocUnsafeSlow(1 << 14);
  let [start, end] = [0, 0];
  const flush = (): void => {
    try {
      // A run may be ended in here: what was written must not be written again.
      while (start < end) start += write(buffered.subarray(start, end));
    } finally {
      [start, end] = [0, 0]; // even if it fails: once is enough
    }
  };
  return {
    flush,
    write(from) {
      if (from.length > buffered.length - end) flush();
      if (from.length > buffered.length) return write(from);
      buffered.set(from, end);
      end += from.length;
      return from.length;
    },
  };
}
