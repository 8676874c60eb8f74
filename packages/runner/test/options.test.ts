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
    "a key that a directory does not have",
    () => ({ preopens: { "/data": { path: folder, acess: "read-only" } as never } }),
    "E_OPTION",
    "the preopen /data has no option acess. Did you mean access?\nIts options: path, access, maxWrittenBytes, maxFiles.",
  ],
  [
    "a key that files do not have",
    () => ({ preopens: { "/data": { files: {}, maxFile: 1 } as never } }),
    "E_OPTION",
    "the preopen /data has no option maxFile. Did you mean maxFiles?\nIts options: files, access, maxWrittenBytes, maxFiles.",
  ],
  [
    "a limit that can't be kept",
    () => ({ preopens: { "/data": { path: folder, maxWrittenBytes: -1 } } }),
    "E_OPTION",
    "maxWrittenBytes is -1. It can be a number, 0 or above.",
  ],
  [
    "a list for files",
    () => ({ preopens: { "/data": { files: ["in.txt"] } as never } }),
    "E_OPTION",
    'files is an array. It can be an object by name, such as { "in.txt": "text" }.',
  ],
  [
    "no file system",
    () => ({ preopens: { "/data": { fileSystem: {} } as never } }),
    "E_OPTION",
    "fileSystem is an object. It can be a file system: an object with a method open().",
  ],
  [
    "no directory",
    () => ({ preopens: { "/data": { access: "read-only" } as never } }),
    "E_PREOPEN",
    "The preopen /data names no directory. It needs one of these keys: path, files, fileSystem.",
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
