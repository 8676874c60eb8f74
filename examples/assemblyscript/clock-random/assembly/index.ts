import { clockid } from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";
import { fillRandom, read, sleep } from "./system";
import { print } from "./output";

const second: u64 = 1_000_000_000; // in nanoseconds

// The time of day. Somebody may set this clock, forwards or back.
const now = read(clockid.REALTIME);
print(1, `time: ${now / second} s and ${now % second} ns since 1970\n`);

// A clock that nobody sets, and that only goes forwards: for durations.
const before = read(clockid.MONOTONIC);
const after = read(clockid.MONOTONIC);
print(1, `between two readings: ${after - before} ns\n`);

// One second, or a little more.
sleep(second);
print(1, `asleep for a second: ${read(clockid.MONOTONIC) - after} ns\n`);

const bytes = new StaticArray<u8>(16);
fillRandom(bytes);
const digits = "0123456789abcdef";
let hex = "";
for (let i = 0; i < bytes.length; i++) {
  hex += digits.charAt(bytes[i] >> 4) + digits.charAt(bytes[i] & 15);
}
print(1, `random: ${hex}\n`);
