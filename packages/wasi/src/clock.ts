import { clockid } from "./abi/layouts.ts";
import { WasiError } from "./wasi-error.ts";

/** The clocks of a guest, for reading the time and for waiting. Times are in nanoseconds. */
export interface Clock {
  /** The resolution of a clock. @throws WasiError `inval` for an unknown clock */
  resolution(id: number): bigint;
  /** Reads a clock for the guest. @throws WasiError `inval` for an unknown clock */
  read(id: number): bigint;
  /** The time that deadlines are compared with. @throws WasiError `inval` for an unknown clock */
  now(id: number): bigint;
  /** Waits for `duration` nanoseconds. */
  sleep(duration: bigint): void;
  /** How long a poll may wait for input if `left` nanoseconds are left until its deadline. */
  pollTimeout(left: bigint): bigint;
}

/** A clock that starts at a given time and advances with each reading. Waiting returns at once and advances it too. */
export interface FixedClock {
  /** The first reading: a time in ISO 8601. */
  readonly start: string;
  /** How far each reading advances the clock, in milliseconds. Default: 1. */
  readonly stepMs?: number;
}

/** What the monotonic clock shows first. Go's runtime takes zero for a clock that does not work. */
const monotonicStart = 1_000_000_000n;

/**
 * A clock that shows the same times in every run. The monotonic clock starts at
 * one second, and the CPU time clocks start at zero.
 */
export function fixedClock({ start, stepMs = 1 }: FixedClock): Clock {
  const step = BigInt(Math.round(stepMs * 1e6));
  const origin = BigInt(new Date(start).getTime()) * 1_000_000n;
  let passed = 0n;
  const now = (id: number): bigint => {
    if (id === clockid.realtime) return origin + passed;
    if (id === clockid.monotonic) return monotonicStart + passed;
    if (id > clockid.monotonic && id <= clockid.thread_cputime) return passed;
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
    // If there is no input yet, the clock event comes first: how long to wait would depend on the host.
    pollTimeout: () => 0n,
  };
}
