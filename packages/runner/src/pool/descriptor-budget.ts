import { readdirSync, readFileSync } from "node:fs";
import { WasiKitError } from "../error.ts";

// A worker has descriptors of its own, and the number that a process may have is limited (ulimit -n). When they are used
// up Node.js can't start a worker, and may not even report it.

/** How many a worker holds: four on Node.js 20, five from 22 on. */
const perWorker = 5;
/** What is left for guests and for the program itself. A worker that starts opens more than 40 files at once on Node.js 20. */
const reserved = 64;

/** How many descriptors this process may have, and how many it has. */
interface DescriptorCount {
  readonly limit: number;
  readonly open: number;
}

/** Workers that are about to take descriptors, or to give them back: those of all pools in this thread. */
const pending = { starts: 0, ends: 0 };
const listeners = new Set<() => void>();

/** Counts a worker that is starting, or ending, until a promise is fulfilled, which must not reject. */
export async function trackPending(what: keyof typeof pending, until: Promise<unknown>): Promise<void> {
  pending[what]++;
  await until;
  pending[what]--;
  const called = [...listeners];
  listeners.clear();
  for (const listener of called) listener();
}

/** Calls a listener once, when the next worker has started or ended. Returns whether there is one to wait for. */
export function onNextChange(listener: () => void): boolean {
  if (pending.starts + pending.ends === 0) return false;
  listeners.add(listener);
  return true;
}

/** Why there are too few descriptors for one more worker; undefined if they suffice. */
export function tooFewDescriptors(): WasiKitError | undefined {
  const { limit, open } = countDescriptors();
  const needed = perWorker + reserved;
  if (limit - open >= needed * (pending.starts + 1)) return undefined;
  return descriptorsError(
    `To start a worker takes ${needed} descriptors, of which it keeps ${perWorker}, and this process has ${Math.max(limit - open, 0)} left: ` +
      `it may have ${limit}, and ${open} are open.`,
  );
}

/** The error of a worker that could not start. Node's own says which file could not be opened, and not why. */
export const explainStartFailure = (error: Error): Error =>
  /\bEMFILE\b|too many open files/.test(error.message)
    ? descriptorsError("This process has no descriptor left, so that a worker could not start.", error)
    : error;

const descriptorsError = (what: string, cause?: Error): WasiKitError =>
  new WasiKitError(
    "E_DESCRIPTORS",
    `${what}\nRaise the limit (ulimit -n 4096), or close files and pools that are not needed any more.`,
    cause && { cause },
  );

function countDescriptors(): DescriptorCount {
  try {
    const [, limit] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1")) ?? [];
    // The list itself is open while it is read.
    return { limit: Number(limit ?? Infinity), open: readdirSync("/proc/self/fd").length - 1 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Without /proc the number is not known.
    return code === "EMFILE" ? { limit: 0, open: 0 } : { limit: Infinity, open: 0 };
  }
}
