import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { SyncRunOptions } from "../../src/options.ts";
import { clockid, event, subscription } from "@wasi-kit/wasi/abi";
import { compile, runCalls } from "../helpers/run-calls.ts";
import type { Call } from "../helpers/run-calls.ts";
import { assemble, wasi } from "../../../wasm/test/helpers/assemble.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";
import { runSync } from "../../src/run.ts";

const start = "2020-07-01T00:00:00.000Z";
const origin = BigInt(Date.parse(start)) * 1_000_000n;
const { realtime, monotonic, process_cputime, thread_cputime } = clockid;

const times = async (calls: readonly Call[], clock: SyncRunOptions["clock"]): Promise<bigint[]> => {
  const { memory } = await runCalls(calls, clock ? { clock } : {});
  return calls.map((_, i) => memory.getBigUint64(i * 8, true));
};

test("a fixed clock starts where it was told, and each reading advances it", async () => {
  const calls = [realtime, realtime, monotonic, process_cputime, thread_cputime, realtime].map((id, i): Call => [
    "clock_time_get",
    id,
    0n,
    i * 8,
  ]);
  const step = 1_500_000n;
  expect(await times(calls, { start, stepMs: 1.5 })).toEqual([
    origin,
    origin + step,
    1_000_000_000n + 2n * step,
    3n * step,
    4n * step,
    origin + 5n * step,
  ]);
  expect(await times(calls.slice(0, 2), { start })).toEqual([origin, origin + 1_000_000n]);
  expect(await times(calls.slice(0, 2), { start, stepMs: 0 })).toEqual([origin, origin]);
});

test.each([
  [1.5, 1_500_000n],
  [0, 1n],
])("a fixed clock that advances by %d ms has a resolution of %d ns", async (stepMs, resolution) => {
  expect(await times([["clock_res_get", realtime, 0]], { start, stepMs })).toEqual([resolution]);
});

test.each([undefined, { start }])("there is no fifth clock, with %j", async (clock) => {
  const { errors } = await runCalls(
    [
      ["clock_time_get", 4, 0n, 0],
      ["clock_res_get", 4, 0],
    ],
    clock ? { clock } : {},
  );
  expect(errors).toEqual(["inval", "inval"]);
});

const inSubscription = (offset: number): string => `(i32.const ${1024 + offset})`;

/** Sleeps by a clock, and exits with 0 if the event is the right one and the time has come. */
const sleeper = (
  id: number,
  timeout: string,
  flags: number,
): string => `(module ${wasi({ clock_time_get: "i32 i64 i32", poll_oneoff: "i32 i32 i32 i32", proc_exit: "i32" })}
    (memory (export "memory") 1)
    (func (export "_start")
      (drop (call $clock_time_get (i32.const ${id}) (i64.const 0) (i32.const 0)))
      (i64.store ${inSubscription(subscription.userdata)} (i64.const 7))
      (i32.store ${inSubscription(subscription.clock)} (i32.const ${id}))
      (i64.store ${inSubscription(subscription.timeout)} ${timeout})
      (i32.store16 ${inSubscription(subscription.flags)} (i32.const ${flags}))
      (if (call $poll_oneoff (i32.const 1024) (i32.const 2048) (i32.const 1) (i32.const 8)) (then unreachable))
      (if (i64.ne (i64.load (i32.const ${2048 + event.userdata})) (i64.const 7)) (then unreachable))
      (drop (call $clock_time_get (i32.const ${id}) (i64.const 0) (i32.const 16)))
      (call $proc_exit (i32.wrap_i64 (i64.div_u
        (i64.sub (i64.load (i32.const 16)) (i64.load (i32.const 0))) (i64.const 1000000))))))`;

test.each([
  ["for an hour", "(i64.const 3600000000000)", 0, 3_600_001],
  ["until an hour later", "(i64.add (i64.load (i32.const 0)) (i64.const 3600000000000))", 1, 3_600_000],
  ["until a time that has passed", "(i64.const 1)", 1, 1],
])("to sleep %s by a fixed clock is over at once, and its time has gone by", async (_, timeout, flags, passed) => {
  const module = await compile(sleeper(realtime, timeout, flags));
  const result = runSync(module, { clock: { start }, timeoutMs: 60_000 });
  expect(result).toMatchObject({ outcome: "exited", exitCode: passed });
});

test("to sleep by the host's clock takes its time", async () => {
  const { exitCode, outcome } = runSync(await compile(sleeper(monotonic, "(i64.const 30000000)", 0)));
  expect(outcome).toBe("exited");
  expect(exitCode).toBeGreaterThanOrEqual(30);
});

const random = async (seed: number, ...sizes: number[]): Promise<string> => {
  let at = 0;
  const calls = sizes.map((size): Call => ["random_get", (at += size) - size, size]);
  const { memory } = await runCalls(calls, { randomSeed: seed });
  return Buffer.from(memory.buffer, 0, at).toString("hex");
};

test("the same seed gives the same bytes, whichever way they are asked for", async () => {
  // What it gives is a promise: snapshots of programs depend on it.
  expect(await random(42, 16)).toBe(await random(42, 16));
  expect(await random(42, 16)).toMatchInlineSnapshot(`"3d945d27b4aab9d94e30a10421104136"`);
  expect(await random(42, 1, 2, 3, 10)).toBe(await random(42, 16));
  expect(await random(43, 16)).not.toBe(await random(42, 16));
  expect(new Set(await Promise.all([0, -1, 2 ** 32, 2 ** 53 - 1].map((seed) => random(seed, 8)))).size).toBe(4);
});

test("seeded bytes look random", async () => {
  const bytes = Buffer.from(await random(1, 30_000), "hex");
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  expect(counts.size).toBe(256);
  // 117 of each on average, with a deviation of 11.
  expect(Math.min(...counts.values())).toBeGreaterThan(60);
  expect(Math.max(...counts.values())).toBeLessThan(180);
});

test("a directory is listed in the order of its names' bytes", async () => {
  const names = ["b", "a", "B", "a-1", "10", "9", "é", "z"];
  const host = makeTree(Object.fromEntries(names.map((name) => [name, ""])));
  const { memory, text } = await runCalls([["fd_readdir", 3, 1024, 8192, 0n, 0]], { preopens: { "/": host } });
  const listed: string[] = [];
  for (let at = 1024; at < 1024 + memory.getUint32(0, true);) {
    const size = memory.getUint32(at + 16, true);
    listed.push(text(at + 24, size));
    at += 24 + size;
  }
  expect(listed).toEqual(["10", "9", "B", "a", "a-1", "b", "z", "é"]);
});

test("a thousand runs with a fixed clock and a seed have one result", async () => {
  // Writes a time, 32 random bytes, and the time after a sleep.
  const module = await assemble(`(module
    ${wasi({ clock_time_get: "i32 i64 i32", random_get: "i32 i32", fd_write: "i32 i32 i32 i32", poll_oneoff: "i32 i32 i32 i32" })}
    (memory (export "memory") 1)
    (data (i32.const 512) "\\00\\00\\00\\00\\30\\00\\00\\00")
    (func (export "_start")
      (drop (call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 0)))
      (drop (call $random_get (i32.const 8) (i32.const 32)))
      (i64.store (i32.const ${1024 + subscription.timeout}) (i64.const 1000000000))
      (drop (call $poll_oneoff (i32.const 1024) (i32.const 2048) (i32.const 1) (i32.const 600)))
      (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 40)))
      (drop (call $fd_write (i32.const 1) (i32.const 512) (i32.const 1) (i32.const 600)))))`);
  const compiled = await WebAssembly.compile(module as BufferSource);
  const results = new Set<string>();
  for (let i = 0; i < 1000; i++) {
    const { stdoutBytes } = runSync(compiled, { clock: { start }, randomSeed: 7 });
    results.add(createHash("sha256").update(stdoutBytes).digest("hex"));
  }
  expect(results.size).toBe(1);
  expect(runSync(compiled, { clock: { start }, randomSeed: 7 }).stdoutBytes.length).toBe(48);
});
