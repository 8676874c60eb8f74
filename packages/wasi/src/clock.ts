import { clockid } from "./abi/layouts.ts";
import { WasiError } from "./wasi-error.ts";

/** What a guest reads the time from, and waits by. Times are in nanoseconds. */
export interface Clock {
  /** The smallest step of a clock. @throws WasiError `inval` for a clock that there is not */
  resolution(id: number): bigint;
  /** What the guest gets when it reads a clock. @throws WasiError `inval` for a clock that there is not */
  read(id: number): bigint;
  /** The time that deadlines are compared with. @throws WasiError `inval` for a clock that there is not */
  now(id: number): bigint;
  /** Waits. */
  sleep(duration: bigint): void;
  /** How long a poll may wait for input, of the time that is left until its deadline. */
  pollTimeout(left: bigint): bigint;
}

/** A clock that starts at a time and advances with each reading. Waiting takes no time, and advances it as well. */
export interface FixedClock {
  /** What the first reading gives: an ISO 8601 time. */
  readonly start: string;
  /** How far each reading advances, in milliseconds. Default: 1. */
  readonly stepMs?: number;
}

/**
 * A clock that gives the same times in every run. The monotonic clock and those
 * of the processor start at zero.
 */
export function fixedClock({ start, stepMs = 1 }: FixedClock): Clock {
  const step = BigInt(Math.round(stepMs * 1e6));
  const origin = BigInt(new Date(start).getTime()) * 1_000_000n;
  let passed = 0n;
  const now = (id: number): bigint => {
    if (id === clockid.realtime) return origin + passed;
    if (id > clockid.realtime && id <= clockid.thread_cputime) return passed;
    throw new WasiError("inval");
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
    pollTimeout: () => 0n,
  };
}
