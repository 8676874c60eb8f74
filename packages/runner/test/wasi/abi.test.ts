import { expect, test } from "vitest";
import { run } from "../../src/run.ts";
import { compile } from "../helpers/run-calls.ts";
import { abis } from "@wasi-kit/wasi/abi";

test.for(["wasi_snapshot_preview1", "wasi_unstable"] as const)("%s waits for a clock and for a file", async (abi) => {
  const { userdata, tag, clock, timeout, size } = abis[abi].subscription;
  const wat = `(module
    (import "${abi}" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "${abi}" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start")
      (i64.store (i32.const ${64 + userdata}) (i64.const 7))
      (i32.store8 (i32.const ${64 + tag}) (i32.const 0))
      (i32.store (i32.const ${64 + clock}) (i32.const 1))
      (i64.store (i32.const ${64 + timeout}) (i64.const 20000000))
      (if (call $poll (i32.const 64) (i32.const 512) (i32.const 1) (i32.const 8)) (then unreachable))
      (if (i64.ne (i64.load (i32.const 512)) (i64.const 7)) (then unreachable))
      (i64.store (i32.const ${64 + timeout}) (i64.const 60000000000))
      (i32.store8 (i32.const ${64 + size + tag}) (i32.const 2))
      (i32.store (i32.const ${64 + size + 16}) (i32.const 1))
      (if (call $poll (i32.const 64) (i32.const 512) (i32.const 2) (i32.const 8)) (then unreachable))
      (call $exit (i32.load (i32.const 8)))))`;
  const result = await run(await compile(wat));
  expect(result).toMatchObject({ outcome: "exited", exitCode: 1 });
  expect(result.durationMs).toBeGreaterThanOrEqual(19);
  expect(result.durationMs).toBeLessThan(30_000);
});

test("a module that mixes versions is refused", async () => {
  const wat = `(module
    (import "wasi_unstable" "sched_yield" (func (result i32)))
    (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
    (func (export "_start")))`;
  await expect(run(await compile(wat))).rejects.toMatchObject({ code: "E_IMPORTS" });
});

test("an access that there is not is refused", async () => {
  const preopens = { "/": { path: ".", access: "readonly" as "read-only" } };
  await expect(run(new Uint8Array(), { preopens })).rejects.toMatchObject({ code: "E_PREOPEN" });
});
