import { fstatSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { oflags, directoryRights, fileRights } from "@wasi-kit/wasi/abi";
import { run } from "../../src/run.ts";
import { compile, runCalls } from "../helpers/run-calls.ts";
import type { Call } from "../helpers/run-calls.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";

const all = BigInt(fileRights | directoryRights);
const file = BigInt(fileRights);
const create = (path: string): Call => ["path_open", 3, 0, path, oflags.creat, file, 0n, 0, 0];
const directory = (path: string): Call => [
  "path_open",
  3,
  0,
  path,
  oflags.directory,
  BigInt(directoryRights),
  all,
  0,
  0,
];
const successes = (count: number): string[] => Array.from({ length: count }, () => "success");

test("a new descriptor has the lowest free number", async () => {
  const host = makeTree({});
  const { errors, memory } = await runCalls(
    [
      ["path_open", 3, 0, "a", oflags.creat, file, 0n, 0, 0],
      ["path_open", 3, 0, "b", oflags.creat, file, 0n, 0, 4],
      ["fd_close", 4],
      ["fd_close", 4],
      ["path_open", 3, 0, "c", oflags.creat, file, 0n, 0, 8],
      ["fd_close", 0],
      ["path_open", 3, 0, "d", oflags.creat, file, 0n, 0, 12],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual(["success", "success", "success", "badf", "success", "success", "success"]);
  expect([0, 4, 8, 12].map((at) => memory.getUint32(at, true))).toEqual([4, 5, 4, 0]);
});

test("stdout goes into a file that took its number", async () => {
  const host = makeTree({});
  const wat = `(module
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\\40\\00\\00\\00\\05\\00\\00\\00") (data (i32.const 64) "hello") (data (i32.const 96) "out.txt")
    (func (export "_start")
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (if (call $open (i32.const 3) (i32.const 0) (i32.const 96) (i32.const 7) (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 8)) (then unreachable))
      (if (call $renumber (i32.const 4) (i32.const 1)) (then unreachable))
      (if (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
      (if (i32.ne (call $write (i32.const 4) (i32.const 0) (i32.const 1) (i32.const 8)) (i32.const 8)) (then unreachable))))`;
  const result = await run(await compile(wat), { preopens: { "/": host } });
  expect(result).toMatchObject({ outcome: "exited", exitCode: 0, stdout: "hello" });
  expect(readFileSync(join(host, "out.txt"), "utf8")).toBe("hello");
});

test("streams change places, and the host's own are not touched", async () => {
  const host = makeTree({});
  const { errors } = await runCalls(
    [
      create("a"),
      ["fd_renumber", 0, 4],
      ["fd_read", 4, 64, 0, 8],
      ["fd_renumber", 4, 1],
      ["fd_read", 1, 64, 0, 8],
      ["fd_close", 1],
      ["fd_renumber", 3, 1],
      ["fd_renumber", 0, 3],
      ["fd_renumber", 3, 3],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual([...successes(6), "badf", "badf", "success"]);
  expect([0, 1, 2].map((fd) => typeof fstatSync(fd).dev)).toEqual(["number", "number", "number"]);
});

test("a directory's descriptor follows it when it is renamed, and into another preopen", async () => {
  const host = makeTree({ one: { dir: { sub: {} } }, two: {} });
  const { errors } = await runCalls(
    [
      ["path_open", 3, 0, "dir/sub", oflags.directory, BigInt(directoryRights), all, 0, 0],
      ["path_rename", 3, "dir", 3, "moved"],
      ["path_create_directory", 5, "first"],
      ["path_rename", 3, "moved", 4, "away"],
      ["path_create_directory", 5, "second"],
    ],
    { preopens: { "/one": join(host, "one"), "/two": join(host, "two") } },
  );
  expect(errors).toEqual(successes(5));
  expect(readdirSync(join(host, "two/away/sub"))).toEqual(["first", "second"]);
});

test("a directory that was removed, or renamed over, has nothing in it any more", async () => {
  const host = makeTree({ gone: {}, over: {}, other: {} });
  const { errors } = await runCalls(
    [
      directory("gone"),
      directory("over"),
      ["path_remove_directory", 3, "gone"],
      ["path_create_directory", 3, "gone"],
      ["path_create_directory", 4, "x"],
      ["fd_readdir", 4, 0x1000, 0x1000, 0n, 0],
      ["path_rename", 3, "other", 3, "over"],
      ["path_create_directory", 5, "x"],
      ["fd_filestat_get", 5, 64],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual([...successes(4), "noent", "success", "success", "noent", "success"]);
  expect(readdirSync(join(host, "over"))).toEqual([]);
});

test("what was opened through a preopen works after the preopen was closed", async () => {
  const host = makeTree({ dir: { "file.txt": "x" } });
  const { errors } = await runCalls(
    [
      directory("dir"),
      ["fd_close", 3],
      ["fd_prestat_get", 3, 64],
      ["path_filestat_get", 4, 0, "file.txt", 64],
      ["fd_prestat_get", 4, 64],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual(["success", "success", "badf", "success", "badf"]);
});

test("a call on a descriptor of the wrong kind says which", async () => {
  const host = makeTree({ "file.txt": "x" });
  const { errors } = await runCalls(
    [
      create("file.txt"),
      ["path_filestat_get", 4, 0, "x", 64],
      ["path_filestat_get", 1, 0, "x", 64],
      ["path_filestat_get", 9, 0, "x", 64],
      ["fd_read", 3, 64, 0, 0],
      ["fd_readdir", 1, 64, 64, 0n, 0],
      ["sock_shutdown", 1, 0],
      ["sock_shutdown", 9, 0],
      ["proc_raise", 9],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual(["success", "notdir", "notdir", "badf", "notcapable", "notdir", "notsock", "badf", "notsup"]);
});

test("bytes go through many buffers, larger than there is room for at once", async () => {
  const host = makeTree({ "big.txt": "0123456789".repeat(100_000) });
  const wat = `(module
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\\00\\00\\01\\00\\07\\00\\00\\00\\07\\00\\01\\00\\00\\00\\00\\00\\07\\00\\01\\00\\40\\42\\0f\\00") (data (i32.const 96) "big.txt")
    (func (export "_start")
      (drop (memory.grow (i32.const 20)))
      (if (call $open (i32.const 3) (i32.const 0) (i32.const 96) (i32.const 7) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 48)) (then unreachable))
      (if (call $read (i32.const 4) (i32.const 0) (i32.const 3) (i32.const 52)) (then unreachable))
      (i32.store (i32.const 20) (i32.sub (i32.load (i32.const 52)) (i32.const 7)))
      (if (call $write (i32.const 1) (i32.const 0) (i32.const 3) (i32.const 48)) (then unreachable))))`;
  const { outcome, stdout } = await run(await compile(wat), { preopens: { "/": host } });
  expect(outcome).toBe("exited");
  expect(stdout === "0123456789".repeat(100_000)).toBe(true);
});
