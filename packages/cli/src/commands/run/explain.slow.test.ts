import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assemble } from "../../../../wasm/test/helpers/assemble.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

let cwd: string;

beforeAll(async () => {
  const names = ["read", "create", "report", "library", "unknownImports", "exit7"] as const;
  const modules = await Promise.all(names.map(async (name) => [`${name}.wasm`, await assembleModule(name)] as const));
  cwd = await makeFolder({ ...Object.fromEntries(modules), "data/greeting.txt": "hi\n", "it's/greeting.txt": "" });
});
afterAll(() => remove(cwd));

const run = (...args: string[]) => wasiKit(["run", ...args], { cwd });

test("a program that was granted nothing is told which directory here would do, and with it succeeds", async () => {
  const { stderr, exitCode } = await run("read.wasm");
  expect(exitCode).not.toBe(0);
  expect(stderr).toBe(
    "wasi-kit: It asked for greeting.txt, and no directory was granted to it. A program reaches the directories that it is granted, and what is in them.\n" +
      "To allow it, add to the command, before the module:\n\n  --dir data::/::ro\n",
  );
  expect(await run("--dir", "data::/::ro", "read.wasm")).toMatchObject({ stdout: "hi\n", stderr: "", exitCode: 0 });
});

test("the directory is one to fill in where none here has such a file, and quoted where a shell would need it", async () => {
  const empty = await makeFolder({ "read.wasm": await assembleModule("read") });
  expect((await wasiKit(["run", "read.wasm"], { cwd: empty })).stderr).toContain("\n  --dir DIR::/::ro\n");
  await mkdir(join(empty, "it's"));
  await writeFile(join(empty, "it's", "greeting.txt"), "");
  expect((await wasiKit(["run", "read.wasm"], { cwd: empty })).stderr).toContain(String.raw`--dir 'it'\''s::/::ro'`);
  await remove(empty);
});

test("a read-only directory is said to be one, with the option that would let it be written", async () => {
  const { stderr } = await run("--dir", "data::/sandbox::ro", "create.wasm");
  expect(stderr).toContain(
    "It wanted to change /sandbox/new.txt (path_open), and /sandbox was granted for reading only.",
  );
  expect(stderr).toContain("\n  --dir data::/sandbox, without ::ro\n");
});

test("the lines for a wasi.json keep what the run has", async () => {
  const example = await makeFolder({
    "read.wasm": await assembleModule("read"),
    "files/other.txt": "",
    "more/greeting.txt": "",
    "wasi.json": manifest({
      module: "read.wasm",
      runs: { first: { preopens: { "/other": { path: "files", access: "read-only" } }, exitCode: 44 } },
    }),
  });
  const { stderr } = await wasiKit(["run", example]);
  expect(stderr).toContain("there is nothing of that name in what was granted as /other");
  await remove(example);
});

test.each([
  ["a library", ["library.wasm"], 126, /no function _start[^]*wasi-kit: .*\n\n {2}const \{ exports \}/],
  [
    "imports of another host",
    ["unknownImports.wasm"],
    126,
    /env\.log[^]*wasi-kit: WASI has no env\.log, wasi_snapshot_preview1\.sock_dance/,
  ],
])("%s is explained after its error", async (_, args, code, says) => {
  const { stderr, exitCode } = await run(...args);
  expect(exitCode).toBe(code);
  expect(stderr).toMatch(says);
});

test("a program that ends with a code of its own is not explained, and nothing is with --no-explain", async () => {
  expect(await run("exit7.wasm")).toMatchObject({ stderr: "", exitCode: 7 });
  expect((await run("--no-explain", "read.wasm")).stderr).toBe("");
  expect((await run("--no-explain", "library.wasm")).stderr).not.toContain("const { exports }");
});

const real: Readonly<Record<string, readonly [files: Readonly<Record<string, string>>, build: object, says: string]>> =
  {
    rust: [
      {
        "Cargo.toml": '[package]\nname = "hello"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n',
        "src/main.rs":
          'fn main() {\n    let numbers: Vec<u8> = Vec::new();\n    println!("{}", numbers[std::env::args().count()]);\n}\n',
      },
      { language: "rust" },
      "in src/main.rs, line 3: index out of bounds: the len is 0 but the index is 1",
    ],
    assemblyscript: [
      { "assembly/index.ts": 'if (process.argv.length > 0) throw new Error("no luck");\n' },
      { language: "assemblyscript" },
      "in assembly/index.ts, line 1: no luck",
    ],
  };

test.each(Object.entries(real))("the message of a mistake in %s is taken apart", async (_, [files, build, says]) => {
  const example = await makeFolder({ ...files, "wasi.json": manifest({ build, module: "build/hello.wasm" }) });
  expect(await wasiKit(["build", example])).toMatchObject({ exitCode: 0 });
  const { stderr } = await wasiKit(["run", example]);
  expect(stderr).toContain(says);
  await remove(example);
});

test("if the path is not known, a grant for each kind of path is named", async () => {
  // As Rust's library does with a path that no preopen leads to: it makes no call for it.
  const source = `(module
    (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\\10\\00\\00\\00\\17\\00\\00\\00")
    (data (i32.const 16) "Error: Os { code: 44 }\\n")
    (func (export "_start")
      (drop (call $prestat (i32.const 3) (i32.const 8)))
      (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
      (call $exit (i32.const 1))))`;
  const folder = await makeFolder({
    "open.wasm": await assemble(source),
    "wasi.json": manifest({ module: "open.wasm" }),
  });
  const [byOption, byManifest] = [await wasiKit(["run", "open.wasm"], { cwd: folder }), await wasiKit(["run", folder])];
  expect(byOption.stderr).toMatch(/It opens files, and no directory[^]*\n {2}--dir \.\n[^]*\n {2}--dir DIR::\/data\n$/);
  expect(byManifest.stderr).toMatch(
    /\n {2}"preopens": \{ "\.": "\." \}\n[^]*\n {2}"preopens": \{ "\/data": "DIR" \}\n$/,
  );
  await remove(folder);
});

test("a module that asks for arguments, and fails without, is told how to pass some", async () => {
  const source = `(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 64) "usage: usage NAME\\n")
    (func (export "_start") (drop (call $sizes (i32.const 0) (i32.const 4)))
      (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 18))
      (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8))) unreachable))`;
  await writeFile(join(cwd, "usage.wasm"), await assemble(source));
  expect((await run("usage.wasm")).stderr).toContain("add to the end of the command:\n\n  ARGUMENT…\n");
});
