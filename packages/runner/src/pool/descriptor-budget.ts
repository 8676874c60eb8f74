import { readdirSync, readFileSync } from "node:fs";
import { WasiKitError } from "../error.ts";

// A worker has descriptors of its own, and a process may have so many (ulimit -n). Where they are used up Node.js can't
// start a worker, and may not even say so.

/** How many a worker holds: four on Node.js 20, five from 22 on. */
const held = 5;
/** What is left for guests and for the program itself. A worker that starts opens up to 26 files at once on Node.js 20. */
const reserve = 32;

/** How many descriptors this process may have and has. */
interface Descriptors {
  readonly limit: number;
  readonly open: number;
}

/** Workers that are about to take descriptors, or to give them back: of all pools in this thread. */
const underWay = { starts: 0, ends: 0 };
const listeners = new Set<() => void>();

/** Says that a worker is starting, or ending, until a promise that never fails is kept. */
export async function isUnderWay(what: keyof typeof underWay, until: Promise<unknown>): Promise<void> {
  underWay[what]++;
  await until;
  underWay[what]--;
  const told = [...listeners];
  listeners.clear();
  for (const tell of told) tell();
}

/** Calls back once, when the next worker has started or ended; says whether there is one to wait for. */
export function atNextChange(tell: () => void): boolean {
  if (underWay.starts + underWay.ends === 0) return false;
  listeners.add(tell);
  return true;
}

/** Why there are too few descriptors for one more worker; undefined where they suffice. */
export function tooFewDescriptors(): WasiKitError | undefined {
  const { limit, open } = countDescriptors();
  const needed = held + reserve;
  if (limit - open >= needed * (underWay.starts + 1)) return undefined;
  return descriptorsError(
    `To start a worker takes ${needed} descriptors, of which it keeps ${held}, and this process has ${Math.max(limit - open, 0)} left: ` +
      `it may have ${limit}, and ${open} are open.`,
  );
}

/** The error of a worker that could not start: Node's own says what was to be opened, and not why. */
export const workerFailed = (error: Error): Error =>
  /\bEMFILE\b|too many open files/.test(error.message)
    ? descriptorsError("This process has no descriptor left, so that a worker could not start.", error)
    : error;

const descriptorsError = (what: string, cause?: Error): WasiKitError =>
  new WasiKitError(
    "E_DESCRIPTORS",
    `${what}\nRaise the limit (ulimit -n 4096), or close files and pools that are not needed any more.`,
    cause && { cause },
  );

function countDescriptors(): Descriptors {
  try {
    const [, limit] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1")) ?? [];
    // The list itself is open while it is read.
    return { limit: Number(limit ?? Infinity), open: readdirSync("/proc/self/fd").length - 1 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Where there is no /proc nobody tells.
    return code === "EMFILE" ? { limit: 0, open: 0 } : { limit: Infinity, open: 0 };
  }
}
