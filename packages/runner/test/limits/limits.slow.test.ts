import { readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { errno } from "@wasi-kit/wasi/abi";
import { describe, expect, test } from "vitest";
import type { RunChanges } from "../../src/preopens/open-preopens.ts";
import type { Preopen } from "../../src/preopens/preopen.ts";
import { instantiate } from "../../src/instantiate.ts";
import type { SyncRunOptions } from "../../src/options.ts";
import type { RunResult } from "../../src/result.ts";
import { runSync } from "../../src/run.ts";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../helpers/hostile.ts";
import type { Hostile } from "../helpers/hostile.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";

const pages = (count: number): number => count * 65_536;

test.each<[guest: Hostile, options: SyncRunOptions, result: Partial<RunResult>]>([
  ["loop", {}, { outcome: "timed-out", exitCode: 124, limit: "timeoutMs", stdout: "flood\n" }],
  ["sleep", {}, { outcome: "timed-out", exitCode: 124, limit: "timeoutMs", stdout: "flood\n" }],
  [
    "flood",
    { maxOutputBytes: 100 },
    { outcome: "output-limit", exitCode: 134, limit: "maxOutputBytes", stdout: `${"flood\n".repeat(16)}floo` },
  ],
  [
    "grow",
    { maxMemoryBytes: pages(100) },
    { outcome: "out-of-memory", exitCode: 134, limit: "maxMemoryBytes", memoryBytes: pages(100) },
  ],
  [
    "swallow",
    { maxInputBytes: 1000, stdin: "a".repeat(2000) },
    { outcome: "input-limit", exitCode: 134, limit: "maxInputBytes" },
  ],
  ["pester", { maxCalls: 1000 }, { outcome: "call-limit", exitCode: 134, limit: "maxCalls" }],
])("a guest is ended that would not end: %s", async (guest, options, result) => {
  expect(runSync(await assemble(hostile[guest]), { timeoutMs: 300, ...options })).toMatchObject(result);
});

test("a guest reads as much of stdin as it may, and is ended only if there is more", async () => {
  const swallow = await assemble(hostile.swallow);
  const taken: number[] = [];
  const stdin = {
    read(into: Uint8Array) {
      taken.push(into.length);
      return into.length;
    },
    poll: () => ({ nbytes: 1n, isHangup: false }),
  };
  const result = runSync(swallow, { maxInputBytes: 1000, stdin });
  expect(result).toMatchObject({ outcome: "input-limit", stats: { inputBytes: 1000, bytesRead: 1000 } });
  // One byte more, to find out whether there is any.
  expect(taken).toEqual([512, 488, 1]);
  const all = { outcome: "exited", stats: { inputBytes: 1000 } };
  const whole = runSync(swallow, { maxInputBytes: 1000, stdin: "a".repeat(1000) });
  expect(whole).toMatchObject(all);
  expect(whole).not.toHaveProperty("limit");
  expect(runSync(swallow, { maxInputBytes: 0, stdin: "" })).toMatchObject({ outcome: "exited" });
});

test("a guest makes as many calls as it may", async () => {
  const calls = "(drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 8)))".repeat(5);
  const five = await assemble(command(calls));
  expect(runSync(five, { maxCalls: 5 })).toMatchObject({ outcome: "exited", stats: { calls: 5 } });
  expect(runSync(five, { maxCalls: 4 })).toMatchObject({ outcome: "call-limit", stats: { calls: 4 } });
  expect(runSync(five, { maxCalls: 4, trace: true }).trace).toHaveLength(5);
});

/** Writes until it catches what the write throws, and returns. */
const catchesAll = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 4) "\\06")
  (func (export "_start")
    (loop $again
      try (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) catch_all return end
      (br $again))))`;

test.each<[limits: SyncRunOptions, result: object]>([
  [{ maxOutputBytes: 100 }, { outcome: "output-limit", limit: "maxOutputBytes" }],
  [{ maxCalls: 100 }, { outcome: "call-limit", limit: "maxCalls" }],
])("a guest that catches what ends it was ended all the same: %j", async (limits, result) => {
  const module = await assemble(catchesAll, { exceptions: true });
  expect(runSync(module, { ...limits, timeoutMs: 10_000 })).toMatchObject(result);
});

/** Where a guest can make files, by what it is. */
const writable: Readonly<Record<string, () => Preopen>> = {
  "a directory of the host": () => makeTree({}),
  "a copy-on-write view": () => ({ path: makeTree({}), access: "copy-on-write" }),
  memory: () => ({ files: {} }),
};

/** The sizes of the files that a run changed. */
const sizes = (changes: RunChanges = {}): (number | undefined)[] =>
  Object.values(changes).flatMap((it) => it.flatMap((change) => ("contents" in change ? [change.contents?.size] : [])));

describe.each(Object.entries(writable))("what a guest makes in %s", (_, preopen) => {
  test("has no more bytes than it may", async () => {
    const granted = preopen();
    const options = { preopens: { "/out": granted }, maxWrittenBytes: 10 * 65_536 + 1 };
    const result = runSync(await assemble(hostile.fill), options);
    expect(result).toMatchObject({ outcome: "exited", exitCode: errno.dquot, limit: "maxWrittenBytes" });
    expect(typeof granted === "string" ? [statSync(join(granted, "f")).size] : sizes(result.changes)).toEqual([
      655_360,
    ]);
  });

  test("has no more files than it may", async () => {
    const granted = preopen();
    const result = runSync(await assemble(hostile.litter), { preopens: { "/out": granted }, maxFiles: 100 });
    expect(result).toMatchObject({ outcome: "exited", exitCode: errno.dquot, limit: "maxFiles" });
    expect(typeof granted === "string" ? readdirSync(granted) : result.changes?.["/out"]).toHaveLength(100);
  });
});

test.runIf(process.platform === "linux")(
  "a guest has no more descriptors open than it may, nor has the host",
  async () => {
    const host = makeTree({});
    let most = 0;
    const result = runSync(await assemble(hostile.hoard), {
      preopens: { "/": host },
      maxDescriptors: 100,
      trace: () => {
        most = Math.max(most, openBelow(host).length);
      },
    });
    expect(result).toMatchObject({ outcome: "exited", exitCode: errno.mfile, limit: "maxDescriptors" });
    // All but stdin, stdout and stderr.
    expect(most).toBe(97);
  },
);

test.each(Object.entries(writable))("a guest makes no deeper tree than it may in %s", async (_, preopen) => {
  const granted = preopen();
  const result = runSync(await assemble(hostile.dig), { preopens: { "/": granted }, maxDepth: 20 });
  expect(result).toMatchObject({ outcome: "exited", exitCode: errno.nametoolong, limit: "maxDepth" });
  const paths =
    typeof granted === "string"
      ? readdirSync(granted, { recursive: true, encoding: "utf8" })
      : (result.changes?.["/"] ?? []).map(({ path }) => path);
  expect(paths.map((path) => path.split("/").length).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (__, i) => i + 1),
  );
});

test("a tree that is deeper than a stack has changes all the same", async () => {
  const options = { preopens: { "/": { files: {} } }, maxFiles: 6000, timeoutMs: 60_000 };
  const { outcome, changes } = runSync(await assemble(hostile.dig), options);
  expect([outcome, changes?.["/"]?.length]).toEqual(["exited", 6000]);
});

test("a directory has limits of its own", async () => {
  const options = { preopens: { "/out": { files: {}, maxFiles: 5 } }, maxFiles: 100 };
  const result = runSync(await assemble(hostile.litter), options);
  expect(result).toMatchObject({ exitCode: errno.dquot, limit: "maxFiles" });
  expect(result.changes?.["/out"]).toHaveLength(5);
});

test("what ends a run is named, and not what it was refused before", async () => {
  const options = { preopens: { "/": { files: {} } }, maxFiles: 0, timeoutMs: 100 };
  const source = hostile.litter.replace("(br_if $again (i32.eqz (local.get $errno)))", "(br $again)");
  expect(runSync(await assemble(source), options)).toMatchObject({ outcome: "timed-out", limit: "timeoutMs" });
});

test("a guest that makes a table as large as it may, and gets no more, ran into that limit", async () => {
  const crowd = await assemble(hostile.crowd);
  const result = runSync(crowd, { maxTableElements: 64 + 10_001 });
  expect(result).toMatchObject({ outcome: "exited", exitCode: 1, limit: "maxTableElements" });
  // One that starts with all that it may have, and asks for no more, did not.
  const content = runSync(await assemble(command("", "(table 1 funcref)")), { maxTableElements: 64 + 1 });
  expect(content).not.toHaveProperty("limit");
  // Its table is no export that a caller of a library would see.
  const library = await assemble('(module (table 1 funcref) (func (export "f")))');
  const { exports } = await instantiate(library, { maxTableElements: 1000 });
  expect(Object.keys(exports)).toEqual(["f"]);
});

test("a guest that takes all its memory, and goes on without more, ran into that limit", async () => {
  const goesOn = await assemble(hostile.grow.replace("unreachable", ""));
  expect(runSync(goesOn, { maxMemoryBytes: pages(10) })).toMatchObject({ outcome: "exited", limit: "maxMemoryBytes" });
  // One that starts with all that it may have, and asks for no more, did not.
  const content = runSync(await assemble(command("")), { maxMemoryBytes: pages(1) });
  expect(content).not.toHaveProperty("limit");
});

test.each(["maxMemoryBytes", "maxMemories", "maxTableElements"])("%s needs the bytes of a module", async (limit) => {
  const module = await WebAssembly.compile((await assemble(command(""))) as BufferSource);
  expect(() => runSync(module, { [limit]: 1 })).toThrow(
    expect.objectContaining({ code: "E_OPTION", message: expect.stringMatching(`^${limit} can't be held`) }),
  );
  expect(runSync(module, { [limit]: Infinity })).toMatchObject({ exitCode: 0 });
});

test("a guest that traps by itself ran into no limit", async () => {
  const result = runSync(await assemble(hostile.recurse), { timeoutMs: 60_000, maxMemoryBytes: pages(2) });
  expect(result).toMatchObject({ outcome: "trapped", exitCode: 134 });
  expect(result).not.toHaveProperty("limit");
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

test.each([7, 12, 20, 30, 40])("a module that is cut short at byte %i is refused, with a limit too", async (size) => {
  const cut = (await assemble(hostile.grow)).subarray(0, size);
  expect(() => runSync(cut, { maxMemoryBytes: pages(100) })).toThrow(expect.objectContaining({ code: "E_NOT_WASM" }));
});

test.each<[what: string, options: SyncRunOptions, message: string]>([
  ["no time", { timeoutMs: 0 }, "timeoutMs is 0. It can be a number above 0 and at most 4294967295, or Infinity."],
  [
    "no number",
    { timeoutMs: Number.NaN },
    "timeoutMs is NaN. It can be a number above 0 and at most 4294967295, or Infinity.",
  ],
  [
    "too much time",
    { timeoutMs: 2 ** 32 },
    "timeoutMs is 4294967296. It can be a number above 0 and at most 4294967295, or Infinity.",
  ],
  ["less than no memory", { maxMemoryBytes: -1 }, "maxMemoryBytes is -1. It can be a number, 0 or above."],
  ["less than no output", { maxOutputBytes: -1 }, "maxOutputBytes is -1. It can be a number, 0 or above."],
  ["less than no bytes", { maxWrittenBytes: -1 }, "maxWrittenBytes is -1. It can be a number, 0 or above."],
  [
    "too few descriptors for those of the start",
    { maxDescriptors: 3, preopens: { "/": { files: {} } } },
    "maxDescriptors is 3. It can be 4 or above: stdin, stdout, stderr and the preopens are open from the start.",
  ],
  ["half a file", { maxFiles: 0.5 }, "maxFiles is 0.5. It can be a whole number, 0 or above, or Infinity."],
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
  const modules = await Promise.all([wat, hostile.loop, hostile.sleep, hostile.recurse].map((it) => assemble(it)));
  const host = makeTree({});
  for (let i = 0; i < 50; i++) {
    for (const module of modules) runSync(module, { timeoutMs: 2, preopens: { "/": host } });
  }
  expect(openBelow(host)).toEqual([]);
});
