import { readdirSync, readlinkSync } from "node:fs";
import { expect, test } from "vitest";
import type { SyncRunOptions } from "../../src/options.ts";
import type { RunResult } from "../../src/result.ts";
import { runSync } from "../../src/run.ts";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../helpers/hostile.ts";
import type { Hostile } from "../helpers/hostile.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";

const pages = (count: number): number => count * 65_536;

test.each<[guest: Hostile, options: SyncRunOptions, result: Partial<RunResult>]>([
  ["loop", {}, { outcome: "timed-out", exitCode: 124, stdout: "flood\n" }],
  ["sleep", {}, { outcome: "timed-out", exitCode: 124, stdout: "flood\n" }],
  ["flood", { maxOutputBytes: 100 }, { outcome: "output-limit", exitCode: 134, stdout: `${"flood\n".repeat(16)}floo` }],
  ["grow", { maxMemoryBytes: pages(100) }, { outcome: "out-of-memory", exitCode: 134, memoryBytes: pages(100) }],
  ["recurse", {}, { outcome: "trapped", exitCode: 134 }],
])("a guest is ended that would not end: %s", async (guest, options, result) => {
  expect(runSync(await assemble(hostile[guest]), { timeoutMs: 300, ...options })).toMatchObject(result);
});

test("output is carried that was written until the time was up", async () => {
  const { outcome, stdout, durationMs } = runSync(await assemble(hostile.flood), { timeoutMs: 100 });
  expect(outcome).toBe("timed-out");
  expect(stdout.length).toBeGreaterThan(600);
  expect(stdout).toMatch(/^(flood\n)+$/);
  expect(durationMs).toBeGreaterThanOrEqual(99);
});

test("a start function that never ends is ended as well", async () => {
  const wat = '(module (func $endless (loop $again (br $again))) (start $endless) (func (export "_start")))';
  expect(runSync(await assemble(wat), { timeoutMs: 50 })).toMatchObject({ outcome: "timed-out" });
});

test("a run within its limits does not notice them", async () => {
  const hello = await assemble(
    command("(call $print (i32.const 1) (i32.const 16) (i32.const 3))", '(data (i32.const 16) "hi\\n")'),
  );
  const limits = { timeoutMs: 60_000, maxMemoryBytes: pages(1), maxOutputBytes: 3 };
  expect(runSync(hello, limits)).toMatchObject({ outcome: "exited", exitCode: 0, stdout: "hi\n" });
  expect(runSync(hello, { ...limits, maxOutputBytes: 2 })).toMatchObject({ outcome: "output-limit", stdout: "hi" });
});

test("captured output has a limit where none is given", async () => {
  // A million bytes at a time.
  const wat = `(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 16) (data (i32.const 4) "\\40\\42\\0f\\00")
    (func (export "_start") (loop $again
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br $again))))`;
  const { outcome, stdoutBytes } = runSync(await assemble(wat), { timeoutMs: 60_000 });
  expect({ outcome, size: stdoutBytes.length }).toEqual({ outcome: "output-limit", size: 64 * 1024 * 1024 });
});

test("stdout and stderr share a limit, which holds for what a function gets as well", async () => {
  const start = [1, 2, 1].map((fd) => `(call $print (i32.const ${fd}) (i32.const 16) (i32.const 4))`).join(" ");
  const chunks: string[] = [];
  const result = runSync(await assemble(command(start, '(data (i32.const 16) "abcd")')), {
    maxOutputBytes: 10,
    stdout: (chunk) => {
      chunks.push(Buffer.from(chunk).toString());
    },
  });
  expect(result).toMatchObject({ outcome: "output-limit", stdout: "", stderr: "abcd" });
  expect(chunks).toEqual(["abcd", "ab"]);
});

test.each<[what: string, memory: string, limit: number, grown: number]>([
  ["one page of two", "1", pages(2), 2],
  ["less than a page more is none", "1", pages(2) - 1, 1],
  ["its own maximum where that is lower", "1 3", pages(100), 3],
  ["a lower one than its own", "1 300", pages(4), 4],
  ["all that it starts with", "5", pages(5), 5],
  ["a size of several bytes in LEB128", "130 20000", pages(140), 140],
])("a memory grows as far as it may: %s", async (_, memory, limit, grown) => {
  const wat = `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") ${memory})
    (func (export "_start")
      (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
      (call $exit (memory.size))))`;
  expect(runSync(await assemble(wat), { maxMemoryBytes: limit })).toMatchObject({
    outcome: "exited",
    exitCode: grown,
    memoryBytes: pages(grown),
  });
});

// (module (memory 1) (memory (export "memory") 1)
//   (func (export "_start") (loop (br_if 0 (i32.ne (memory.grow 1 (i32.const 1)) (i32.const -1)))) unreachable))
const twoMemories = Buffer.from(
  [
    "00 61 73 6d 01 00 00 00",
    "01 04 01 60 00 00",
    "03 02 01 00",
    "05 05 02 00 01 00 01",
    "07 13 02 06 6d 65 6d 6f 72 79 02 01 06 5f 73 74 61 72 74 00 00",
    "0a 11 01 0f 00 03 40 41 01 40 01 41 7f 47 0d 00 0b 00 0b",
  ]
    .join("")
    .replaceAll(" ", ""),
  "hex",
);

// Node.js 20 does not have the proposal.
test.runIf(WebAssembly.validate(twoMemories))("several memories share a limit", () => {
  const limited = { maxMemoryBytes: pages(10), timeoutMs: 10_000 };
  expect(runSync(twoMemories, limited)).toMatchObject({ outcome: "trapped", memoryBytes: pages(5) });
});

test("a module is refused that starts with more memory than it may have", async () => {
  const module = await assemble('(module (memory (export "memory") 17) (func (export "_start")))');
  expect(() => runSync(module, { maxMemoryBytes: pages(16) })).toThrow(
    expect.objectContaining({
      code: "E_MEMORY",
      exitCode: 126,
      message:
        "the module needs 1114112 bytes of memory (17 × 64 KiB) to start, and maxMemoryBytes allows 1048576.\n" +
        "Allow at least 1114112, or build the module with less.",
    }),
  );
});

test("a limit on memory needs the module's bytes", async () => {
  const module = await WebAssembly.compile((await assemble(hostile.grow)) as BufferSource);
  expect(() => runSync(module, { maxMemoryBytes: 1 })).toThrow(expect.objectContaining({ code: "E_OPTION" }));
});

test.each([7, 12, 20, 30, 40])("a module that is cut short at byte %i is refused, with a limit too", async (size) => {
  const cut = (await assemble(hostile.grow)).subarray(0, size);
  expect(() => runSync(cut, { maxMemoryBytes: pages(100) })).toThrow(expect.objectContaining({ code: "E_NOT_WASM" }));
});

test.each<[what: string, options: SyncRunOptions, message: string]>([
  ["no time", { timeoutMs: 0 }, "timeoutMs is 0. It can be a number above 0 and at most 4294967295."],
  ["no number", { timeoutMs: Number.NaN }, "timeoutMs is NaN. It can be a number above 0 and at most 4294967295."],
  [
    "too much time",
    { timeoutMs: 2 ** 32 },
    "timeoutMs is 4294967296. It can be a number above 0 and at most 4294967295.",
  ],
  ["less than no memory", { maxMemoryBytes: -1 }, "maxMemoryBytes is -1. It can be a number, 0 or above."],
  ["less than no output", { maxOutputBytes: -1 }, "maxOutputBytes is -1. It can be a number, 0 or above."],
  ["half a seed", { randomSeed: 0.5 }, "randomSeed is 0.5. It can be a whole number."],
  [
    "no time of day",
    { clock: { start: "noon" } },
    "clock.start is noon. It can be a time such as 2020-07-01T00:00:00Z.",
  ],
  [
    "a clock that runs back",
    { clock: { start: "2020-07-01T00:00:00Z", stepMs: -1 } },
    "clock.stepMs is -1. It can be 0 or above.",
  ],
])("a limit that can't be held is refused: %s", async (_, options, message) => {
  const module = await assemble(hostile.recurse);
  expect(() => runSync(module, options)).toThrow(expect.objectContaining({ code: "E_OPTION", exitCode: 2, message }));
});

test("what is asked for at once can't fill the host's memory", async () => {
  // A million subscriptions, then a read into a million buffers.
  const wat = `(module
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 800)
    (func (export "_start")
      (if (i32.ne (call $poll (i32.const 0) (i32.const 0) (i32.const 1000000) (i32.const 0)) (i32.const 28))
        (then (call $exit (i32.const 1))))
      (drop (call $read (i32.const 0) (i32.const 8) (i32.const 1000000) (i32.const 0)))))`;
  expect(runSync(await assemble(wat), { timeoutMs: 60_000, stdin: "x" })).toMatchObject({
    outcome: "exited",
    exitCode: 0,
  });
});

/** What descriptors of this process lead to, below a directory: one may be gone while they are looked at. */
function openBelow(directory: string): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(directory) ? [target] : [];
    } catch {
      return [];
    }
  });
}

test.runIf(process.platform === "linux")("guests that were ended leave no descriptor behind", async () => {
  // Opens the preopen again and again, and leaves what it opened open.
  const wat = `(module
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 0) ".")
    (func (export "_start") (loop $again
      (drop (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 2) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 8)))
      (br $again))))`;
  const modules = await Promise.all([wat, hostile.loop, hostile.sleep, hostile.recurse].map(assemble));
  const host = makeTree({});
  for (let i = 0; i < 50; i++) {
    for (const module of modules) runSync(module, { timeoutMs: 2, preopens: { "/": host } });
  }
  expect(openBelow(host)).toEqual([]);
});
