import { EventEmitter, once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setImmediate as immediately, setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool, run, runSync } from "../../dist/index.js";
import type { Pool, PoolRunOptions } from "../../dist/index.js";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../helpers/hostile.ts";

const mebibyte = 2 ** 20;

/** Copies stdin to stdout, up to 64 KiB at a time. */
const catSource = `(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 1024))
    (loop $again
      (i32.store (i32.const 4) (i32.const 65536))
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (if (i32.load (i32.const 8)) (then
        (i32.store (i32.const 4) (i32.load (i32.const 8)))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
        (br $again))))))`;

/** Writes a mebibyte to stdout, and ends with the errno. */
const largeSource = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 17) (data (i32.const 4) "\\00\\00\\10\\00")
  (func (export "_start") (call $exit (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`;

let cat: Uint8Array;
let large: Uint8Array;
let flood: Uint8Array;
let hello: Uint8Array;
let folder: string;
let pool: Pool;

beforeAll(async () => {
  [cat, large, flood, hello] = (await Promise.all(
    [
      catSource,
      largeSource,
      hostile.flood,
      command("(call $print (i32.const 1) (i32.const 16) (i32.const 6))", '(data (i32.const 16) "hello\\n")'),
    ].map((it) => assemble(it)),
  )) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-streams-"));
  pool = createPool({ size: 1 });
});
afterAll(async () => {
  await pool.close({ abort: true });
  rmSync(folder, { recursive: true });
});

async function* generate(...chunks: readonly unknown[]): AsyncGenerator<unknown> {
  for (const chunk of chunks) {
    await immediately();
    yield chunk;
  }
}
const webReadable = (...chunks: readonly unknown[]): ReadableStream =>
  Readable.toWeb(Readable.from(chunks)) as ReadableStream;

test.each<[what: string, stdin: () => NonNullable<PoolRunOptions["stdin"]>]>([
  ["a stream of Node.js", () => Readable.from(["ab", Buffer.from("cd"), new Uint8Array([101])])],
  ["a ReadableStream", () => webReadable("ab", Buffer.from("cd"), new Uint8Array([101]))],
  ["the body of a Response", () => new Response("abcde").body as ReadableStream],
  ["a stream of bytes", () => new Blob(["abcde"]).stream()],
  ["an async generator", () => generate("ab", Buffer.from("cd"), new Uint16Array([101]).subarray(0, 1), "")],
  ["an async iterable", () => ({ [Symbol.asyncIterator]: () => generate("abcde") })],
])("stdin is read from %s", async (_, stdin) => {
  expect((await pool.run(cat, { stdin: stdin() })).stdout.replace("\0", "")).toBe("abcde");
  // One of its own needs no pool.
  expect((await run(cat, { stdin: stdin() })).stdout.replace("\0", "")).toBe("abcde");
});

test("a file is copied by a guest, from a stream to a stream", async () => {
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  writeFileSync(from, Buffer.alloc(3 * mebibyte, "some text "));
  const stdout = createWriteStream(to);
  expect(await pool.run(cat, { stdin: createReadStream(from), stdout })).toMatchObject({ outcome: "exited" });
  expect(readFileSync(to).equals(readFileSync(from))).toBe(true);
  // It was not ended: whoever passed it may write on.
  expect(stdout.writableEnded).toBe(false);
  stdout.end("more");
  await once(stdout, "close");
  expect(readFileSync(to)).toHaveLength(3 * mebibyte + 4);
});

test("a request goes through a guest to an answer, as the web has it", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const ran = pool.run(cat, { stdin: new Blob(["x".repeat(mebibyte)]).stream(), stdout: writable });
  const read = buffer(readable);
  expect(await ran).toMatchObject({ outcome: "exited", stdout: "" });
  // The lock is given back, and the stream is open.
  await writable.close();
  expect(await read).toEqual(Buffer.alloc(mebibyte, "x"));
});

test("a stream for both outputs gets them in their order", async () => {
  const both = await assemble(
    command(
      [1, 2, 1, 2].map((fd, i) => `(call $print (i32.const ${fd}) (i32.const ${16 + i}) (i32.const 1))`).join(" "),
      '(data (i32.const 16) "abcd")',
    ),
  );
  for (const stream of [new PassThrough(), new TransformStream<Uint8Array, Uint8Array>()]) {
    const written = stream instanceof PassThrough ? stream : stream.writable;
    const ran = pool.run(both, { stdout: written, stderr: written });
    const read = buffer(stream instanceof PassThrough ? stream : stream.readable);
    expect(await ran).toMatchObject({ outcome: "exited" });
    if (stream instanceof PassThrough) stream.end();
    else await stream.writable.close();
    expect((await read).toString()).toBe("abcd");
  }
});

test("an async function is waited for, call by call, and the result waits for the last", async () => {
  let busy = 0;
  let size = 0;
  const stdout = async (chunk: Uint8Array): Promise<void> => {
    expect(busy++).toBe(0);
    await delay(5);
    busy--;
    size += chunk.length;
  };
  expect(await pool.run(large, { stdout })).toMatchObject({ exitCode: 0 });
  expect([busy, size]).toEqual([0, mebibyte]);
  // Declared async, so that it is known before the run: it has a worker.
  size = 0;
  expect(await run(large, { stdout })).toMatchObject({ exitCode: 0 });
  expect(size).toBe(mebibyte);
});

test.each(["run", "runSync"] as const)(
  "%s in this thread does not go on without what it can't wait for",
  async (name) => {
    const ran = async (): Promise<unknown> =>
      (name === "run" ? run : runSync)(hello, { stdout: () => Promise.reject(new Error("nobody is to hear of this")) });
    await expect(ran()).rejects.toMatchObject({
      code: "E_OPTION",
      message: expect.stringContaining("Declare it async"),
    });
  },
);

test("a guest is stopped by what takes nothing, and goes on with it", async () => {
  let size = 0;
  let more: (() => void) | undefined;
  const stdout = new Writable({
    write(chunk: Buffer, _, callback) {
      size += chunk.length;
      more = callback;
    },
  });
  let hasEnded = false;
  const ran = pool.run(large, { stdout, timeoutMs: 60_000 }).finally(() => (hasEnded = true));
  await vi.waitFor(() => expect(more).toBeDefined());
  const first = size;
  await delay(100);
  expect([size, hasEnded]).toEqual([first, false]);
  expect(first).toBeLessThanOrEqual(256 * 1024);
  const goOn = (): void => {
    const taken = more;
    more = undefined;
    taken?.();
  };
  const timer = setInterval(goOn, 1);
  expect(await ran).toMatchObject({ outcome: "exited", exitCode: 0 });
  clearInterval(timer);
  expect(size).toBe(mebibyte);
});

test.each<[what: string, options: (signal: AbortSignal) => PoolRunOptions, outcome: string]>([
  ["its time", () => ({ timeoutMs: 200 }), "timed-out"],
  ["a signal", (signal) => ({ signal }), "aborted"],
])("a guest that nobody takes anything from is ended by %s", async (_, options, outcome) => {
  for (const module of [flood, large]) {
    for (const makeOutput of [
      (take: () => unknown) => (): Promise<void> => take() as Promise<void>,
      (take: () => unknown) => new Writable({ write: () => void take() }),
      (take: () => unknown) => new WritableStream<Uint8Array>({ write: () => take() as Promise<void> }),
    ]) {
      const controller = new AbortController();
      const stdout = makeOutput(() => {
        setTimeout(() => controller.abort(), 50);
        return new Promise(() => {});
      });
      expect(await pool.run(module, { stdout, ...options(controller.signal) })).toMatchObject({ outcome });
    }
  }
  expect(await pool.run(hello)).toMatchObject({ stdout: "hello\n" });
});

const failed = new Error("the disk is full");

test.each<[what: string, stdout: () => NonNullable<PoolRunOptions["stdout"]>, errors: object]>([
  [
    "a stream that fails",
    () =>
      new Writable({
        write(_chunk, _encoding, callback) {
          callback(failed);
        },
      }),
    { stdout: failed },
  ],
  [
    "a stream that is destroyed while it takes something",
    () =>
      new Writable({
        write() {
          setImmediate(() => this.destroy());
        },
      }),
    {},
  ],
  [
    "a WritableStream that fails",
    () =>
      new WritableStream({
        write() {
          throw failed;
        },
      }),
    { stdout: failed },
  ],
  [
    "a WritableStream whose reader cancels",
    () => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const reader = readable.getReader();
      void reader.read().then(() => reader.cancel("it went away"));
      return writable;
    },
    { stdout: "it went away" },
  ],
])("a guest that writes to %s is ended, with a whole result", async (_, stdout, outputErrors) => {
  const result = await pool.run(flood, { stdout: stdout() });
  expect(result).toMatchObject({ outcome: "broken-pipe", exitCode: 141, stats: { calls: expect.any(Number) } });
  expect(result.outputErrors ?? {}).toEqual(outputErrors);
  expect(result).not.toHaveProperty("lostOutput");
  expect(await pool.run(hello)).toMatchObject({ stdout: "hello\n" });
});

test("a guest that is to go on gets an errno, and the result says what was lost", async () => {
  const stdout = new Writable({
    write(_chunk, _encoding, callback) {
      callback(failed);
    },
  });
  const result = await pool.run(large, { stdout, breakOnPipe: false });
  expect(result).toMatchObject({ outcome: "exited", exitCode: 64, lostOutput: ["stdout"] });
  expect(result.outputErrors).toEqual({ stdout: failed });
  // Six bytes are in the buffer when the guest has ended: it never knew.
  const late = new Writable({ write: (_chunk, _encoding, callback) => void setImmediate(callback, failed) });
  expect(await pool.run(hello, { stdout: late })).toMatchObject({ outcome: "exited", lostOutput: ["stdout"] });
});

test("a stream that fails after its run fails for whoever has it", async () => {
  let fail: ((error: Error) => void) | undefined;
  const stdout = new Writable({ write: (_chunk, _encoding, callback) => void (fail = callback) });
  expect(await pool.run(hello, { stdout, timeoutMs: 100 })).toMatchObject({ outcome: "timed-out" });
  // The write is one of ours: its failure does not end this process.
  fail?.(failed);
  await new Promise((resolve) => void stdout.once("close", resolve));
  expect(stdout.errored).toBe(failed);
});

test("what an async function rejects with is what the run fails with", async () => {
  const stdout = async (): Promise<void> => {
    await immediately();
    throw failed;
  };
  await expect(pool.run(flood, { stdout })).rejects.toBe(failed);
  expect(await pool.run(hello)).toMatchObject({ stdout: "hello\n" });
});

/** Streams that can't be used. */
const destroyed = <T extends Readable | Writable>(stream: T): T => {
  stream.destroy();
  return stream;
};
const locked = <T extends ReadableStream | WritableStream>(stream: T): T => {
  if ("getReader" in stream) stream.getReader();
  else stream.getWriter();
  return stream;
};

test.each<[what: string, options: () => PoolRunOptions, code: string, message: RegExp]>([
  [
    "a locked ReadableStream",
    () => ({ stdin: locked(webReadable("a")) }),
    "E_STDIN",
    /is locked: somebody else reads it/,
  ],
  ["a destroyed Readable", () => ({ stdin: destroyed(Readable.from(["a"])) }), "E_STDIN", /was destroyed/],
  ["a locked WritableStream", () => ({ stdout: locked(new WritableStream()) }), "E_OUTPUT", /take stdout is locked/],
  ["a destroyed Writable", () => ({ stderr: destroyed(new PassThrough()) }), "E_OUTPUT", /take stderr was destroyed/],
  ["a Writable that was ended", () => ({ stdout: new PassThrough().end() }), "E_OUTPUT", /take stdout was ended/],
])("%s is no stream to run with, and the others are given back", async (_, options, code, message) => {
  const stdin = webReadable("a");
  await expect(pool.run(cat, { stdin, ...options() })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
  expect(stdin.locked).toBe(false);
});

test.each<[what: string, stdin: () => NonNullable<PoolRunOptions["stdin"]>, message: RegExp]>([
  [
    "a Readable that fails before it is read",
    () => {
      const stdin = new PassThrough();
      stdin.write("a");
      setImmediate(() => stdin.destroy(failed));
      return stdin;
    },
    /failed: the disk is full$/,
  ],
  [
    "a Readable that is destroyed",
    () => {
      const stdin = new PassThrough();
      stdin.write("a");
      setTimeout(() => stdin.destroy(), 100);
      return stdin;
    },
    /failed: Premature close$/,
  ],
  [
    "a ReadableStream that fails",
    () =>
      new ReadableStream(
        {
          pull(controller) {
            if (controller.desiredSize === 1) controller.enqueue("a");
            else controller.error(failed);
          },
        },
        { highWaterMark: 2 },
      ),
    /failed: the disk is full$/,
  ],
  ["a ReadableStream of objects", () => webReadable({ no: "bytes" }), /it gave object, where text or bytes/],
  [
    "a generator that throws",
    async function* fails() {
      yield "a";
      throw failed;
    },
    /failed: the disk is full$/,
  ],
])("a run fails whose stdin is %s", async (_, stdin, message) => {
  const given = stdin();
  const iterable = typeof given === "function" ? (given as () => AsyncIterable<unknown>)() : given;
  await expect(pool.run(cat, { stdin: iterable as AsyncIterable<unknown> })).rejects.toMatchObject({
    code: "E_STDIN",
    message: expect.stringMatching(message),
  });
  expect(await pool.run(hello)).toMatchObject({ stdout: "hello\n" });
});

test("a stream that a guest does not read to its end is left to whoever reads on", async () => {
  const web = webReadable("for somebody else");
  await pool.run(hello, { stdin: web });
  expect((await buffer(web as never)).toString()).toBe("for somebody else");
  // A generator is given back what it holds.
  const closed = vi.fn<() => void>();
  async function* generator(): AsyncGenerator<string> {
    try {
      for (;;) yield "a";
    } finally {
      closed();
    }
  }
  const stdin = generator();
  const { signal } = new AbortController();
  await stdin.next();
  expect(await pool.run(hello, { stdin, signal })).toMatchObject({ exitCode: 0 });
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
});

test("a run that never begins gives its streams back", async () => {
  const one = createPool({ size: 1, maxQueue: 0 });
  const controller = new AbortController();
  const begun = new EventEmitter();
  const running = one.run(flood, { stdout: () => void begun.emit("output"), signal: controller.signal });
  const stdin = webReadable("a");
  const { writable } = new TransformStream();
  await once(begun, "output");
  await expect(one.run(cat, { stdin, stdout: writable })).rejects.toMatchObject({ code: "E_QUEUE_FULL" });
  expect([stdin.locked, writable.locked]).toEqual([false, false]);
  controller.abort();
  await running;
  await one.close();
});
