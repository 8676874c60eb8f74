import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRealtime } from "../src/realtime.ts";

const start = Date.UTC(2024, 1, 29);
const nanoseconds = (ms: number): bigint => BigInt(ms) * 1_000_000n;

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"], now: start }));
afterEach(() => vi.useRealTimers());

test("begins at the host's time of day", () => {
  const now = createRealtime(() => 5n);
  expect(now()).toBe(nanoseconds(start));
});

test("advances by the steps of the monotonic clock between the host's milliseconds", () => {
  let steps = 1000n;
  const now = createRealtime(() => steps);
  const first = now();
  steps += 7n;
  expect(now() - first).toBe(7n);
  steps += 1_999_993n;
  // The host's clock still says the same: it is two milliseconds behind, which is allowed.
  expect(now() - first).toBe(2_000_000n);
});

test.each([
  ["ahead by what is allowed", 2, 0],
  ["ahead by more", 3, 3],
  ["behind by what is allowed", -2, 0],
  ["behind by more", -3, -3],
])("the host's clock, %s", (_, setBy, followedBy) => {
  const now = createRealtime(() => 1000n);
  const first = now();
  vi.setSystemTime(start + setBy);
  expect(now() - first).toBe(nanoseconds(followedBy));
});

test("goes on from the time that the host's clock was set to", () => {
  let steps = 0n;
  const now = createRealtime(() => steps);
  now();
  vi.setSystemTime(start + 60_000);
  now();
  steps = 9n;
  expect(now()).toBe(nanoseconds(start + 60_000) + 9n);
});
