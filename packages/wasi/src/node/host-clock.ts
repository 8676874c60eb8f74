import { readFileSync } from "node:fs";
import { clockid } from "../abi/layouts.ts";
import type { Clock } from "../clock.ts";
import { WasiError } from "../wasi-error.ts";

/** How far the time of day may be off what the host says before it is set anew, in nanoseconds. */
const maxDrift = 2_000_000n;
/** The longest time that `Atomics.wait` waits for, in milliseconds; a guest that sleeps longer is sent to sleep again. */
const maxSleepMs = 2_147_483_647;

const sleeping = new Int32Array(new SharedArrayBuffer(4));

/** The host's clocks. */
export function hostClock(): Clock {
  const realtime = createRealtime();
  const clocks: Record<number, { resolution: bigint; now: () => bigint }> = {
    [clockid.realtime]: { resolution: 1n, now: realtime },
    [clockid.monotonic]: { resolution: 1n, now: process.hrtime.bigint },
    [clockid.process_cputime]: { resolution: 1000n, now: processTime },
    [clockid.thread_cputime]: { resolution: 1000n, now: threadTime },
  };
  const clock = (id: number): (typeof clocks)[number] => {
    const found = clocks[id];
    if (!found) throw new WasiError("inval");
    return found;
  };
  const now = (id: number): bigint => clock(id).now();
  return {
    resolution: (id) => clock(id).resolution,
    read: now,
    now,
    sleep(duration) {
      Atomics.wait(sleeping, 0, 0, Math.min(Number(duration) / 1e6, maxSleepMs));
    },
    pollTimeout: (left) => left,
  };
}

/** The time of day to the nanosecond: `Date.now()` has milliseconds, so the steps between come from the monotonic clock. */
function createRealtime(): () => bigint {
  let offset: bigint | undefined;
  return () => {
    const monotonic = process.hrtime.bigint();
    const host = BigInt(Date.now()) * 1_000_000n;
    const drift = offset === undefined ? maxDrift : host - (monotonic + offset);
    // Were the host's clock set, this one follows.
    if (offset === undefined || drift > maxDrift || drift < -maxDrift) offset = host - monotonic;
    return monotonic + offset;
  };
}

function processTime(): bigint {
  const { user, system } = process.cpuUsage();
  return BigInt(user + system) * 1000n;
}

/** What this thread has used, which Linux tells; where nobody does, what the process has used. */
function threadTime(): bigint {
  try {
    return BigInt(readFileSync("/proc/thread-self/schedstat", "latin1").split(" ")[0] as string);
  } catch {
    return processTime();
  }
}
