import {
  clock_time_get,
  clockid,
  errno,
  event,
  eventtype,
  poll_oneoff,
  random_get,
  subscription_clock,
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";
import { print } from "./output";

// Memory that is set aside when the module is compiled, for what a call takes
// and gives back. It is no object, so the garbage collector leaves it alone.
const time = memory.data(sizeof<u64>(), 8);
const wish = changetype<subscription_clock>(memory.data(offsetof<subscription_clock>(), 8));
const happened = changetype<event>(memory.data(offsetof<event>(), 8));
const count = memory.data(sizeof<usize>());

/**
 * What a clock shows, in nanoseconds. (Date.now and performance.now belong to
 * the language and come from here as well, in milliseconds.)
 */
export function read(clock: clockid): u64 {
  // 1 is how exact it should be, in nanoseconds: as exact as the host can.
  must("clock", clock_time_get(clock, 1, time));
  return load<u64>(time);
}

/**
 * Lets the program sleep. WASI has no call for that alone: poll_oneoff waits
 * until one of some events has happened, here of one, that a clock has gone on.
 */
export function sleep(nanoseconds: u64): void {
  wish.type = eventtype.CLOCK;
  wish.clock_id = clockid.MONOTONIC;
  wish.timeout = nanoseconds; // from now on, as the flags are 0
  must("sleep", poll_oneoff(changetype<usize>(wish), changetype<usize>(happened), 1, count));
  must("sleep", happened.error);
}

/** As many random bytes as an array has room for. */
export function fillRandom(bytes: StaticArray<u8>): void {
  must("random", random_get(changetype<usize>(bytes), bytes.length));
}

/** Goes on where a call gave back no error. */
function must(what: string, error: errno): void {
  if (error == errno.SUCCESS) return;
  print(2, `clock-random: ${what}: error ${error}\n`);
  process.exit(1);
}
