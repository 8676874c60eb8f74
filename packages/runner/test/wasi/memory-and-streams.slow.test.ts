import { closeSync, openSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../src/run.ts";
import { compile } from "../helpers/run-calls.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";

/** A module without a memory that exits with what a call gives. */
const withoutMemory = (imported: string, body: string): string => `(module
  (import "wasi_snapshot_preview1" ${imported})
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (func (export "_start") (call $exit ${body})))`;

test("a module without a memory runs if it needs none, and is refused if it does", async () => {
  expect(
    await run(await compile(withoutMemory('"sched_yield" (func $yield (result i32))', "(call $yield)"))),
  ).toMatchObject({ outcome: "exited", exitCode: 0 });
  const time = '"clock_time_get" (func $time (param i32 i64 i32) (result i32))';
  const needs = run(await compile(withoutMemory(time, "(call $time (i32.const 0) (i64.const 0) (i32.const 0))")));
  await expect(needs).rejects.toMatchObject({ code: "E_IMPORTS", message: expect.stringContaining('"memory"') });
});

test("1,000 runs leave no descriptor open", { skip: process.platform !== "linux" }, async () => {
  const host = makeTree({ "file.txt": "x", dir: {} });
  const wat = `(module
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 96) "file.txt")
    (func (export "_start")
      (if (call $open (i32.const 3) (i32.const 0) (i32.const 96) (i32.const 8) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)) (then unreachable))
      (if (call $open (i32.const 4) (i32.const 0) (i32.const 96) (i32.const 1) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)) (then))
      unreachable))`;
  const module = await compile(wat);
  const preopens = { "/": host, "/dir": join(host, "dir") };
  await run(module, { preopens });
  const before = readdirSync("/proc/self/fd").length;
  for (let i = 0; i < 1000; i++) await run(module, { preopens });
  expect(readdirSync("/proc/self/fd").length).toBe(before);
});

test("what goes to a file comes there in order, and all of it", async () => {
  const host = makeTree({});
  const wat = `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\\40\\00\\00\\00\\03\\00\\00\\00") (data (i32.const 16) "\\50\\00\\00\\00\\03\\00\\00\\00")
    (data (i32.const 64) "out") (data (i32.const 80) "err")
    (func (export "_start") (local $i i32)
      (loop $again
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
        (drop (call $write (i32.const 2) (i32.const 16) (i32.const 1) (i32.const 8)))
        (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3))))
      unreachable))`;
  const file = join(host, "both.txt");
  const fd = openSync(file, "a");
  await run(await compile(wat), { stdout: { fd }, stderr: { fd } });
  closeSync(fd);
  expect(readFileSync(file, "utf8")).toBe("outerr".repeat(3));
});

test("addresses outside the memory are a fault, also after it grew", async () => {
  const wat = `(module
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start")
      (if (i32.ne (call $random (i32.const 65536) (i32.const 8)) (i32.const 21)) (then unreachable))
      (if (i32.ne (call $random (i32.const -4) (i32.const 8)) (i32.const 21)) (then unreachable))
      (drop (memory.grow (i32.const 1)))
      (if (call $random (i32.const 0) (i32.const 0)) (then unreachable))
      (if (call $random (i32.const 65536) (i32.const 8)) (then unreachable))
      (call $exit (i32.eqz (i32.load (i32.const 65536))))))`;
  expect(await run(await compile(wat))).toMatchObject({ outcome: "exited", exitCode: 0 });
});
