import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ErrorCode } from "../src/error.ts";
import type { RunOptions } from "../src/options.ts";
import { run } from "../src/run.ts";
import { assemble } from "../../wasm/test/helpers/assemble.ts";

let folder: string;
let module: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wasi-kit-options-"));
  await writeFile(join(folder, "file.txt"), "");
  module = await assemble('(module (memory (export "memory") 1) (func (export "_start") unreachable))');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// Each is refused before anything of the guest's runs, with exit code 2.
test.each<[what: string, options: () => RunOptions, code: ErrorCode, message: string]>([
  [
    "a NUL in an argument",
    () => ({ args: ["a", "b\0c"] }),
    "E_OPTION",
    `A NUL can't be passed on to a guest, and argument 2 has one: "b\\u0000c".`,
  ],
  [
    "a NUL in argv0",
    () => ({ argv0: "\0" }),
    "E_OPTION",
    `A NUL can't be passed on to a guest, and argument 0 has one: "\\u0000".`,
  ],
  [
    "a NUL in a variable",
    () => ({ env: { A: "x\0" } }),
    "E_OPTION",
    `A NUL can't be passed on to a guest, and the environment variable A has one: "x\\u0000".`,
  ],
  [
    'a name with "="',
    () => ({ env: { "A=B": "" } }),
    "E_OPTION",
    'The environment variable "A=B" needs a name without "=".',
  ],
  ["no name", () => ({ env: { "": "" } }), "E_OPTION", 'The environment variable "" needs a name without "=".'],
  [
    "no such directory",
    () => ({ preopens: { "/data": join(folder, "none") } }),
    "E_PREOPEN",
    "The preopen /data is declared as <folder>/none, and there is no such directory.\nCreate it (mkdir -p <folder>/none) or declare one that is there.",
  ],
  [
    "a file",
    () => ({ preopens: { "/data": join(folder, "file.txt") } }),
    "E_PREOPEN",
    "The preopen /data is declared as <folder>/file.txt, which is not a directory.\nName the directory that holds it.",
  ],
  [
    "no guest path",
    () => ({ preopens: { "": folder } }),
    "E_PREOPEN",
    'A preopen needs a guest path, and that for <folder> is "".',
  ],
  [
    "a file for stdin that is missing",
    () => ({ stdin: { file: join(folder, "none.txt") } }),
    "E_STDIN",
    "The file <folder>/none.txt, which is to be stdin, can't be read (ENOENT).",
  ],
  [
    "a folder for stdin",
    () => ({ stdin: { file: folder } }),
    "E_STDIN",
    "The file <folder>, which is to be stdin, can't be read (EISDIR).",
  ],
])("refused: %s", async (_, options, code, message) => {
  const error = (await run(module, options()).catch((reason: unknown) => reason)) as Error;
  expect(error).toMatchObject({ name: "WasiKitError", code, exitCode: 2 });
  expect(error.message.replaceAll(folder, "<folder>")).toBe(message);
});
