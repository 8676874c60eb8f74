import { expect, test } from "vitest";
import { run } from "../../src/run.ts";
import { compile, runCalls } from "../helpers/run-calls.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";
import { abis, fileRights } from "@wasi-kit/wasi/abi";

test("a module built for wasi_unstable gets that version's structures and numbers", async () => {
  const host = makeTree({ "file.txt": "0123456789" });
  const { filestat } = abis.wasi_unstable;
  const { errors, memory } = await runCalls(
    [
      ["path_filestat_get", 3, 0, "file.txt", 64],
      ["path_open", 3, 0, "file.txt", 0, BigInt(fileRights), 0n, 0, 0],
      ["fd_seek", 4, -3n, 1, 8],
      ["fd_seek", 4, 2n, 2, 16],
      ["fd_seek", 4, 2n, 0, 24],
      ["fd_seek", 4, 2n, 3, 32],
    ],
    { preopens: { "/": host } },
    "wasi_unstable",
  );
  expect(errors).toEqual(["success", "success", "success", "success", "success", "inval"]);
  expect(memory.getBigUint64(64 + filestat.filesize, true)).toBe(10n);
  expect(memory.getUint32(64 + filestat.nlink, true)).toBe(1);
  // From the end, from the start, from where it is.
  expect([8, 16, 24].map((at) => memory.getBigUint64(at, true))).toEqual([7n, 2n, 4n]);
  // A byte behind the structure would be the next variable of the guest's.
  expect(memory.getBigUint64(64 + filestat.size, true)).toBe(0n);
});

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
