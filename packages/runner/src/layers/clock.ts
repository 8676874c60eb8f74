import { CallError } from "../guest.ts";
import type { FixedClock } from "../options.ts";
import { errno } from "../preview1/errno.ts";
import type { Preview1 } from "../preview1/functions.ts";
import { clockid } from "../preview1/layouts.ts";
import { scratch } from "../scratch.ts";

/** What tells a guest the time, and lets it pass. Times are in nanoseconds; an unknown clock ends the call. */
export interface Clock {
  /** The smallest step of a clock. */
  resolution(id: number): bigint;
  /** What the guest is told when it asks. */
  read(id: number): bigint;
  /** What time it is, for one who waits. */
  now(id: number): bigint;
  /** Waits. */
  sleep(duration: bigint): void;
  /** How long to wait for the host's input, of the time that is left. */
  patience(left: bigint): bigint;
}

/** The longest wait there is at a time, in milliseconds; who sleeps for longer looks at the time and sleeps again. */
const longestNap = 2_147_483_647;
const nap = new Int32Array(new SharedArrayBuffer(4));

/** The host's clocks. Sleeping is ours: a guest that sleeps in node:wasi can't be ended. */
export function hostClock(native: Preview1): Clock {
  const now = (id: number): bigint => given(native.clock_time_get(id, 0n, scratch.out));
  return {
    resolution: (id) => given(native.clock_res_get(id, scratch.out)),
    read: now,
    now,
    sleep(duration) {
      Atomics.wait(nap, 0, 0, Math.min(Number(duration) / 1e6, longestNap));
    },
    patience: (left) => left,
  };
}

/** What a call of node:wasi's gave. */
function given(code: number): bigint {
  if (code !== errno.success) throw new CallError(code);
  return scratch.view.getBigUint64(scratch.out, true);
}

/**
 * A clock that gives the same times in every run: it starts where it was told,
 * advances with each reading, and a sleep is over at once, with the time that
 * it should have taken gone by. The monotonic clock and those of the processor
 * start at zero.
 */
export function fixedClock({ start, stepMs = 1 }: FixedClock): Clock {
  const step = BigInt(Math.round(stepMs * 1e6));
  const origin = BigInt(new Date(start).getTime()) * 1_000_000n;
  let passed = 0n;
  const now = (id: number): bigint => {
    if (id === clockid.realtime) return origin + passed;
    if (id > clockid.realtime && id <= clockid.thread_cputime) return passed;
    throw new CallError(errno.inval);
  };
  return {
    resolution(id) {
      now(id);
      return step > 0n ? step : 1n;
    },
    read(id) {
      const time = now(id);
      passed += step;
      return time;
    },
    now,
    sleep(duration) {
      passed += duration;
    },
    // Input that is not there yet loses against a clock: a wait would depend on the host.
    patience: () => 0n,
  };
}
