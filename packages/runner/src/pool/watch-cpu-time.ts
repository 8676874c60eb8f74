import { cpuMsOf } from "../host/thread-cpu-time.ts";

/** How often to look at the least, in milliseconds: a guest that waits, with little left, is not looked at all the time. */
const minDelayMs = 5;

/**
 * Calls back once a thread has used so much CPU time from now on. It looks when
 * that can be at the earliest, and not before.
 *
 * @param thread - its name in /proc
 * @returns what stops it
 */
export function watchCpuTime(thread: string, maxMs: number, onExceeded: () => void): () => void {
  const before = cpuMsOf(thread) ?? 0;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const left = maxMs - ((cpuMsOf(thread) ?? before) - before);
    if (left <= 0) onExceeded();
    else timer = setTimeout(look, Math.min(Math.max(left, minDelayMs), 2_147_483_647));
  };
  look();
  return () => clearTimeout(timer);
}
