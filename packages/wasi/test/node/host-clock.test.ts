import { afterEach, expect, test, vi } from "vitest";
import { clockid } from "../../src/abi/layouts.ts";
import { hostClock } from "../../src/node/host-clock.ts";
import { WasiError } from "../../src/wasi-error.ts";

const { realtime, monotonic, process_cputime, thread_cputime } = clockid;
const ms = 1_000_000n;

afterEach(() => {
  vi.restoreAllMocks();
});

test("the time of day is the host's, to the nanosecond", () => {
  const { read, now } = hostClock();
  const before = BigInt(Date.now()) * ms;
  const times = Array.from({ length: 100 }, () => read(realtime));
  const after = BigInt(Date.now() + 1) * ms;
  for (const time of times) {
    expect(time >= before - 2n * ms && time <= after + 2n * ms, `${before} ${time} ${after}`).toBe(true);
  }
  expect(times.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(times);
  expect(times.some((time) => time % ms !== 0n)).toBe(true);
  expect(now(realtime)).toBeGreaterThanOrEqual(times.at(-1) as bigint);
});

test.each([3_600_000, -3_600_000])("a host's clock that is set %d ms on is followed", (by) => {
  const { read } = hostClock();
  const before = read(realtime);
  const dateNow = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => dateNow() + by);
  const moved = read(realtime) - before;
  expect(moved - BigInt(by) * ms).toBeLessThan(1000n * ms);
  expect(moved - BigInt(by) * ms).toBeGreaterThan(-3n * ms);
});

test("what the host rounds away is no step", () => {
  const hrtime = vi.spyOn(process.hrtime, "bigint");
  const host = vi.spyOn(Date, "now");
  const { read } = hostClock();
  const at = (monotonicNs: bigint, hostMs: number): bigint => {
    hrtime.mockReturnValue(monotonicNs);
    host.mockReturnValue(hostMs);
    return read(realtime);
  };
  expect(at(5n * ms, 1000)).toBe(1000n * ms);
  // Less than two milliseconds off, in either direction: the steps are those of the monotonic clock.
  expect(at(5n * ms + 1n, 1002)).toBe(1000n * ms + 1n);
  expect(at(8n * ms, 1001)).toBe(1003n * ms);
  // More than that: the host's clock was set.
  expect(at(8n * ms, 1006)).toBe(1006n * ms);
  expect(at(12n * ms, 1007)).toBe(1007n * ms);
});

test("the monotonic clock never runs back, and sleeping takes its time", () => {
  const clock = hostClock();
  const before = clock.now(monotonic);
  clock.sleep(20n * ms);
  const slept = clock.read(monotonic) - before;
  expect(slept).toBeGreaterThanOrEqual(19n * ms);
  // Nobody has slept for seconds.
  expect(slept).toBeLessThan(10_000n * ms);
  expect(clock.now(monotonic)).toBeGreaterThanOrEqual(before + slept);
});

test("processors are counted in use, not asleep", () => {
  const clock = hostClock();
  const cpu = (): [bigint, bigint] => [clock.read(process_cputime), clock.read(thread_cputime)];
  const [used, thread] = cpu();
  expect(used / ms).toBeLessThanOrEqual(
    BigInt(Math.ceil(process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000)),
  );
  expect(used).toBeGreaterThan(0n);
  expect(used % 1000n).toBe(0n);
  for (const start = process.hrtime.bigint(); process.hrtime.bigint() - start < 200n * ms;);
  const [later, laterThread] = cpu();
  expect(later).toBeGreaterThan(used);
  expect(laterThread).toBeGreaterThan(thread);
  expect(laterThread - thread).toBeLessThan(10_000n * ms);
});

test.runIf(process.platform === "linux")("a thread's time is its own", async () => {
  const clock = hostClock();
  // This process has other threads, which have been busy as well.
  expect(clock.read(thread_cputime)).not.toBe(clock.read(process_cputime));
  expect(clock.read(thread_cputime) % 1000n === 0n && clock.read(thread_cputime) % 1000n === 0n).toBe(false);
});

test("steps are as small as the host counts", () => {
  const { resolution } = hostClock();
  expect([realtime, monotonic, process_cputime, thread_cputime].map(resolution)).toEqual([1n, 1n, 1000n, 1000n]);
});

test("a poll may wait for all of the time that is left", () => {
  expect(hostClock().pollTimeout(7n)).toBe(7n);
});

test.each([-1, 4])("there is no clock %d", (id) => {
  const { read, now, resolution } = hostClock();
  for (const ask of [read, now, resolution]) expect(() => ask(id)).toThrow(new WasiError("inval"));
});
