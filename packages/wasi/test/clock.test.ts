import { expect, test } from "vitest";
import { clockid } from "../src/abi/layouts.ts";
import { fixedClock } from "../src/clock.ts";
import { WasiError } from "../src/wasi-error.ts";

const { realtime, monotonic, process_cputime, thread_cputime } = clockid;
const start = "2020-07-01T00:00:00.000Z";
const origin = BigInt(Date.parse(start)) * 1_000_000n;
/** Not zero: Go ends a program whose monotonic clock shows that. */
const second = 1_000_000_000n;

test("starts where it is told, and each reading of any clock advances all of them", () => {
  const { read } = fixedClock({ start, stepMs: 1.5 });
  const step = 1_500_000n;
  const readings = [realtime, realtime, monotonic, process_cputime, thread_cputime, realtime].map((id) => read(id));
  expect(readings).toEqual([origin, origin + step, second + 2n * step, 3n * step, 4n * step, origin + 5n * step]);
});

test("steps by a millisecond unless it is told otherwise, and can stand still", () => {
  const [usual, still] = [fixedClock({ start }), fixedClock({ start, stepMs: 0 })];
  expect([usual.read(0), usual.read(0)]).toEqual([origin, origin + 1_000_000n]);
  expect([still.read(1), still.read(1)]).toEqual([second, second]);
  expect([usual.resolution(1), still.resolution(1)]).toEqual([1_000_000n, 1n]);
});

test("comparing with a deadline is no reading, and sleeping takes the time that it takes", () => {
  const clock = fixedClock({ start });
  expect([clock.now(monotonic), clock.now(monotonic)]).toEqual([second, second]);
  clock.sleep(5n * second);
  expect([clock.now(monotonic), clock.now(realtime)]).toEqual([6n * second, origin + 5n * second]);
});

test("input is never waited for", () => {
  expect(fixedClock({ start }).pollTimeout(10n)).toBe(0n);
});

test.each([-1, 4])("there is no clock %d", (id) => {
  const { read, now, resolution } = fixedClock({ start });
  for (const ask of [read, now, resolution]) expect(() => ask(id)).toThrow(new WasiError("inval"));
});
