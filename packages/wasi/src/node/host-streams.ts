import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from "node:fs";
import type { Stats } from "node:fs";
import type { StreamSink, StreamSource } from "../stdio.ts";
import { onHost } from "./host/error.ts";

// Descriptors of the host, as streams of a guest. A run can be stopped while it
// waits in JavaScript, but not while it waits in a system call. So no call here
// blocks: a descriptor that is not ready is tried again after a pause.

/** The pause between two tries, in milliseconds. */
const pauseMs = 2;
const sleeping = new Int32Array(new SharedArrayBuffer(4));
const pause = (ms = pauseMs): void => void Atomics.wait(sleeping, 0, 0, ms);

/** Reads a descriptor of the host. */
export function hostInput(fd: number): Required<StreamSource> {
  let source: NonBlocking | undefined;
  const open = (): NonBlocking => (source ??= openNonBlocking(fd, fstatSync(fd), constants.O_RDONLY));
  /** A byte that was read to find out whether there are any. Only one, since the rest may be meant for another program. */
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
      // A terminal can have more input after its end (Ctrl-D).
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
  // All of it, like a blocking descriptor: many guests ignore how much was written.
  const write = (from: Uint8Array): number => {
    for (let done = 0; done < from.length;) done += move(() => writeSync((target as NonBlocking).fd, from, done));
    return from.length;
  };
  // The descriptor is examined at the first write: most guests never write to stderr.
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

// node:tty loads node:net as well, which takes longer than a short guest runs,
// and most guests never ask.
const isTerminal = (fd: number): boolean => process.getBuiltinModule("node:tty").isatty(fd);

/** A descriptor that does not block, if the host can provide one. */
interface NonBlocking {
  readonly fd: number;
  close(): void;
}

/**
 * Pipes and terminals are opened again, non-blocking. The original descriptor is
 * not changed, since other processes share it. A socket can't be opened again, so
 * it is changed; Node restores its own descriptors 0, 1 and 2 at exit.
 */
function openNonBlocking(fd: number, stats: Stats, access: number): NonBlocking {
  if (stats.isFile()) return asItIs(fd);
  const flags = access | constants.O_NONBLOCK | constants.O_NOCTTY;
  const again = tryOpen(`/proc/self/fd/${fd}`, flags);
  if (again) return again;
  // A terminal of another user can still be opened as this process's controlling terminal.
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

/** The sockets that were changed already, so that a thousand runs share one object. */
const changed = new Map<string, unknown>();

/** A `Socket` sets its descriptor to non-blocking. It would close it when collected, so it is kept. */
function setNonBlocking(fd: number, { dev, ino }: Stats): void {
  const key = `${fd} ${dev} ${ino}`;
  if (changed.has(key)) return;
  const { Socket } = process.getBuiltinModule("node:net");
  try {
    const socket = new Socket({ fd, readable: false, writable: false });
    socket.unref();
    changed.set(key, socket);
  } catch {
    // A kind that Node does not support: reads block then.
  }
}

/** Reads or writes. @returns how many bytes, or `undefined` if it would block */
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

/** The same, but waits until it is possible. */
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
  /** Flushes what was buffered. */
  flush?(): void;
}

const nullDevice = process.platform === "win32" ? "\\\\.\\nul" : "/dev/null";

/** Whether it is a file or the null device. Nobody waits for single lines there, so small writes are buffered. */
const isStorage = (stats: Stats): boolean =>
  stats.isFile() || (stats.isCharacterDevice() && stats.rdev === statSync(nullDevice, { throwIfNoEntry: false })?.rdev);

function buffer(write: Sink["write"]): Sink {
  const buffered = Buffer.allocUnsafeSlow(1 << 14);
  let [start, end] = [0, 0];
  const flush = (): void => {
    try {
      // A run may be stopped here: what was written must not be written again.
      while (start < end) start += write(buffered.subarray(start, end));
    } finally {
      [start, end] = [0, 0]; // even if it fails: the error is reported once
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
