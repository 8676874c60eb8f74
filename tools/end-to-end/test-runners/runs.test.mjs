// A project's tests, as vitest and jest run them: see ../test-runners.slow.test.ts, which makes the modules.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { createPool, GuestError, inspect, instantiate, memory, run, runSync, WasiKitError } from "@wasi-kit/runner";

const module = (name) => join(process.env.MODULES, `${name}.wasm`);
const bytes = (name) => readFileSync(module(name));
const example = (name) => new URL(`../../../examples/${name}`, import.meta.url);
const readFile = example("rust/read-file/build/read-file.wasm");
const options = { timeoutMs: 60_000, preopens: { "/sandbox": fileURLToPath(example("rust/read-file/fixtures")) } };

test("an example runs within its time", async () => {
  const result = await run(readFile, options);
  expect(result).toMatchObject({ outcome: "exited", exitCode: 0 });
  expect(runSync(readFile, options).stdout).toBe(result.stdout);
  const failed = await run(readFile, { timeoutMs: 60_000 });
  expect(failed).toMatchObject({ outcome: "trapped", trap: { message: "unreachable" } });
});

test("what never ends is ended", async () => {
  for (const name of ["loop", "sleep"]) {
    expect(await run(module(name), { timeoutMs: 100 })).toMatchObject({ outcome: "timed-out", exitCode: 124 });
  }
});

test("a pool makes runs, and ends those that take too long or are aborted", async () => {
  const pool = createPool({ size: 2 });
  const controller = new AbortController();
  const results = await Promise.all([
    pool.run(readFile, options),
    pool.run(module("loop"), { timeoutMs: 100 }),
    pool.run(module("started"), { signal: controller.signal, stdout: () => controller.abort() }),
    pool.run(module("cat"), { stdin: Readable.from(["one ", Buffer.from("two")]) }),
  ]);
  expect(results.map(({ outcome }) => outcome)).toEqual(["exited", "timed-out", "aborted", "exited"]);
  expect(results[3].stdout).toBe("one two");
  const changed = await pool.run(module("write"), { preopens: { "/": { files: {} } } });
  expect(Object.keys(changed.changes)).toEqual(["/"]);
  // As what compiles `using` finds it where the realm has no such symbol.
  await pool[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]();
  await expect(pool.run(readFile)).rejects.toMatchObject({ code: "E_POOL_CLOSED" });
});

test("a trap has the same frames wherever it was raised", async () => {
  const pool = createPool({ size: 1 });
  const here = await run(module("trap"));
  const there = await pool.run(module("trap"));
  expect(here.trap.frames).toHaveLength(3);
  expect(there.trap).toEqual(here.trap);
  await pool.close();
});

test("what a worker tells is made of this realm's objects", async () => {
  const pool = createPool({ size: 1 });
  const granted = { trace: true, preopens: { "/": { files: {} } } };
  const [there, here] = [await pool.run(module("write"), granted), await run(module("write"), granted)];
  for (const key of ["diagnostics", "changes"]) expect(there[key]).toStrictEqual(here[key]);
  expect([there.trace, there.trace[0].args]).toEqual([expect.any(Array), expect.any(Object)]);
  await pool.close();
});

test("a stack that overflows in one of Node.js's functions is a trap as well", async () => {
  const preopens = { "/": fileURLToPath(example("wat/hello")) };
  const { outcome, trap } = await run(module("deep"), { timeoutMs: 60_000, preopens });
  expect({ outcome, message: trap?.message }).toEqual({
    outcome: "trapped",
    message: "Maximum call stack size exceeded",
  });
});

test("a library's functions can be called, within their time", async () => {
  const library = await instantiate(bytes("library"), { timeoutMs: 1000 });
  expect(library.exports.add(1, 2)).toBe(3);
  expect(() => library.exports.loop()).toThrow(GuestError);
  expect(library.exports.memory).toBeInstanceOf(WebAssembly.Memory);
  library[Symbol.dispose ?? Symbol.for("Symbol.dispose")]();
});

test("errors are those of this realm", async () => {
  const errors = await Promise.all(
    [
      run("missing.wasm"),
      run(Buffer.from("text")),
      run(module("library")),
      run(module("imports")),
      run(module("trap"), { stdin: { file: "missing" } }),
    ].map((it) => it.catch((error) => error)),
  );
  for (const error of errors) {
    expect(error).toBeInstanceOf(WasiKitError);
    expect(error).toBeInstanceOf(Error);
  }
  expect(errors.map(({ code }) => code)).toEqual([
    "E_MODULE_NOT_FOUND",
    "E_NOT_WASM",
    "E_NO_START",
    "E_IMPORTS",
    "E_STDIN",
  ]);
});

/** The same bytes, as arrays and buffers of this realm, of Node.js's own and of another one. */
const kinds = (content) => {
  const list = JSON.stringify([...content]);
  return {
    Buffer: Buffer.from(content),
    Uint8Array: Uint8Array.from(content),
    ArrayBuffer: Uint8Array.from(content).buffer,
    DataView: new DataView(Uint8Array.from(content).buffer),
    "another realm's Uint8Array": runInNewContext(`Uint8Array.from(${list})`),
    "another realm's ArrayBuffer": runInNewContext(`Uint8Array.from(${list}).buffer`),
    "another realm's DataView": runInNewContext(`new DataView(Uint8Array.from(${list}).buffer)`),
  };
};

test.each(Object.entries(kinds(Buffer.from("ä\n"))))("bytes are bytes: %s", async (_, content) => {
  const pool = createPool({ size: 1 });
  expect(await run(module("cat"), { stdin: content })).toMatchObject({ stdout: "ä\n" });
  expect(await pool.run(module("cat"), { stdin: content })).toMatchObject({ stdout: "ä\n" });
  expect(await run(module("cat"), { stdin: Readable.from([content]) })).toMatchObject({ stdout: "ä\n" });
  expect(Buffer.from(memory({ file: content }).readFile("file")).toString()).toBe("ä\n");
  await pool.close();
});

test.each(Object.entries(kinds(bytes("hello"))))("a module may be any bytes: %s", async (_, source) => {
  const pool = createPool({ size: 1 });
  for (const start of [run, pool.run]) {
    expect(await start(source, { maxMemoryBytes: 65_536 })).toMatchObject({ stdout: "hello\n" });
  }
  expect(await inspect(source)).toMatchObject({ kind: "command" });
  await pool.close();
});

test("a module may have been compiled in another realm", async () => {
  const pool = createPool({ size: 1 });
  const code = `new WebAssembly.Module(Uint8Array.from(${JSON.stringify([...bytes("hello")])}))`;
  for (const source of [runInNewContext(code), new WebAssembly.Module(bytes("hello"))]) {
    expect(await run(source)).toMatchObject({ stdout: "hello\n" });
    expect(await pool.run(source)).toMatchObject({ stdout: "hello\n" });
  }
  await pool.close();
});
