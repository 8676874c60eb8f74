import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ErrorCode } from "../../src/error.ts";
import { projectCommands } from "../../src/advice/project-commands.ts";
import { WasiKitError } from "../../src/error.ts";
import type { RunOptions } from "../../src/options.ts";
import { run } from "../../src/run.ts";
import { assemble } from "../../../wasm/test/helpers/assemble.ts";

const { wasiKit } = projectCommands(".");

let folder: string;

const hello = '(module (memory (export "memory") 1) (func (export "_start")))';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wasi-kit-module-"));
  const bytes = await assemble(hello);
  const files = {
    "hello.wasm": bytes,
    "truncated.wasm": bytes.subarray(0, 20),
    "preamble.wasm": bytes.subarray(0, 6),
    "empty.wasm": "",
    "text.wasm": "(module)\n",
    "component.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
    "imports.wasm": await assemble(`(module
      (import "env" "log" (func (param i32)))
      (import "wasi_snapshot_preview1" "sock_dance" (func))
      (import "wasi_snapshot_preview1" "fd_write" (global i32))
      (import "wasi_snapshot_preview1" "toString" (func))
      (import "wasi:cli/run@0.2.0" "run" (func))
      (import "env" "memory" (memory 1))
      (func (export "_start")))`),
    "signature.wasm": await assemble(`(module
      (import "wasi_snapshot_preview1" "fd_write" (func (param i64) (result i64)))
      (memory (export "memory") 1) (func (export "_start")))`),
    "hello-import.wasm": await assemble(`(module
      (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1) (func (export "_start")))`),
    "library.wasm": await assemble('(module (func (export "add")) (global (export "_start") i32 (i32.const 1)))'),
    "nothing.wasm": await assemble("(module)"),
    file: "",
  };
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const invalid = `It may be cut short, or need a feature that this Node.js (${process.version}) does not have. Build it again, or run it with a newer Node.js.`;

test.each<[what: string, file: string, options: RunOptions, code: ErrorCode, exitCode: number, message: string[]]>([
  [
    "no file",
    "missing.wasm",
    {},
    "E_MODULE_NOT_FOUND",
    127,
    ["There is no module at <folder>/missing.wasm.", `If it has yet to be built, type: ${wasiKit} build`],
  ],
  [
    "below a file",
    "file/hello.wasm",
    {},
    "E_MODULE_NOT_FOUND",
    127,
    ["There is no module at <folder>/file/hello.wasm.", `If it has yet to be built, type: ${wasiKit} build`],
  ],
  ["a folder", "", {}, "E_NOT_WASM", 126, ["<folder>/ is a directory, not a .wasm file."]],
  [
    "empty",
    "empty.wasm",
    {},
    "E_NOT_WASM",
    126,
    ["<folder>/empty.wasm is not WebAssembly: a .wasm file begins with \\0asm. It is empty."],
  ],
  [
    "text",
    "text.wasm",
    {},
    "E_NOT_WASM",
    126,
    ['<folder>/text.wasm is not WebAssembly: a .wasm file begins with \\0asm. It begins with "(module)".'],
  ],
  [
    "truncated",
    "truncated.wasm",
    {},
    "E_NOT_WASM",
    126,
    ["<folder>/truncated.wasm is not a valid WebAssembly module: <V8>", invalid],
  ],
  [
    "cut in its preamble",
    "preamble.wasm",
    {},
    "E_NOT_WASM",
    126,
    ["<folder>/preamble.wasm is not a valid WebAssembly module: <V8>", invalid],
  ],
  [
    "a component",
    "component.wasm",
    {},
    "E_COMPONENT",
    126,
    [
      "<folder>/component.wasm is a WebAssembly component (WASI 0.2 or later), and wasi-kit runs core modules (WASI preview 1).",
      "Run it with wasmtime, or build it for the target wasm32-wasip1.",
    ],
  ],
  [
    "imports that WASI has not",
    "imports.wasm",
    {},
    "E_IMPORTS",
    126,
    [
      "<folder>/imports.wasm imports what WASI preview 1 does not have:",
      "  env.log (function)",
      "  wasi_snapshot_preview1.sock_dance (function)",
      "  wasi_snapshot_preview1.fd_write (global)",
      "  wasi_snapshot_preview1.toString (function)",
      "  wasi:cli/run@0.2.0.run (function)",
      "  env.memory (memory)",
      "It can import the functions of wasi_snapshot_preview1, and those that it is given with the option imports of @wasi-kit/runner.",
    ],
  ],
  [
    "imports that are not given",
    "hello-import.wasm",
    { wasi: false },
    "E_IMPORTS",
    126,
    [
      "<folder>/hello-import.wasm can't be instantiated without its imports.",
      "TypeError: WebAssembly.Instance(): <V8>",
    ],
  ],
  [
    "exports no function _start",
    "library.wasm",
    {},
    "E_NO_START",
    126,
    [
      "<folder>/library.wasm exports no function _start, so it is not a command that can be run.",
      "Functions that it exports: add. Build it as a program, not as a library.",
      "A library's functions are called from code: instantiate() of @wasi-kit/runner.",
    ],
  ],
  [
    "exports nothing",
    "nothing.wasm",
    {},
    "E_NO_START",
    126,
    [
      "<folder>/nothing.wasm exports no function _start, so it is not a command that can be run.",
      "Functions that it exports: none. Build it as a program, not as a library.",
      "A library's functions are called from code: instantiate() of @wasi-kit/runner.",
    ],
  ],
])("a module that can't be run: %s", async (_, file, options, code, exitCode, message) => {
  const error: unknown = await run(`${folder}/${file}`, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WasiKitError);
  const { message: told, ...rest } = error as WasiKitError;
  expect(rest).toMatchObject({ name: "WasiKitError", code, exitCode });
  const steady = told
    .replaceAll(folder, "<folder>")
    .replace(/(?<=valid WebAssembly module: ).*/, "<V8>")
    .replace(/(?<=WebAssembly\.Instance\(\): ).*/, "<V8>");
  expect(steady).toBe(message.join("\n"));
});

test("the engine's own error is the cause", async () => {
  const error: unknown = await run(join(folder, "truncated.wasm")).catch((reason: unknown) => reason);
  expect((error as Error).cause).toBeInstanceOf(WebAssembly.CompileError);
});

test("bytes and URLs are named as what they are", async () => {
  await expect(run(Uint8Array.of(1, 2, 3))).rejects.toThrow("the module is not WebAssembly");
  const url = pathToFileURL(join(folder, "missing.wasm"));
  await expect(run(url)).rejects.toThrow(`There is no module at ${join(folder, "missing.wasm")}.`);
});
