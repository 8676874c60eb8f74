import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from "node:fs";
import type { Stats } from "node:fs";
import type { Stream } from "./descriptors.ts";
import { CallError } from "./guest.ts";
import type { Readiness } from "./options.ts";
import { errno, errnoOf } from "./preview1/errno.ts";
import type { Preview1 } from "./preview1/functions.ts";
import { eventrwflags } from "./preview1/flags.ts";
import { event, eventtype, subscription } from "./preview1/layouts.ts";
import { scratch } from "./scratch.ts";

// Descriptors of the host, as streams of a guest. A run can be ended while it
// waits in JavaScript, and not while it waits in the system: so nothing here
// waits there for longer than a moment.

/** How long to wait in the system at a time, in nanoseconds. */
const moment = 5_000_000n;
const nap = new Int32Array(new SharedArrayBuffer(4));

/** Reads a descriptor of the host. Its number is also what node:wasi has as 0. */
export function hostInput(
  fd: number,
  native: Preview1,
): Required<Pick<Stream, "isTerminal" | "read" | "poll" | "close">> {
  let source: Unblocked | undefined;
  const poll = (patience: bigint): Readiness | undefined => pollInput(native, patience < moment ? patience : moment);
  const waitForInput = (): void => {
    while (!poll(moment));
  };
  return {
    isTerminal: () => isTerminal(fd),
    poll,
    read(into) {
      source ??= unblock(fd, fstatSync(fd), constants.O_RDONLY);
      if (source.mayWait) waitForInput();
      return retry(() => readSync(source!.fd, into), waitForInput);
    },
    close: () => source?.close(),
  };
}

/** Writes to a descriptor of the host. */
export function hostOutput(fd: number): Required<Pick<Stream, "isTerminal" | "write" | "flush" | "close">> {
  let sink: Sink | undefined;
  let target: Unblocked | undefined;
  // All of it, as a descriptor that waits would: many a guest never looks at how much was written.
  const write = (from: Uint8Array): number => {
    for (let done = 0; done < from.length;) {
      done += retry(
        () => writeSync(target!.fd, from, done),
        () => void Atomics.wait(nap, 0, 0, 1),
      );
    }
    return from.length;
  };
  // What it leads to is asked at the first write: stderr most often has none.
  const open = (): Sink => {
    const is = fstatSync(fd);
    target = unblock(fd, is, constants.O_WRONLY);
    return isStorage(is) ? holdBack(write) : { write };
  };
  return {
    isTerminal: () => isTerminal(fd),
    write: (from) => (sink ??= open()).write(from),
    flush: () => sink?.flush?.(),
    close: () => target?.close(),
  };
}

// node:tty brings the network along, which takes longer to load than a short
// guest to run; most guests never ask.
const isTerminal = (fd: number): boolean => process.getBuiltinModule("node:tty").isatty(fd);

/** A descriptor that does not wait in the system, if that can be had. */
interface Unblocked {
  fd: number;
  /** It may, and has to be asked before each read. */
  mayWait: boolean;
  close(): void;
}

/**
 * Pipes and terminals are opened anew, so that reading one that is empty or
 * writing to one that is full comes back at once. The descriptor itself is left
 * as it is, for it is shared with the processes that we got it from. Linux
 * alone has such names for descriptors.
 */
function unblock(fd: number, is: Stats, access: number): Unblocked {
  const same = { fd, close() {} };
  if (is.isFile()) return { ...same, mayWait: false };
  if (process.platform === "linux" && (is.isFIFO() || is.isCharacterDevice())) {
    try {
      const own = openSync(`/proc/self/fd/${fd}`, access | constants.O_NONBLOCK | constants.O_NOCTTY);
      return { fd: own, mayWait: false, close: () => closeSync(own) };
    } catch {
      // No /proc, or a terminal of another user's.
    }
  }
  return { ...same, mayWait: true };
}

/** Calls the host until it does not say that it would have to wait. */
function retry(move: () => number, wait: () => void): number {
  for (;;) {
    try {
      return move();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0; // Windows: the end of a pipe
      if (code !== "EAGAIN") throw new CallError(errnoOf(error));
      wait();
    }
  }
}

/** Asks node:wasi, whose descriptor 0 is the host's input, together with a clock. */
function pollInput(native: Preview1, patience: bigint): Readiness | undefined {
  const { view, bytes, data, out } = scratch;
  const result = data + 2 * subscription.size;
  bytes.fill(0, data, result);
  view.setUint8(data + subscription.tag, eventtype.fd_read);
  view.setUint8(data + subscription.size + subscription.tag, eventtype.clock);
  view.setUint32(data + subscription.size + subscription.clock, 1, true);
  // A clock that is over at once would win against input that is there.
  view.setBigUint64(data + subscription.size + subscription.timeout, patience > 0n ? patience : 1_000_000n, true);
  // Regular files can't be asked about, and are always ready.
  if (native.poll_oneoff(data, result, 2, out) !== errno.success) return { nbytes: 1n, isHangup: false };
  for (let i = 0; i < view.getUint32(out, true); i++) {
    const at = result + i * event.size;
    if (view.getUint8(at + event.type) !== eventtype.fd_read) continue;
    return { nbytes: 1n, isHangup: (view.getUint16(at + event.flags, true) & eventrwflags.fd_readwrite_hangup) !== 0 };
  }
  return undefined;
}

/** Where written bytes go. */
interface Sink {
  write(from: Uint8Array): number;
  /** Passes on what was held back. */
  flush?(): void;
}

const nullDevice = process.platform === "win32" ? "\\\\.\\nul" : "/dev/null";

/** A file or the null device, where nobody waits for each line: many small writes become one. */
function isStorage(is: Stats): boolean {
  return is.isFile() || (is.isCharacterDevice() && is.rdev === statSync(nullDevice, { throwIfNoEntry: false })?.rdev);
}

function holdBack(write: Sink["write"]): Sink {
  const held = Buffer.allocUnsafe(1 << 16);
  let [start, end] = [0, 0];
  const flush = (): void => {
    try {
      // A run may be ended in here: what was written must not be written again.
      while (start < end) start += write(held.subarray(start, end));
    } finally {
      [start, end] = [0, 0]; // also where it fails: once is enough
    }
  };
  return {
    flush,
    write(from) {
      if (from.length > held.length - end) flush();
      if (from.length > held.length) return write(from);
      held.set(from, end);
      end += from.length;
      return from.length;
    },
  };
}
