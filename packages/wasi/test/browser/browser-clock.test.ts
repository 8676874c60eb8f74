import { afterEach, expect, test, vi } from "vitest";
import { clockid } from "../../src/abi/layouts.ts";
import { browserClock } from "../../src/browser/browser-clock.ts";
import { WasiError } from "../../src/wasi-error.ts";

// What a browser has of these functions, Node.js has too. tools/browser runs the same in a page and in a worker.

const { realtime, monotonic, process_cputime, thread_cputime } = clockid;
const all = [realtime, monotonic, process_cputime, thread_cputime];
const ms = 1_000_000n;

afterEach(() => {
  vi.restoreAllMocks();
});

test("the time of day is the host's", () => {
  const before = BigInt(Date.now()) * ms;
  const time = browserClock().read(realtime);
  expect(time).toBeGreaterThanOrEqual(before - 2n * ms);
  expect(time).toBeLessThanOrEqual(BigInt(Date.now() + 1) * ms + 2n * ms);
});

test("CPU time begins at zero, and goes on", () => {
  const clock = browserClock();
  const first = clock.read(process_cputime);
  expect(first).toBeLessThan(1000n * ms);
  clock.sleep(5n * ms);
  expect(clock.read(thread_cputime) - first).toBeGreaterThanOrEqual(5n * ms);
});

test.each([
  ["that may wait", () => {}],
  [
    "that may not",
    () =>
      vi.spyOn(Atomics, "wait").mockImplementation(() => {
        throw new TypeError("Atomics.wait cannot be called in this context");
      }),
  ],
])("a thread %s sleeps as long as it was asked to", (_, prepare) => {
  prepare();
  const clock = browserClock();
  const before = clock.now(monotonic);
  clock.sleep(20n * ms);
  const slept = clock.now(monotonic) - before;
  expect(slept).toBeGreaterThanOrEqual(20n * ms);
  expect(slept).toBeLessThan(10_000n * ms);
});

test("each clock has the resolution that browsers have at least", () => {
  expect(all.map(browserClock().resolution)).toEqual([ms, ms, ms, ms]);
  expect(browserClock().pollTimeout(7n)).toBe(7n);
});

test.each([-1, 4])("there is no clock %d", (id) => {
  const { read, now, resolution } = browserClock();
  for (const ask of [read, now, resolution]) expect(() => ask(id)).toThrow(new WasiError("inval"));
});
