import { readFileSync } from "node:fs";
import { clockid } from "../abi/layouts.ts";
import type { Clock } from "../clock.ts";
import { createRealtime } from "../realtime.ts";
import { WasiError } from "../wasi-error.ts";

/** The longest timeout of `Atomics.wait`, in milliseconds. `poll_oneoff` repeats a longer sleep. */
const maxSleepMs = 2_147_483_647;

const sleeping = new Int32Array(new SharedArrayBuffer(4));

/** The host's clocks. */
export function hostClock(): Clock {
  const realtime = createRealtime(() => process.hrtime.bigint());
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

function processTime(): bigint {
  const { user, system } = process.cpuUsage();
  return BigInt(user + system) * 1000n;
}

/** The CPU time of this thread on Linux, and of the process on other systems. */
function threadTime(): bigint {
  try {
    return BigInt(readFileSync("/proc/thread-self/schedstat", "latin1").split(" ")[0] as string);
  } catch {
    return processTime();
  }
}
