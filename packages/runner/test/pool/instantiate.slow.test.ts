import { once } from "node:events";
import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, expectTypeOf, test } from "vitest";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool, GuestError } from "../../dist/index.js";
import type { Pool, PooledInstance, PoolRunOptions } from "../../dist/index.js";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../helpers/hostile.ts";

const source = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "env" "twice" (func $twice (param i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 16) "hello\\00\\40\\00\\00")
  (table (export "table") 1 funcref) (global $count (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $count (i32.const 100)))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "long") (param i64) (result i64) (i64.add (local.get 0) (i64.const 1)))
  (func (export "both") (param i32) (result i32 i64) (local.get 0) (i64.const 7))
  (func (export "count") (result i32) (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count))
  (func (export "print") (param $size i32)
    (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (local.get $size))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "flood") (param $size i32)
    (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (local.get $size))
    (loop $again (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (br $again)))
  (func (export "double") (param i32) (result i32) (call $twice (local.get 0)))
  (func $trap (export "trap") unreachable)
  (func (export "leave") (call $exit (i32.const 7)))
  (func (export "loop") (loop $again (br $again)))
  (func (export "reference") (result funcref) (ref.null func))
  (func (export "given") (result funcref) (ref.func 0))
  (elem declare func 0))`;

interface Exports {
  memory: WebAssembly.Memory;
  add(a: number, b: number): number;
  long(a: bigint): bigint;
  both(a: number): [number, bigint];
  count(): number;
  print(size: number): void;
  flood(size: number): void;
  double(a: number): number;
  trap(): void;
  leave(): void;
  loop(): void;
  reference(): null;
  given(): unknown;
}

const imports = new URL(
  "data:text/javascript,export default { env: { twice(it) { if (it < 0) throw new RangeError('below 0'); return 2 * it; } } };",
);

let library: Uint8Array;
let hello: Uint8Array;
let pool: Pool;
let instance: PooledInstance<Exports>;

beforeAll(async () => {
  [library, hello] = await Promise.all([
    assemble(source, { reference_types: true }),
    assemble(command("(call $print (i32.const 1) (i32.const 16) (i32.const 1))", '(data (i32.const 16) "h")')),
  ]);
  pool = createPool({ size: 2 });
});
afterAll(() => pool.close({ abort: true }));
const open = (options: PoolRunOptions = {}): Promise<PooledInstance<Exports>> =>
  pool.instantiate<Exports>(library, { imports, ...options });
beforeEach(async () => {
  instance = await open();
  return () => instance.close();
});

test("a library in a worker is called, and keeps its state", async () => {
  const { add, long, both, count, double, reference } = instance.exports;
  expect(await Promise.all([add(1, 2), long(41n), both(5), double(4), reference()])).toEqual([
    3,
    42n,
    [5, 7n],
    8,
    null,
  ]);
  // Its _initialize was called, and calls are made in their order.
  expect(await Promise.all([count(), count(), count()])).toEqual([101, 102, 103]);
  expect(Object.keys(instance.exports)).not.toContain("memory");
  expectTypeOf(add).toEqualTypeOf<(a: number, b: number) => Promise<number>>();
  expectTypeOf(instance.exports).not.toHaveProperty("memory");
});

test("its memory is read and written, and its output is there", async () => {
  expect(await instance.text(16)).toBe("hello");
  expect(await instance.text(16, 2)).toBe("he");
  expect(await instance.write(16, "HÉ")).toBe(3);
  expect(await instance.bytes(16, 3)).toEqual(new Uint8Array(Buffer.from("HÉ")));
  await instance.exports.print(3);
  expect([instance.stdout(), instance.stderr()]).toEqual(["HÉ", ""]);
  await expect(instance.bytes(65_530, 100)).rejects.toMatchObject({ name: "GuestMemoryError" });
  // That is the caller's mistake, and the instance goes on.
  expect(await instance.exports.add(1, 1)).toBe(2);
});

test.each<[what: string, end: () => Promise<unknown>, error: object]>([
  ["a trap", () => instance.exports.trap(), { outcome: "trapped", trap: { frames: [{ name: "trap" }] } }],
  ["an exit", () => instance.exports.leave(), { outcome: "exited", exitCode: 7 }],
  [
    "a deadline",
    () => instance.call("loop", [], { timeoutMs: 50 }),
    { outcome: "timed-out", exitCode: 124, limit: "timeoutMs" },
  ],
  [
    "a signal",
    () => instance.call("loop", [], { signal: AbortSignal.timeout(50) }),
    { outcome: "aborted", exitCode: 130 },
  ],
  [
    "a function of the host that throws",
    () => instance.exports.double(-1),
    { outcome: "host-error", hostError: { function: "env.twice" }, cause: new RangeError("below 0") },
  ],
])("%s in a call ends this instance alone", async (_, end, error) => {
  await using other = await open();
  const before = other.exports.count();
  const rejected = end();
  const waiting = instance.exports.add(1, 2);
  await expect(rejected).rejects.toBeInstanceOf(GuestError);
  await expect(rejected).rejects.toMatchObject({ name: "GuestError", ...error });
  // What waited for its turn fails with that error, and so does what comes later.
  const ended = {
    code: "E_INSTANCE_ENDED",
    message: expect.stringMatching(/did not return\.\nInstantiate it again\.$/),
  };
  await expect(waiting).rejects.toMatchObject(ended);
  await expect(instance.text(16)).rejects.toMatchObject(ended);
  expect([await before, await other.exports.count()]).toEqual([101, 102]);
  expect(await pool.run(hello)).toMatchObject({ stdout: "h" });
});

test("limits hold for all its calls together, and the time for each", async () => {
  await instance.close();
  instance = await open({ maxOutputBytes: 8, timeoutMs: 300 });
  await instance.exports.print(5);
  const flooded = { outcome: "output-limit", limit: "maxOutputBytes" };
  await expect(instance.exports.print(5)).rejects.toMatchObject(flooded);
  expect(instance.stdout()).toBe("hellohel");
  instance = await open({ maxCalls: 2, timeoutMs: 300 });
  for (let i = 0; i < 2; i++) await instance.exports.print(1);
  await expect(instance.exports.print(1)).rejects.toMatchObject({ outcome: "call-limit" });
  instance = await open({ timeoutMs: 200 });
  for (let i = 0; i < 4; i++) {
    await delay(60);
    await instance.exports.add(1, 1);
  }
  await expect(instance.exports.loop()).rejects.toMatchObject({ outcome: "timed-out" });
});

test.runIf(process.platform === "linux")("CPU time is limited call by call", async () => {
  await instance.close();
  instance = await open({ maxCpuMs: 100, timeoutMs: 60_000 });
  await instance.exports.add(1, 1);
  await expect(instance.exports.loop()).rejects.toMatchObject({ outcome: "cpu-limit", limit: "maxCpuMs" });
});

test("its output goes to streams, and what it can't write ends it", async () => {
  await instance.close();
  const stdout = new PassThrough();
  instance = await open({ stdout });
  await instance.exports.print(5);
  expect(String(stdout.read())).toBe("hello");
  stdout.destroy();
  await once(stdout, "close");
  await expect(instance.exports.flood(5)).rejects.toMatchObject({ outcome: "broken-pipe" });
});

test.each<[what: string, call: () => Promise<unknown>, error: object]>([
  [
    "a function that there is not",
    () => instance.call("ad" as "add", [1, 2]),
    { code: "E_OPTION", message: expect.stringContaining("exports no function ad. Did you mean add?") },
  ],
  ["what is no function", () => instance.call("memory" as "add", [1, 2]), { code: "E_OPTION" }],
  ["a value of another type", () => instance.exports.long(1 as never), { name: "TypeError" }],
  [
    "an object",
    () => instance.exports.add({} as never, 1),
    { code: "E_OPTION", message: expect.stringContaining("reference") },
  ],
  ["a function", () => instance.write(16, (() => {}) as never), { code: "E_OPTION" }],
  ["a result that can't leave its thread", () => instance.exports.given(), { name: "TypeError" }],
  [
    "an option that there is not",
    () => instance.call("add", [1, 2], { timeout: 5 } as object),
    { code: "E_OPTION", message: expect.stringContaining("Did you mean timeoutMs?") },
  ],
  ["a time that can't be", () => instance.call("add", [1, 2], { timeoutMs: 0 }), { code: "E_OPTION" }],
  [
    "a signal that was aborted",
    () => instance.call("add", [1, 2], { signal: AbortSignal.abort("changed my mind") }),
    { code: "E_ABORTED", cause: "changed my mind" },
  ],
])("a call is refused for %s, and the instance goes on", async (_, call, error) => {
  await expect(call()).rejects.toMatchObject(error);
  expect(await instance.exports.add(1, 2)).toBe(3);
});

test.each<[what: string, module: () => Uint8Array | Promise<Uint8Array>, options: PoolRunOptions, error: object]>([
  ["a command", () => hello, {}, { code: "E_NOT_REACTOR" }],
  ["an import that is missing", () => library, {}, { code: "E_IMPORTS" }],
  ["a directory that is missing", () => library, { imports, preopens: { "/": "missing" } }, { code: "E_PREOPEN" }],
  ["an option that there is not", () => library, { timeout: 5 } as object, { code: "E_OPTION" }],
  [
    "a start that traps",
    () => assemble('(module (memory (export "memory") 1) (func (export "_initialize") unreachable))'),
    {},
    { name: "GuestError", outcome: "trapped", message: "the module: its start trapped: unreachable" },
  ],
  [
    "a start that does not end",
    () => assemble('(module (memory (export "memory") 1) (func (export "_initialize") (loop $again (br $again))))'),
    { timeoutMs: 100 },
    { name: "GuestError", outcome: "timed-out" },
  ],
])("there is no instance of %s, and its worker is there for others", async (_, module, options, error) => {
  await expect(pool.instantiate(await module(), options)).rejects.toMatchObject(error);
  expect(await pool.run(hello)).toMatchObject({ stdout: "h" });
});

test("an instance has a worker until it is closed", async () => {
  await using one = createPool({ size: 1 });
  const first = await one.instantiate<Exports>(library, { imports });
  const waiting = one.run(hello, { queueTimeoutMs: 50 });
  await expect(waiting).rejects.toMatchObject({ code: "E_QUEUE_TIMEOUT" });
  expect(one.stats()).toMatchObject({ workers: 1, busy: 1 });
  const counted = first.exports.count();
  await first.close();
  expect(await counted).toBe(101);
  await expect(first.exports.count()).rejects.toMatchObject({ code: "E_INSTANCE_ENDED" });
  expect(await one.run(hello)).toMatchObject({ stdout: "h" });
  // The same worker, with a new instance.
  await using second = await one.instantiate<Exports>(library, { imports });
  expect(await second.exports.count()).toBe(101);
  await first.close();
});

test("an instance ends with its signal, and with its pool", async () => {
  await instance.close();
  const controller = new AbortController();
  instance = await open({ signal: controller.signal });
  controller.abort();
  const aborted = { code: "E_INSTANCE_ENDED", message: expect.stringContaining("its signal was aborted") };
  await expect(instance.exports.add(1, 2)).rejects.toMatchObject(aborted);

  const one = createPool({ size: 1 });
  const idle = await one.instantiate<Exports>(library, { imports });
  const counted = idle.exports.count();
  await one.close();
  expect(await counted).toBe(101);
  await expect(idle.exports.count()).rejects.toMatchObject({ code: "E_INSTANCE_ENDED" });
  await expect(one.instantiate(library)).rejects.toMatchObject({ code: "E_POOL_CLOSED" });

  const two = createPool({ size: 1 });
  const busy = await two.instantiate<Exports>(library, { imports });
  const looping = busy.exports.loop();
  await delay(20);
  await Promise.all([
    expect(looping).rejects.toMatchObject({ name: "GuestError", outcome: "aborted" }),
    two.close({ abort: true }),
  ]);
});

test("an instance ends with its worker, and the pool has another", async () => {
  const dies = new URL("data:text/javascript,export default { env: { twice() { process.exit(3); } } };");
  await using one = createPool({ size: 1 });
  const dying = await one.instantiate<Exports>(library, { imports: dies });
  await expect(dying.exports.double(1)).rejects.toThrow("ended by itself, with exit code 3");
  await expect(dying.exports.double(1)).rejects.toMatchObject({ code: "E_INSTANCE_ENDED" });
  const later = new URL(
    "data:text/javascript,export default { env: { twice() { setTimeout(() => process.exit(3), 20); return 1; } } };",
  );
  const idle = await one.instantiate<Exports>(library, { imports: later });
  expect(await idle.exports.double(1)).toBe(1);
  await delay(500);
  const ended = { code: "E_INSTANCE_ENDED", message: expect.stringContaining("its worker ended by itself") };
  await expect(idle.exports.double(1)).rejects.toMatchObject(ended);
  expect(await one.run(hello)).toMatchObject({ stdout: "h" });
});

test("instances that are ended leave no worker behind", async () => {
  await using one = createPool({ size: 1 });
  for (let i = 0; i < 3; i++) {
    const ending = await one.instantiate<Exports>(library, { imports });
    await expect(ending.call("loop", [], { timeoutMs: 20 })).rejects.toMatchObject({ outcome: "timed-out" });
    await using next = await one.instantiate<Exports>(library, { imports });
    expect(await next.exports.add(1, i)).toBe(1 + i);
  }
  expect(await one.run(await assemble(hostile.loop), { timeoutMs: 50 })).toMatchObject({ outcome: "timed-out" });
});
