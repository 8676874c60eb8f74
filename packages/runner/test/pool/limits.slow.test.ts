import { errno } from "@wasi-kit/wasi/abi";
import { afterAll, beforeAll, expect, test } from "vitest";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool, run } from "../../dist/index.js";
import type { Pool } from "../../dist/index.js";
import { poolLimits, withLimits } from "../../src/limits/limits.ts";
import { startPool } from "../../dist/pool/node-pool.js";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../helpers/hostile.ts";

const mebibyte = 2 ** 20;
let pool: Pool;

beforeAll(() => {
  pool = createPool({ size: 1 });
});
afterAll(() => pool.close());

/** Takes 300 MiB of memory: more than a run in a pool may have. Its exit code says whether it got them. */
const takes300MiB = `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (call $exit (i32.eq (memory.grow (i32.const 4800)) (i32.const -1)))))`;

test("a guest in a pool has no more memory than is safe, unless the run says so", async () => {
  const module = await assemble(takes300MiB);
  expect(await pool.run(module)).toMatchObject({ exitCode: 1, memoryBytes: 65_536 });
  expect(await pool.run(module, { maxMemoryBytes: undefined } as object)).toMatchObject({ exitCode: 1 });
  expect(await pool.run(module, { maxMemoryBytes: Infinity })).toMatchObject({ exitCode: 0 });
  // A limit can't be put into what is compiled: it has the memory that it declares.
  expect(await pool.run(await WebAssembly.compile(module as BufferSource))).toMatchObject({ exitCode: 0 });
});

/** Writes to stdout for ever, a million bytes at a time. */
const writesOn = `(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 16) (data (i32.const 4) "\\40\\42\\0f\\00")
  (func (export "_start") (loop $again
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (br $again))))`;

test("a run of its own has no such limits, in a worker too", async () => {
  const { signal } = new AbortController();
  expect(await run(await assemble(takes300MiB), { signal })).toMatchObject({ exitCode: 0 });
});

test("a guest in a pool is ended that takes all it may have, and its result names the limit", async () => {
  expect(await pool.run(await assemble(hostile.grow))).toMatchObject({
    outcome: "out-of-memory",
    limit: "maxMemoryBytes",
    memoryBytes: 256 * mebibyte,
  });
  let size = 0;
  const stdout = (chunk: Uint8Array): void => void (size += chunk.length);
  expect(await pool.run(await assemble(writesOn), { stdout })).toMatchObject({
    outcome: "output-limit",
    limit: "maxOutputBytes",
  });
  expect(size).toBe(64 * mebibyte);
});

test("a guest in a pool makes no more files than is safe, and no larger ones", async () => {
  const preopens = { "/out": { files: {} } };
  const filled = await pool.run(await assemble(hostile.fill), { preopens });
  expect(filled).toMatchObject({ exitCode: errno.dquot, limit: "maxWrittenBytes" });
  expect(filled.changes?.["/out"]).toMatchObject([{ path: "f", contents: { size: 64 * mebibyte } }]);
  const littered = await pool.run(await assemble(hostile.litter), { preopens });
  expect(littered).toMatchObject({ exitCode: errno.dquot, limit: "maxFiles" });
  expect(littered.changes?.["/out"]).toHaveLength(10_000);
});

test.each([
  ["hoard", { exitCode: errno.mfile, limit: "maxDescriptors" }],
  ["crowd", { exitCode: 1, limit: "maxTableElements" }],
  ["dig", { exitCode: errno.nametoolong, limit: "maxDepth" }],
] as const)("a guest in a pool has not all of what is there: %s", async (guest, result) => {
  const preopens = { "/": { files: {} } };
  expect(await pool.run(await assemble(hostile[guest]), { preopens })).toMatchObject(result);
});

async function* endless(): AsyncGenerator<Uint8Array> {
  for (const chunk = new Uint8Array(mebibyte); ; await Promise.resolve()) yield chunk;
}

test("a guest in a pool reads no more of stdin than is safe, and makes no more calls", async () => {
  const more = hostile.swallow.replace("(i32.const 132) (i32.const 512)", "(i32.const 132) (i32.const 60000)");
  const swallowing = await assemble(more);
  expect(await pool.run(swallowing, { stdin: endless() })).toMatchObject({
    outcome: "input-limit",
    limit: "maxInputBytes",
  });
  expect(await pool.run(await assemble(hostile.pester))).toMatchObject({
    outcome: "call-limit",
    limit: "maxCalls",
    stats: { calls: 10_000_000 },
  });
});

test.runIf(process.platform === "linux")("a guest in a worker is ended that uses up its CPU time", async () => {
  const limited = {
    outcome: "cpu-limit",
    exitCode: 152,
    limit: "maxCpuMs",
    cpuMs: expect.any(Number),
    // Counted where the pool sees it, though the worker is gone.
    stats: { calls: 1, bytesRead: 0, bytesWritten: 6, inputBytes: 0, outputBytes: 6 },
  };
  const result = await pool.run(await assemble(hostile.loop), { maxCpuMs: 200 });
  expect(result).toMatchObject(limited);
  expect(result.cpuMs).toBeGreaterThanOrEqual(200);
  expect(await run(await assemble(hostile.loop), { maxCpuMs: 50 })).toMatchObject(limited);
  // One that waits uses none, and its time ends it.
  const sleeping = await pool.run(await assemble(hostile.sleep), { maxCpuMs: 200, timeoutMs: 1000 });
  expect(sleeping).toMatchObject({ outcome: "timed-out", limit: "timeoutMs" });
  expect(sleeping.cpuMs).toBeLessThan(200);
});

/** A heap is filled by functions that a guest calls, or by objects of its own. */
const fills =
  "data:text/javascript,export default { env: { fill() { for (const all = [];;) all.push([all.length]); } } }";

test("a guest that fills the heap of its worker ends with it, and the limit is named", async () => {
  await using small = createPool({ size: 1, maxHeapBytes: 64 * mebibyte });
  const filling = await assemble(
    '(module (import "env" "fill" (func $fill)) (memory (export "memory") 1) (func (export "_start") (call $fill)))',
  );
  const ended = { outcome: "out-of-memory", exitCode: 134, limit: "maxHeapBytes", memoryBytes: 0 };
  expect(await small.run(filling, { imports: new URL(fills) })).toMatchObject(ended);
  expect(await small.run(await assemble(command("")))).toMatchObject({ outcome: "exited" });
});

// (module (type (struct (field (ref null 0)))) (type (func))
//   (func (export "_start") (type 1) (local (ref null 0))
//     (loop (local.set 0 (struct.new 0 (local.get 0))) (br 0))))
const chains = Buffer.from(
  "0061736d010000000109025f0163000060000003020101070a01065f737461727400000a1301110101630003402000fb000021000c000b0b",
  "hex",
);

test("objects of the garbage-collection proposal are refused in a pool, unless the run allows them", async () => {
  await expect(pool.run(chains)).rejects.toMatchObject({
    code: "E_MEMORY",
    message: expect.stringContaining("declares 1 types of structures and arrays"),
  });
});

test.runIf(WebAssembly.validate(chains))("such objects are in the heap of the worker", async () => {
  await using small = createPool({ size: 1, maxHeapBytes: 64 * mebibyte });
  expect(await small.run(chains, { maxGcTypes: Infinity })).toMatchObject({
    outcome: "out-of-memory",
    limit: "maxHeapBytes",
  });
});

test("a compiled module in a pool is not run with a limit that it can't be given", async () => {
  const module = await WebAssembly.compile((await assemble(takes300MiB)) as BufferSource);
  await pool.run(module);
  // Known by now: the limit is looked at all the same.
  await expect(pool.run(module, { maxMemoryBytes: 65_536 })).rejects.toMatchObject({ code: "E_OPTION" });
});

test("the time of a run in a pool is limited, and its result says so, whoever ended it", async () => {
  const timedOut = { outcome: "timed-out", limit: "timeoutMs" };
  expect(await pool.run(await assemble(hostile.sleep), { timeoutMs: 100 })).toMatchObject(timedOut);
  // The pool alone watches the time of a run that sets none.
  const other = startPool({ size: 1 }, { timeoutMs: 100 });
  expect(await other.run(await assemble(hostile.sleep))).toMatchObject({ ...timedOut, memoryBytes: 0 });
  await other.close();
});

test("limits are added to options that don't have them", () => {
  const stdin = "text";
  expect(withLimits({ stdin, timeoutMs: undefined, maxMemoryBytes: 5 } as object, poolLimits)).toEqual({
    stdin,
    ...poolLimits,
    maxMemoryBytes: 5,
  });
});
