import { EventEmitter, once } from "node:events";
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool, formatCall, run } from "../../dist/index.js";
import type { Pool, PoolOptions, RunOptions } from "../../dist/index.js";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { line, lineUnit, tables4, withSection } from "../../../wasm/test/helpers/dwarf.ts";
import { hostile } from "../helpers/hostile.ts";

const sources = {
  ...hostile,
  hello: command("(call $print (i32.const 1) (i32.const 16) (i32.const 6))", '(data (i32.const 16) "hello\\n")'),
  // Its start section prints the first line.
  early: command(
    "(call $print (i32.const 1) (i32.const 20) (i32.const 6))",
    `(data (i32.const 16) "one\\n") (data (i32.const 20) "start\\n")
     (start $early) (func $early (call $print (i32.const 1) (i32.const 16) (i32.const 4)))`,
  ),
  exit7: command("(call $proc_exit (i32.const 7))"),
  trap: command("unreachable"),
  library: '(module (func (export "add")))',
  // stdin to stdout, 16 bytes at a time, and a dot to stderr for each.
  cat: `(module
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 64) ".")
    (func (export "_start")
      (loop $again
        (i32.store (i32.const 0) (i32.const 128)) (i32.store (i32.const 4) (i32.const 16))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (if (i32.load (i32.const 8)) (then
          (i32.store (i32.const 4) (i32.load (i32.const 8)))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)))
          (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 1))
          (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 12)))
          (br $again))))))`,
  // A million bytes to stdout, in one call.
  large: `(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 16) (data (i32.const 4) "\\40\\42\\0f\\00")
    (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`,
} satisfies Record<string, string>;

let folder: string;
const module = (name: keyof typeof sources): string => join(folder, `${name}.wasm`);

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "wasi-kit-pool-")));
  for (const [name, text] of Object.entries(sources)) {
    writeFileSync(join(folder, `${name}.wasm`), await assemble(text));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let pool: Pool;
beforeEach(() => {
  pool = createPool({ size: 2 });
});
afterEach(() => pool.close({ abort: true }));

test("the frames of a trap in a worker are those that it has here", async () => {
  const [there, here] = await Promise.all([pool.run(module("trap")), run(module("trap"))]);
  expect(there.trap).toEqual(here.trap);
  expect(there.trap?.frames).toMatchObject([{ name: "_start" }]);
});

test("what a start section writes is there, before the rest", async () => {
  expect(await pool.run(module("early"))).toMatchObject({ outcome: "exited", stdout: "one\nstart\n" });
});

test("a trapped module is looked into when somebody asks for the frames, and once", async () => {
  const path = join(folder, "located.wasm");
  const rows = [...line.setAddress(1), ...line.copy, ...line.advancePc(500), ...line.endSequence];
  const table = lineUnit(4, rows, tables4([], [["trap.c", 0]]));
  writeFileSync(path, withSection(await assemble(sources.trap), ".debug_line", table));
  const looked = vi.spyOn(WebAssembly.Module, "customSections");
  try {
    const [first, second] = [await pool.run(path), await pool.run(path)];
    expect(looked).not.toHaveBeenCalled();
    expect(first.trap?.frames).toMatchObject([{ name: "_start", source: { file: "trap.c", line: 1 } }]);
    expect(second.trap).toEqual(first.trap);
    expect(looked.mock.calls.filter(([, name]) => name === ".debug_line")).toHaveLength(1);
  } finally {
    looked.mockRestore();
  }
});

test("runs are made side by side, and each gets its own result", async () => {
  const [hello, seven, trap, again] = await Promise.all(
    (["hello", "exit7", "trap", "hello"] as const).map((name) => pool.run(module(name))),
  );
  expect(hello).toMatchObject({
    outcome: "exited",
    exitCode: 0,
    stdout: "hello\n",
    memoryBytes: 65_536,
    stats: { bytesWritten: 6 },
  });
  expect(seven).toMatchObject({ outcome: "exited", exitCode: 7, stdout: "" });
  expect(trap).toMatchObject({ outcome: "trapped", exitCode: 134, trap: { message: "unreachable" } });
  expect(again).toMatchObject({ stdout: "hello\n" });
});

const flooded = expect.stringMatching(/^(flood\n)+/) as string;

test.each<[guest: keyof typeof hostile, options: RunOptions, result: object]>([
  ["loop", {}, { outcome: "timed-out", stdout: "flood\n" }],
  ["sleep", {}, { outcome: "timed-out", stdout: "flood\n" }],
  ["read", { stdin: new PassThrough() }, { outcome: "timed-out", stdout: "flood\n" }],
  ["flood", {}, { outcome: "timed-out", stdout: flooded }],
  ["grow", { maxMemoryBytes: 6_553_600 }, { outcome: "out-of-memory", stdout: "" }],
  ["recurse", {}, { outcome: "trapped", stdout: "" }],
])("a guest is ended that would not end, and the next run does not notice: %s", async (guest, options, result) => {
  // What overflows the stack gets the time for it: it needs a second where the machine is busy.
  const timeoutMs = guest === "recurse" ? 10_000 : 300;
  expect(await pool.run(module(guest), { timeoutMs, ...options })).toMatchObject(result);
  expect(await pool.run(module("hello"))).toMatchObject({ stdout: "hello\n" });
});

test.each(["loop", "sleep", "read", "flood"] as const)(
  "a signal ends %s, with what was written until then",
  async (guest) => {
    const controller = new AbortController();
    const result = pool.run(module(guest), {
      signal: controller.signal,
      stdin: new PassThrough(),
      // Once the guest is in the middle of it.
      stdout: () => void setTimeout(() => controller.abort(), 20),
    });
    expect(await result).toMatchObject({ outcome: "aborted", exitCode: 130 });
    expect(await pool.run(module("hello"))).toMatchObject({ stdout: "hello\n" });
  },
);

test("a run of its own can be ended by a signal, too", async () => {
  const controller = new AbortController();
  const result = run(module("loop"), { signal: controller.signal, stdout: () => controller.abort() });
  expect(await result).toMatchObject({ outcome: "aborted", exitCode: 130 });
});

test("a run that is aborted just as it ends takes no later run with it", async () => {
  await using one = createPool({ size: 1 });
  for (let round = 0; round < 30; round++) {
    const controller = new AbortController();
    const first = one.run(module("hello"), { signal: controller.signal, stdout: () => controller.abort() });
    const second = one.run(module("hello"));
    expect(["exited", "aborted"]).toContain((await first).outcome);
    expect(await second).toMatchObject({ outcome: "exited", stdout: "hello\n" });
  }
});

test("a run that has not begun is refused when its signal is aborted", async () => {
  const one = createPool({ size: 1 });
  const first = one.run(module("loop"), { timeoutMs: 200 });
  const controller = new AbortController();
  const second = one.run(module("hello"), { signal: controller.signal });
  controller.abort(new Error("changed my mind"));
  await expect(second).rejects.toMatchObject({ code: "E_ABORTED", cause: new Error("changed my mind") });
  await expect(one.run(module("hello"), { signal: controller.signal })).rejects.toMatchObject({ code: "E_ABORTED" });
  expect(await first).toMatchObject({ outcome: "timed-out" });
  await one.close();
});

test("who asked first goes first", async () => {
  const one = createPool({ size: 1 });
  const order: number[] = [];
  const runs = Array.from({ length: 5 }, async (_, i) => {
    await one.run(module("hello"));
    order.push(i);
  });
  await Promise.all(runs);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  await one.close();
});

test.each<[what: string, stdin: RunOptions["stdin"], stdout: string]>([
  ["text", "some text, longer than its buffer", "some text, longer than its buffer"],
  ["bytes", Buffer.from("bytes"), "bytes"],
  ["a file", { file: import.meta.filename }, expect.stringContaining("what this very line holds")],
  [
    "a stream of text",
    Readable.from(["one, ", "two, ", "three, and more than sixteen"]),
    "one, two, three, and more than sixteen",
  ],
  ["a stream of nothing", Readable.from([]), ""],
  ["nothing", undefined, ""],
])("stdin is %s", async (_, stdin, stdout) => {
  expect(await pool.run(module("cat"), stdin === undefined ? {} : { stdin })).toMatchObject({ exitCode: 0, stdout });
});

test("a guest answers while its input is still coming", async () => {
  const stdin = new PassThrough();
  const heard: string[] = [];
  stdin.write("first");
  const result = pool.run(module("cat"), {
    stdin,
    stdout: (chunk) => {
      heard.push(Buffer.from(chunk).toString());
      if (heard.length === 1) stdin.write("second");
      else stdin.end();
    },
  });
  expect(await result).toMatchObject({ outcome: "exited", stdout: "", stderr: ".." });
  expect(heard).toEqual(["first", "second"]);
});

test("a stream that the guest does not read to its end is left as it is", async () => {
  const stdin = new PassThrough();
  stdin.write("for somebody else");
  await pool.run(module("hello"), { stdin });
  expect(stdin.destroyed).toBe(false);
  expect(stdin.read()).toEqual(Buffer.from("for somebody else"));
});

test("what goes to two functions comes in the order in which it was written", async () => {
  const order: string[] = [];
  await pool.run(module("cat"), {
    stdin: "a".repeat(160),
    stdout: () => void order.push("out"),
    stderr: () => void order.push("err"),
  });
  expect(order).toEqual(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? "out" : "err")));
});

test("a large output comes whole", async () => {
  const { stdoutBytes } = await pool.run(module("large"));
  expect(stdoutBytes.length).toBe(1_000_000);
  let size = 0;
  await pool.run(module("large"), {
    stdout: (chunk) => {
      size += chunk.length;
    },
  });
  expect(size).toBe(1_000_000);
});

test("bytes that are no text survive", async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(Buffer.from((await pool.run(module("cat"), { stdin: bytes })).stdoutBytes)).toEqual(Buffer.from(bytes));
});

test("a function that throws ends the run, and its error is what the run fails with", async () => {
  const error = new Error("full");
  const stdout = (): void => {
    throw error;
  };
  await expect(pool.run(module("flood"), { stdout })).rejects.toBe(error);
  expect(await pool.run(module("hello"))).toMatchObject({ stdout: "hello\n" });
});

test.each<[what: string, stdin: Readable, message: RegExp]>([
  [
    "that fails",
    new Readable({
      read() {
        this.destroy(new Error("gone"));
      },
    }),
    /^The stream that is to be stdin failed: gone$/,
  ],
  ["of objects", Readable.from([{ no: "bytes" }]), /it gave object, where text or bytes are needed/],
])("a stream %s ends the run", async (_, stdin, message) => {
  await expect(pool.run(module("cat"), { stdin })).rejects.toMatchObject({
    code: "E_STDIN",
    message: expect.stringMatching(message),
  });
});

test.each<[what: string, name: string, options: RunOptions, code: string]>([
  ["no module", "missing", {}, "E_MODULE_NOT_FOUND"],
  ["a library", "library", {}, "E_NO_START"],
  ["no such directory", "hello", { preopens: { "/": "missing" } }, "E_PREOPEN"],
  ["a limit that can't be", "hello", { timeoutMs: -1 }, "E_OPTION"],
  ["input that can't be sent", "hello", { stdin: { read: () => 0, poll: () => undefined } }, "E_OPTION"],
  ["no such input", "hello", { stdin: { file: "missing" } }, "E_STDIN"],
])("a run that can't start fails alone: %s", async (_, name, options, code) => {
  await expect(pool.run(join(folder, `${name}.wasm`), options)).rejects.toMatchObject({ name: "WasiKitError", code });
  expect(await pool.run(module("hello"))).toMatchObject({ stdout: "hello\n" });
});

test("a module that changed is compiled again", async () => {
  const path = join(folder, "changing.wasm");
  writeFileSync(path, await assemble(sources.hello));
  expect(await pool.run(path)).toMatchObject({ exitCode: 0 });
  writeFileSync(path, await assemble(sources.exit7));
  expect(await pool.run(path)).toMatchObject({ exitCode: 7 });
});

test("a module may be bytes or compiled", async () => {
  const bytes = await assemble(sources.exit7);
  const compiled = await WebAssembly.compile(bytes as BufferSource);
  for (const source of [bytes, compiled, compiled]) {
    expect(await pool.run(source)).toMatchObject({ exitCode: 7 });
  }
});

test("a worker is replaced after as many runs as it may make", async () => {
  const one = createPool({ size: 1, runsPerWorker: 2 });
  for (let i = 0; i < 5; i++) expect(await one.run(module("hello"))).toMatchObject({ stdout: "hello\n" });
  await one.close();
});

test("a closed pool waits for its runs, and makes no more", async () => {
  const runs = [pool.run(module("hello")), pool.run(module("hello")), pool.run(module("exit7"))];
  await pool.close();
  await expect(pool.run(module("hello"))).rejects.toMatchObject({ code: "E_POOL_CLOSED" });
  expect((await Promise.all(runs)).map((it) => it.exitCode)).toEqual([0, 0, 7]);
});

test("a pool that is closed at once ends its runs", async () => {
  const one = createPool({ size: 1 });
  const written = new EventEmitter();
  const running = one.run(module("loop"), { stdout: () => void written.emit("chunk") });
  const waiting = one.run(module("hello"));
  await once(written, "chunk");
  const closed = one.close({ abort: true });
  await expect(waiting).rejects.toMatchObject({ code: "E_POOL_CLOSED" });
  expect(await running).toMatchObject({ outcome: "aborted" });
  await closed;
});

test.each<[PoolOptions, message: string]>([
  [{ size: 0 }, "size is 0. It can be a whole number above 0."],
  [{ runsPerWorker: 1.5 }, "runsPerWorker is 1.5. It can be a whole number above 0."],
])("%j is no pool", (options, message) => {
  expect(() => createPool(options)).toThrow(expect.objectContaining({ code: "E_OPTION", message }));
});

const count = (kind: "fd" | "task"): number => readdirSync(`/proc/self/${kind}`).length;

/** One run that takes too long and one that is aborted, both with directories that are open. */
async function endTwo(): Promise<void> {
  const preopens = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`/${i}`, folder]));
  const controller = new AbortController();
  await Promise.all([
    pool.run(module("loop"), { timeoutMs: 5, preopens }),
    pool.run(module("loop"), { signal: controller.signal, stdout: () => controller.abort(), preopens }),
  ]);
}

test.runIf(process.platform === "linux")("runs that were ended leave no descriptor and no thread behind", async () => {
  await endTwo();
  const [fds, threads] = [count("fd"), count("task")];
  for (let i = 0; i < 8; i++) await endTwo();
  // Each worker has many of both while it starts or ends.
  await vi.waitFor(
    () => {
      expect(count("fd") - fds).toBeLessThan(30);
      expect(count("task") - threads).toBeLessThan(10);
    },
    { timeout: 10_000 },
  );
});

test("true has the calls of a run in its result, and a function is refused", async () => {
  const { trace = [] } = await pool.run(module("hello"), { trace: true });
  expect(trace.map(formatCall)).toEqual([expect.stringContaining('fd_write(1<stdout>, "hello\\n" (6 bytes)) = 6')]);
  await expect(pool.run(module("hello"), { trace() {} })).rejects.toMatchObject({ code: "E_OPTION" });
});
