import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool, replay as replayBuilt } from "../../dist/index.js";
import type { CallingGuest } from "../../src/imports/calling-guest.ts";
import type { Imports } from "../../src/imports/imports.ts";
import { instantiate } from "../../src/instantiate.ts";
import type { RunOptions } from "../../src/options.ts";
import { readRecording } from "../../src/record/read-recording.ts";
import { replay } from "../../src/record/replay.ts";
import type { ReplayOptions } from "../../src/record/replay.ts";
import type { RunResult } from "../../src/result.ts";
import { run } from "../../src/run.ts";
import { catching } from "../helpers/catching.ts";
import { hostile } from "../helpers/hostile.ts";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";
import { comparable } from "./compare.ts";

/** Runs and records a module, and replays the recording: what both did. */
async function both(source: string | Uint8Array, options: RunOptions = {}, how: ReplayOptions = {}) {
  const module = typeof source === "string" ? await assemble(source) : source;
  const result = await run(module, { ...options, record: "with-module", trace: true });
  const again = await replay(result.recording as Uint8Array, { trace: true, ...how });
  return { result, again };
}

async function expectSame(source: string | Uint8Array, options: RunOptions = {}): Promise<RunResult> {
  const { result, again } = await both(source, options);
  expect(comparable(again)).toEqual(comparable(result));
  return result;
}

const data = '(data (i32.const 64) "hello\\n") (data (i32.const 0) "\\40\\00\\00\\00\\06\\00\\00\\00")';
const say = "(drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))";
const hello = (more = ""): Promise<Uint8Array> => assemble(program(`${say} ${more}`));

/** A command with functions of WASI by name. */
const program = (start: string, more = ""): string => `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  ${more}
  (memory (export "memory") 1) ${data}
  (func (export "_start") ${start}))`;

describe("a replay does the same as a run that", () => {
  test("prints random bytes", async () => {
    const source = program(`(drop (call $random_get (i32.const 64) (i32.const 6))) ${say}`);
    const result = await expectSame(source);
    expect(result.stdoutBytes).toHaveLength(6);
  });

  test("reads stdin, which is not there any more", async () => {
    const source = program(`(drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 32))) ${say}`);
    expect((await expectSame(source, { stdin: "abcdefgh" })).stdout).toBe("abcdef");
  });

  test("traps, with its frames", async () => {
    const trap = program(`${say} (call $f)`).replace(/\)$/, " (func $f unreachable))");
    const { result, again } = await both(trap);
    expect(again.trap?.frames).toEqual(result.trap?.frames);
    expect(again.trap?.frames).not.toEqual([]);
  });

  test.each(["loop", "sleep"] as const)("is stopped at its deadline: %s", async (name) => {
    const { outcome, stdout } = await expectSame(hostile[name], { timeoutMs: 200 });
    expect([outcome, stdout]).toEqual(["timed-out", "flood\n"]);
  });

  test("writes more than it may", async () => {
    const { outcome, stdout } = await expectSame(hostile.flood, { maxOutputBytes: 100 });
    expect([outcome, stdout.length]).toEqual(["output-limit", 100]);
  });

  test.each([
    ["reads", { maxInputBytes: 4 }, "input-limit"],
    ["calls", { maxCalls: 3 }, "call-limit"],
  ] as const)("%s more than it may", async (_, limits, outcome) => {
    const read = "(drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 32)))";
    const source = program(`(loop $again ${read} ${say} (br $again))`);
    expect((await expectSame(source, { stdin: "abcdefgh", ...limits })).outcome).toBe(outcome);
  });

  test("fills its memory", async () => {
    expect((await expectSame(hostile.grow, { maxMemoryBytes: 1_000_000 })).outcome).toBe("out-of-memory");
  });

  test.each(["fill", "litter", "hoard", "dig"] as const)("runs into a limit to files: %s", async (name) => {
    const limits = { maxWrittenBytes: 200_000, maxFiles: 20, maxDescriptors: 20, maxDepth: 5 };
    const { exitCode, limit } = await expectSame(hostile[name], { preopens: { "/": makeTree({}) }, ...limits });
    expect(exitCode).not.toBe(0);
    expect(limit).toBeDefined();
  });

  test("is made by a pool", async () => {
    await using pool = createPool({ size: 1 });
    const result = await pool.run(await hello(), { record: "with-module", trace: true });
    const again = await replayBuilt(result.recording as Uint8Array, { trace: true });
    expect(comparable(again)).toEqual({ ...comparable(result), queueMs: undefined });
  });
});

/** Functions of the host that do with the guest's memory and functions what a test says. */
const calling = (types: string, start: string, functions: Imports): Promise<RunResult> =>
  expectSame(
    command(
      `${start} (call $print (i32.const 1) (i32.const 64) (i32.const 32))`,
      `${types} (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
       (func (export "say") (call $print (i32.const 1) (i32.const 64) (i32.const 8)))
       (func (export "fail") unreachable)
       (data (i32.const 64) "................................")`,
    ),
    { imports: functions },
  );

const imported = (name: string, type = ""): string => `(import "env" "${name}" (func $${name} ${type}))`;

describe("functions of the host: a replay has", () => {
  const effects: readonly (readonly [what: string, use: (guest: CallingGuest) => unknown])[] = [
    ["what they write", (guest) => guest.write(66, "written")],
    ["what they write to bytes that they got", (guest) => guest.bytes(70, 4).fill(65)],
    ["what they write to all of the memory", (guest) => guest.view().setUint8(95, 66)],
    [
      "what they write to the memory that the guest exports",
      (guest) => new Uint8Array((guest.exports["memory"] as WebAssembly.Memory).buffer).fill(67, 80, 84),
    ],
    ["the calls of functions of the guest", (guest) => (guest.exports["say"] as () => void)()],
    [
      "what they write before and after such a call",
      (guest) => {
        guest.write(64, "before");
        (guest.exports["say"] as () => void)();
        guest.write(64, "after");
      },
    ],
    [
      "a trap that they catch",
      (guest) => {
        try {
          (guest.exports["fail"] as () => void)();
        } catch {
          guest.write(64, "caught");
        }
      },
    ],
    ["a trap that they don't catch", (guest) => (guest.exports["fail"] as () => void)()],
    [
      "what they throw",
      () => {
        throw new RangeError("too far");
      },
    ],
  ];
  test.each(effects)("%s", async (what, use) => {
    const { outcome } = await calling(imported("f"), "(call $f)", (guest) => ({ env: { f: () => void use(guest) } }));
    expect(outcome).toBe(
      what === "what they throw"
        ? "host-error"
        : what.includes("don't") || what.includes("stack")
          ? "trapped"
          : "exited",
    );
  });

  test("a stack that they fill", async () => {
    const recurse = (): void => recurse();
    const module = await assemble(command("(call $f)", imported("f")));
    const { result, again } = await both(module, { imports: { env: { f: () => recurse() } } });
    expect([again.outcome, again.trap?.message]).toEqual([result.outcome, result.trap?.message]);
    expect(again.outcome).toBe("trapped");
  });

  test("what they return, of each type", async () => {
    const types = [
      imported("i", "(result i32)"),
      imported("l", "(param i64) (result i64)"),
      imported("d", "(param f64) (result f64)"),
      imported("two", "(result i32 i32)"),
      imported("object", "(result externref)"),
      imported("is", "(param externref) (result i32)"),
    ].join("");
    const object = {};
    let n = 0;
    const result = await calling(
      types,
      `(i32.store8 (i32.const 64) (call $i)) (i64.store (i32.const 72) (call $l (i64.const -5)))
       (f64.store (i32.const 80) (call $d (f64.const nan))) (i32.store8 (i32.const 65) (i32.add (call $two)))
       (i32.store8 (i32.const 66) (call $is (call $object)))`,
      {
        env: {
          i: () => 40 + ++n,
          l: (value: bigint) => value * 2n,
          d: () => -0,
          two: () => [1, 2],
          object: () => object,
          is: (value: unknown) => (value === object ? 49 : 48),
        },
      },
    );
    expect(result.outcome).toBe("exited");
    expect(result.stdout).toContain("1");
  });
});

describe("another build of a program", () => {
  test("is replayed as long as it makes the same calls", async () => {
    const { recording } = await run(await hello(), { record: true });
    const other = await assemble(
      program(say)
        .replace('(i32.const 0) "\\40', '(i32.const 256) "\\40')
        .replace("(i32.const 0) (i32.const 1)", "(i32.const 256) (i32.const 1)"),
    );
    const again = await replay(recording as Uint8Array, { module: other });
    expect(again.stdout).toBe("hello\n");
  });

  test("parts from the recording at a call, which is shown", async () => {
    const { recording } = await run(await hello(), { record: true });
    const other = await assemble(program(`${say} ${say}`).replace("hello", "Hello"));
    await expect(replay(recording as Uint8Array, { module: other })).rejects.toMatchObject({
      code: "E_REPLAY",
      message: expect.stringMatching(
        /parts from the recording at call 1\.\n {2}recorded: fd_write\(1<stdout>, "hello\\n" \(6 bytes\)\)\n {2}now: {6}fd_write\(1<stdout>, "Hello\\n" \(6 bytes\)\)\nThe module is not the one/,
      ),
    });
  });

  test.each([
    [
      "makes one more call",
      `${say} ${say}`,
      /at call 2\.\n {2}recorded: the end of the run: exited, exit code 0\n {2}now: {6}fd_write/,
    ],
    ["ends before", "", /after call 0\.\n {2}recorded: fd_write.*\n {2}now: {6}the end of the run/],
    [
      "traps",
      `${say} unreachable`,
      /at the end\.\n {2}recorded: the end of the run: exited, exit code 0\n {2}now: {6}the end of the run: trapped, unreachable/,
    ],
    ["has room for more", say.replace("$fd_write", "$fd_read"), /at call 1\./],
  ])("parts if it %s", async (_what, start, message) => {
    const { recording } = await run(await hello(), { record: true });
    const other = await assemble(program(start));
    await expect(replay(recording as Uint8Array, { module: other })).rejects.toMatchObject({
      code: "E_REPLAY",
      message: expect.stringMatching(message),
    });
  });

  test("can't catch that it parts", async () => {
    const { recording } = await run(await hello(), { record: true, imports: {} });
    const parting = replay(recording as Uint8Array, { module: catching("_start") });
    await expect(parting).rejects.toMatchObject({
      code: "E_REPLAY",
      message: expect.stringContaining("now:      env.f()"),
    });
  });
});

/** A recording whose lines were changed. */
const lines = async (change: (lines: string[]) => string[] = (it) => it): Promise<Uint8Array> => {
  const { recording } = await run(await hello(), { record: "with-module" });
  return gzipSync(
    change(
      gunzipSync(recording as Uint8Array)
        .toString()
        .trimEnd()
        .split("\n"),
    ).join("\n"),
  );
};

describe("a recording", () => {
  test("is lines of JSON, as docs/recordings.md has them", async () => {
    const text = gunzipSync(
      (await run(await hello(), { record: true, env: { A: "1" } })).recording as Uint8Array,
    ).toString();
    const [header, call, end] = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(header).toMatchObject({
      "wasi-kit recording": 1,
      module: { name: "module.wasm", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      options: { argv0: "module.wasm", args: [], env: { A: "1" }, preopens: {}, imports: false, wasi: true },
    });
    expect(call).toEqual({
      call: "fd_write",
      args: { fd: { fd: 1, path: "stdout" }, iovs: { size: 6, text: "hello\n" } },
      wrote: 6,
      errno: "success",
      out: { nwritten: 6 },
    });
    expect(end).toEqual({ end: { outcome: "exited", exitCode: 0, durationMs: expect.any(Number) } });
  });

  test("can be one that was decompressed, and a file", async () => {
    const file = join(makeTree({}), "r");
    writeFileSync(file, gunzipSync(await lines()));
    expect((await replay(file)).stdout).toBe("hello\n");
    expect(readRecording(file)).toMatchObject({
      name: file,
      end: { outcome: "exited" },
      module: { name: "module.wasm" },
    });
  });

  const bad: readonly (readonly [what: string, change: (lines: string[]) => string[], message: RegExp])[] = [
    ["no JSON", () => ["hello"], /is not a recording\. To make one/],
    ["empty", () => [""], /is not a recording/],
    ["another file of JSON", () => ['{"a":1}'], /is not a recording/],
    [
      "of a newer version",
      ([first = "", ...rest]) => [first.replace('recording":1', 'recording":2'), ...rest],
      /has version 2 of the format, .* reads version 1\.\nReplay it with a newer/,
    ],
    [
      "without its header's options",
      ([first = "", ...rest]) => [first.replace('"options"', '"opt"'), ...rest],
      /line 1 is malformed/,
    ],
    ["without its end", (all) => all.slice(0, -1), /is cut short/],
    ["cut within a line", (all) => [...all.slice(0, -1), '{"end":{"out'], /is cut short/],
    ["with a line that is none", ([first = "", ...rest]) => [first, '{"hello":1}', ...rest], /line 2 is malformed/],
    ["with a line that is no JSON", ([first = "", ...rest]) => [first, "x", ...rest], /line 2 is malformed/],
    [
      "with a function that there is not",
      ([first = "", ...rest]) => [first, '{"call":"fd_fly","args":{}}', ...rest],
      /line 2 is malformed/,
    ],
    [
      "with a module that is not base64",
      ([first = "", ...rest]) => [first.replace(/"base64":"..../, '"base64":"!!!!'), ...rest],
      /line 1 is malformed/,
    ],
  ];
  test.each(bad)("that is %s is refused", async (_what, change, message) => {
    const recording = await lines(change);
    await expect(replay(recording)).rejects.toMatchObject({
      code: "E_RECORDING",
      message: expect.stringMatching(message),
    });
  });

  test("whose compressed bytes were cut is refused", async () => {
    const recording = await lines();
    await expect(replay(recording.subarray(0, 100))).rejects.toMatchObject({
      code: "E_RECORDING",
      message: expect.stringContaining("cut short"),
    });
  });

  test("that is missing, or lacks the module, says so", async () => {
    await expect(replay("/no/such/file")).rejects.toMatchObject({
      code: "E_RECORDING",
      message: "There is no recording at /no/such/file.",
    });
    const { recording } = await run(await hello(), { record: true });
    await expect(replay(recording as Uint8Array)).rejects.toMatchObject({
      code: "E_RECORDING",
      message: expect.stringContaining("does not have the module"),
    });
  });
});

test("nothing is recorded unless it is asked for, and never of a library", async () => {
  expect((await run(await hello())).recording).toBeUndefined();
  const library = await assemble('(module (memory (export "memory") 1))');
  await expect(instantiate(library, { record: true } as object)).rejects.toMatchObject({ code: "E_OPTION" });
});
