import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assemble } from "../../../../wasm/test/helpers/assemble.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

const library = `(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "wide") (param i64) (result i64) (local.get 0))
  (func (export "half") (param f64) (result f64) (f64.div (local.get 0) (f64.const 2)))
  (func (export "two") (result i32 f32) (i32.const 1) (f32.const 2.5))
  (func (export "none"))
  (func (export "vector") (param v128))
  (func (export "trap") unreachable)
  (func (export "loop") (loop $again (br $again)))
  (func (export "exit") (call $exit (i32.const 7))))`;

let cwd: string;

beforeAll(async () => {
  const bytes = await assemble(library);
  cwd = await makeFolder({
    "library.wasm": bytes,
    "add.wat": '(module (func (export "add") (param i32) (result i32) (local.get 0)))',
    "hello.wasm": await assembleModule("hello"),
    "program/library.wasm": bytes,
    "program/wasi.json": manifest({ module: "library.wasm" }),
  });
});
afterAll(() => remove(cwd));

const invoke = (name: string, ...rest: string[]) => wasiKit(["run", "--invoke", name, ...rest], { cwd });

test.concurrent.each([
  [["add", "library.wasm", "1", "-2"], "-1\n"],
  [["add", "library.wasm", "0xff", "4294967295"], "254\n"],
  [["wide", "library.wasm", "-9223372036854775808"], "-9223372036854775808\n"],
  [["half", "library.wasm", "1e3"], "500\n"],
  [["half", "library.wasm", "-inf"], "-Infinity\n"],
  [["half", "library.wasm", "nan"], "NaN\n"],
  [["two", "library.wasm"], "1\n2.5\n"],
  [["none", "library.wasm"], ""],
  [["add", "add.wat", "3"], "3\n"],
  [["add", "program", "--", "1", "2"], "3\n"],
])("%j prints %j", async ([name = "", ...rest], stdout) => {
  await expect(invoke(name, ...rest)).resolves.toEqual({ exitCode: 0, stdout, stderr: "" });
});

test.concurrent.each([
  [["ad", "library.wasm"], 2, /^There is no function ad\. Did you mean add\? There are: add, wide, /],
  [["add", "library.wasm", "1"], 2, /^add\(i32, i32\) -> i32 takes 2 arguments, and was given 1\.$/],
  [["add", "library.wasm", "1", "x"], 2, /^add\(i32, i32\) -> i32: argument 2 is x, expected i32\.$/],
  [["add", "library.wasm", "1", "1.5"], 2, /: argument 2 is 1\.5, expected i32\.$/],
  [["add", "library.wasm", "1", "4294967296"], 2, /: argument 2 is 4294967296, expected i32\.$/],
  [["half", "library.wasm", ""], 2, /^half\(f64\) -> f64: argument 1 is , expected f64\.$/],
  [["vector", "library.wasm", "1"], 2, /^vector\(v128\) -> \(\): argument 1 is 1, expected v128\.$/],
  [["_start", "hello.wasm"], 126, /^hello\.wasm exports _start: it is a command/],
  [["trap", "library.wasm"], 134, /^library\.wasm: trap trapped: unreachable$/],
  [["exit", "library.wasm"], 7, /^library\.wasm: exit ended: exited, exit code 7$/],
])("%j fails with %i", async ([name = "", ...rest], exitCode, message) => {
  const result = await invoke(name, ...rest);
  expect(result).toMatchObject({ exitCode, stdout: "" });
  expect(result.stderr).toMatch(/^wasi-kit: /);
  expect(result.stderr.replace(/^wasi-kit: /, "").trimEnd()).toMatch(message);
});

test("limits hold for the function, and what would have no effect is refused", async () => {
  const late = await wasiKit(["run", "--timeout", "200ms", "--invoke", "loop", "library.wasm"], { cwd });
  expect(late).toMatchObject({ exitCode: 124, stderr: expect.stringContaining("loop ended: timed-out") });
  const traced = await wasiKit(["run", "--trace", "--json", "--invoke", "add", "library.wasm", "1", "2"], { cwd });
  expect(traced).toMatchObject({
    exitCode: 2,
    stderr: "wasi-kit: --json, --trace can't be combined with --invoke.\n",
  });
});
