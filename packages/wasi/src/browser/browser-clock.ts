import { clockid } from "../abi/layouts.ts";
import type { Clock } from "../clock.ts";
import { createRealtime } from "../realtime.ts";
import { WasiError } from "../wasi-error.ts";

/** Browsers round their clocks, so that pages can't measure each other: none to more than a millisecond. */
const resolution = 1_000_000n;
/** The longest timeout of `Atomics.wait`, in milliseconds. `poll_oneoff` repeats a longer sleep. */
const maxSleepMs = 2_147_483_647;

/**
 * A browser's clocks. It does not say how much of its processor a page uses, so the CPU time is the time since the clock
 * was made.
 *
 * A guest that sleeps holds up its thread: in a worker it waits, in a page, which may not wait, it is busy until then.
 */
export function browserClock(): Clock {
  const started = monotonic();
  const sinceStart = (): bigint => monotonic() - started;
  const clocks: Readonly<Record<number, () => bigint>> = {
    [clockid.realtime]: createRealtime(monotonic),
    [clockid.monotonic]: monotonic,
    [clockid.process_cputime]: sinceStart,
    [clockid.thread_cputime]: sinceStart,
  };
  const now = (id: number): bigint => {
    const read = clocks[id];
    if (!read) throw new WasiError("inval");
    return read();
  };
  return {
    resolution(id) {
      now(id);
      return resolution;
    },
    read: now,
    now,
    sleep: (duration) => sleep(Math.min(Number(duration) / 1e6, maxSleepMs)),
    pollTimeout: (left) => left,
  };
}

const monotonic = (): bigint => BigInt(Math.round(performance.now() * 1e6));

let sleeping: Int32Array | undefined;

function sleep(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  try {
    Atomics.wait((sleeping ??= sharedCell()), 0, 0, milliseconds);
  } catch {
    // This thread may not wait.
  }
  while (performance.now() < end);
}

/** Only some pages have SharedArrayBuffer. A memory that is shared, and that no other thread gets, is there for all. */
function sharedCell(): Int32Array {
  const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  return new Int32Array(buffer);
}
