import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hostDirectory } from "@wasi-kit/wasi/node";
import { clockid, dirent, oflags } from "@wasi-kit/wasi/abi";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Preopens } from "../../src/preopens/preopen.ts";
import { run } from "../../src/run.ts";
import { assemble } from "../../../wasm/test/helpers/assemble.ts";
import { compile, runCalls } from "../helpers/run-calls.ts";
import type { Call } from "../helpers/run-calls.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";

const [reading, writing] = [2n, 64n]; // fd_read, fd_write
const open = (path: string, how = 0, rights = reading): Call => ["path_open", 3, 1, path, how, rights, 0n, 0, 0];
const opens = (path: string): Call[] => [open(path), open(path, 0, writing), open(path, oflags.creat, writing)];

const holds: readonly (readonly [name: string, grant: (path: string) => Preopens])[] = [
  ["by descriptor", (path) => ({ "/": hostDirectory(path, { hold: "descriptor" }) })],
  ["by path", (path) => ({ "/": hostDirectory(path, { hold: "path" }) })],
  ["copy-on-write", (path) => ({ "/": { path, access: "copy-on-write" } })],
];

/** A directory whose directory "many" has so many entries: in memory, where the system has a place for that. */
const entries = 100_000;
const vast = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "wasi-kit-"));
beforeAll(() => {
  mkdirSync(join(vast, "many"));
  for (let i = 0; i < entries; i++) closeSync(openSync(join(vast, "many", `file-${i}`), "w"));
});
afterAll(() => rmSync(vast, { recursive: true }));

describe.each(holds)("in a directory that is held %s", (_, grant) => {
  test("a named pipe can't be opened, and nobody waits for its other end", async () => {
    const host = makeTree({});
    spawnSync("mkfifo", [join(host, "pipe")]);
    const { errors } = await runCalls([...opens("pipe"), ["path_filestat_get", 3, 0, "pipe", 64]], {
      preopens: grant(host),
      timeoutMs: 20_000,
    });
    expect(errors).toEqual(["nxio", "nxio", "nxio", "success"]);
  });

  test("nor one that somebody reads", { skip: process.platform !== "linux" }, async () => {
    const host = makeTree({});
    spawnSync("mkfifo", [join(host, "pipe")]);
    const both = openSync(join(host, "pipe"), "r+"); // on Linux this does not wait
    onTestFinished(() => closeSync(both));
    const { errors } = await runCalls(opens("pipe"), { preopens: grant(host), timeoutMs: 20_000 });
    expect(errors).toEqual(["nxio", "nxio", "nxio"]);
  });

  test("a socket and a device can't be opened", { skip: process.platform !== "linux" }, async () => {
    const host = makeTree({});
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(join(host, "socket"), resolve));
    onTestFinished(() => void server.close());
    expect((await runCalls(opens("socket"), { preopens: grant(host) })).errors).toEqual(["nxio", "nxio", "nxio"]);
    expect((await runCalls(opens("zero"), { preopens: grant("/dev") })).errors).toEqual(["nxio", "nxio", "nxio"]);
  });

  test("names are bytes: they need not be UTF-8", { skip: process.platform !== "linux" }, async () => {
    const host = makeTree({});
    writeFileSync(Buffer.from(`${host}/a\u00ff`, "latin1"), "x");
    const calls: Call[] = [open("a\udcff"), ["path_rename", 3, "a\udcff", 3, "b\udcfe"], open("b\udcfe")];
    expect((await runCalls(calls, { preopens: grant(host) })).errors).toEqual(["success", "success", "success"]);
  });

  test("a name has 255 bytes at most, and a path what the system takes", async () => {
    const host = makeTree({ dir: {} });
    const errorOf = async (path: string): Promise<string> =>
      (await runCalls([open(path, oflags.creat, writing)], { preopens: grant(host) })).errors[0] ?? "none";
    expect(await errorOf("n".repeat(255))).toBe("success");
    expect(await errorOf("n".repeat(256))).toBe("nametoolong");
    expect(await errorOf("ñ".repeat(128))).toBe("nametoolong");
    expect(await errorOf(`${"dir/../".repeat(584)}n`)).toBe("success"); // 4089 bytes
    expect(await errorOf(`${"dir/../".repeat(585)}n`)).toBe("nametoolong"); // 4096
  });

  test("100,000 entries are listed, each once", async () => {
    // Reads the listing through a buffer of 64 KiB, and counts entries.
    const wat = `(module
      (import "wasi_snapshot_preview1" "fd_readdir" (func $readdir (param i32 i32 i32 i64 i32) (result i32)))
      (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 2)
      (data (i32.const 0) "many")
      (func (export "_start") (local $cookie i64) (local $at i32) (local $used i32) (local $count i32) (local $end i32)
        (if (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 2)
          (i64.const 0x4000) (i64.const 0) (i32.const 0) (i32.const 8)) (then unreachable))
        (loop $more
          (if (call $readdir (i32.load (i32.const 8)) (i32.const 65536) (i32.const 65536) (local.get $cookie) (i32.const 16))
            (then unreachable))
          (local.set $used (i32.load (i32.const 16)))
          (local.set $at (i32.const 65536))
          (loop $next
            (local.set $end (i32.add (local.get $at) (i32.const ${dirent.size})))
            (if (i32.le_u (local.get $end) (i32.add (i32.const 65536) (local.get $used))) (then
              (local.set $end (i32.add (local.get $end) (i32.load offset=${dirent.d_namlen} (local.get $at))))
              (if (i32.le_u (local.get $end) (i32.add (i32.const 65536) (local.get $used))) (then
                (local.set $cookie (i64.load offset=${dirent.d_next} (local.get $at)))
                (local.set $count (i32.add (local.get $count) (i32.const 1)))
                (local.set $at (local.get $end))
                (br $next))))))
          (br_if $more (i32.eq (local.get $used) (i32.const 65536))))
        (i32.store (i32.const 24) (local.get $count))
        (i32.store (i32.const 32) (i32.const 24)) (i32.store (i32.const 36) (i32.const 4))
        (drop (call $write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 40)))))`;
    const { outcome, stdoutBytes } = await run(await compile(wat), { preopens: grant(vast) });
    expect(outcome).toBe("exited");
    expect(Buffer.from(stdoutBytes).readUInt32LE()).toBe(entries + 2); // with "." and ".."
  });
});

test("without a descriptor left a guest gets mfile, and goes on", { skip: process.platform === "win32" }, async () => {
  const host = makeTree({ a: "x" });
  // Opens until that fails, then asks for what else a host may need a descriptor for; exits with the first errno.
  const wat = `(module
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_filestat_get" (func $stat (param i32 i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "a")
    (func (export "_start") (local $code i32)
      (loop $again
        (local.set $code (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 16)))
        (br_if $again (i32.eqz (local.get $code))))
      (if (call $random (i32.const 64) (i32.const 8)) (then unreachable))
      (if (call $time (i32.const ${clockid.thread_cputime}) (i64.const 0) (i32.const 64)) (then unreachable))
      (if (call $stat (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 64)) (then unreachable))
      (call $exit (local.get $code))))`;
  mkdirSync(join(host, "modules"));
  writeFileSync(join(host, "modules/opens.wasm"), await assemble(wat));
  const command = fileURLToPath(new URL("../../../cli/bin/wasi-kit.cjs", import.meta.url));
  const line = 'ulimit -n 64; exec "$0" "$1" run --trace=summary --seed 1 --dir "$2::/" "$2/modules/opens.wasm"';
  const { status, stderr } = spawnSync("sh", ["-c", line, process.execPath, command, host], { encoding: "utf8" });
  expect(stderr).toContain("path_open");
  expect(status).toBe(33); // mfile
  expect(readdirSync(host)).toEqual(["a", "modules"]);
});

test("clocks have resolutions, and a file can't be made larger than any can be", async () => {
  const host = makeTree({ a: "x" });
  const all = BigInt(1 << 8) | writing | BigInt(1 << 22); // fd_allocate, fd_filestat_set_size
  const { errors, memory } = await runCalls(
    [
      ...Object.values(clockid).map((id): Call => ["clock_res_get", id, 64 + 8 * id]),
      ["clock_res_get", 9, 64],
      open("a", 0, all),
      ["fd_allocate", 4, 0n, 1n << 62n],
      ["fd_allocate", 4, -1n, 2n],
      ["fd_filestat_set_size", 4, 1n << 62n],
      ["fd_allocate", 4, 0n, 10n],
      ["path_filestat_get", 3, 0, "a", 128],
    ],
    { preopens: { "/": host } },
  );
  const four = ["success", "success", "success", "success"];
  expect(errors).toEqual([...four, "inval", "success", "fbig", "fbig", "fbig", "success", "success"]);
  expect(Object.values(clockid).map((id) => memory.getBigUint64(64 + 8 * id, true) > 0n)).toEqual(four.map(() => true));
  expect(memory.getBigUint64(128 + 32, true)).toBe(10n);
});
