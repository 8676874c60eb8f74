import { expect, test } from "vitest";
import { projectCommands } from "../src/advice/project-commands.ts";
import { GuestError } from "../src/guest/guest-error.ts";
import { instantiate } from "../src/instantiate.ts";
import { assemble, command, wasi } from "../../wasm/test/helpers/assemble.ts";
import { makeTree } from "../../wasm/test/helpers/tree.ts";

interface Library {
  memory: WebAssembly.Memory;
  base: WebAssembly.Global;
  add(a: number, b: number): number;
  initialized(): number;
  print(): void;
  trap(): void;
  loop(): void;
  exit(): void;
  grow(): number;
  /** Opens file.txt of the first preopen, and gives the errno. */
  open(): number;
}

const library = `(module
  ${wasi({ fd_write: "i32 i32 i32 i32", proc_exit: "i32", path_open: "i32 i32 i32 i32 i32 i64 i64 i32 i32" })}
  (memory (export "memory") 1)
  (global $ready (mut i32) (i32.const 0))
  (global (export "base") i32 (i32.const 7))
  (data (i32.const 0) "\\10\\00\\00\\00\\03\\00\\00\\00") (data (i32.const 16) "hi\\n") (data (i32.const 32) "file.txt")
  (func (export "_initialize") (global.set $ready (i32.const 1)))
  (func (export "initialized") (result i32) (global.get $ready))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "print") (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $deep unreachable)
  (func (export "trap") (call $deep))
  (func (export "loop") (loop $again (br $again)))
  (func (export "exit") (call $proc_exit (i32.const 3)))
  (func (export "grow") (result i32) (memory.grow (i32.const 100)))
  (func (export "open") (result i32)
    (call $path_open (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 8)
      (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64))))`;

test("a library's functions can be called, after it was initialized", async () => {
  using instance = await instantiate<Library>(await assemble(library));
  const { exports } = instance;
  expect(exports.initialized()).toBe(1);
  expect(exports.add(2, 3)).toBe(5);
  expect(exports.memory).toBeInstanceOf(WebAssembly.Memory);
  expect(exports.base.value).toBe(7);
  exports.print();
  exports.print();
  expect(instance.stdout()).toBe("hi\nhi\n");
  expect(instance.stderr()).toBe("");
});

test("the calls of a library are what its trace() returns, those of its start included", async () => {
  const bytes = await assemble(
    library
      .replace("(global.set $ready (i32.const 1))", "(drop (call $open))")
      .replace('(func (export "open")', '(func $open (export "open")'),
  );
  using instance = await instantiate<Library>(bytes, { trace: true, clock: { start: "2020-07-01T00:00:00Z" } });
  const started = instance.trace();
  expect(started).toMatchObject([{ name: "path_open", errno: "badf" }]);
  instance.exports.print();
  expect(instance.trace()).toMatchObject([{ name: "path_open" }, { name: "fd_write", errno: "success" }]);
  expect(started).toHaveLength(1);
  using silent = await instantiate<Library>(bytes);
  silent.exports.print();
  expect(silent.trace()).toEqual([]);
});

test("a library has what it is granted, and no more", async () => {
  const bytes = await assemble(library);
  using granted = await instantiate<Library>(bytes, { preopens: { "/": makeTree({ "file.txt": "" }) } });
  expect(granted.exports.open()).toBe(0);
  using denied = await instantiate<Library>(bytes);
  expect(denied.exports.open()).toBe(8); // badf
});

test.each<[what: keyof Library & ("trap" | "loop" | "exit"), error: object, message: string]>([
  ["trap", { outcome: "trapped", exitCode: 134 }, "the module: trap trapped: unreachable"],
  ["loop", { outcome: "timed-out", exitCode: 124 }, "the module: loop ended: timed-out, exit code 124"],
  ["exit", { outcome: "exited", exitCode: 3 }, "the module: exit ended: exited, exit code 3"],
])("a function that does not return throws: %s", async (what, error, message) => {
  // No call but the one that is to be ended may run out of time on a busy machine.
  const timeoutMs = what === "loop" ? 500 : 60_000;
  using instance = await instantiate<Library>(await assemble(library), { timeoutMs });
  expect(() => instance.exports[what]()).toThrow(expect.objectContaining({ name: "GuestError", message, ...error }));
  // The others can still be called.
  expect(instance.exports.add(1, 1)).toBe(2);
});

test("a library is held to its memory", async () => {
  using instance = await instantiate<Library>(await assemble(library), { maxMemoryBytes: 65_536 });
  expect(instance.exports.grow()).toBe(-1);
});

test.each([
  ["its _initialize", '(module (func (export "_initialize") unreachable))'],
  ["its start function", "(module (func $start unreachable) (start $start))"],
])("a library that fails at once is not instantiated: %s", async (_, text) => {
  await expect(instantiate(await assemble(text))).rejects.toBeInstanceOf(GuestError);
});

test("a library's start section is called once its memory is there, and is not among what it exports", async () => {
  const wat = command(
    "",
    `(data (i32.const 16) "hi\\n") (start $s)
    (func $s (call $print (i32.const 1) (i32.const 16) (i32.const 3)))`,
  ).replaceAll("_start", "other");
  const { exports, stdout, close } = await instantiate(await assemble(wat));
  expect(stdout()).toBe("hi\n");
  expect(Object.keys(exports as object).toSorted()).toEqual(["memory", "other"]);
  close();
});

test("a module without _initialize and without memory is a library as well", async () => {
  const wat = '(module (func (export "seven") (result i64) (i64.const 7)))';
  const { exports, close } = await instantiate<{ seven(): bigint }>(await assemble(wat));
  expect(exports.seven()).toBe(7n);
  close();
});

test("a command is no library", async () => {
  await expect(instantiate(await assemble('(module (func (export "_start")))'))).rejects.toMatchObject({
    code: "E_NOT_REACTOR",
    exitCode: 126,
    message:
      "the module exports _start: it is a command, which runs once from its start to its end.\n" +
      `Run it: run() of @wasi-kit/runner, or ${projectCommands(".").wasiKit} run.`,
  });
});
