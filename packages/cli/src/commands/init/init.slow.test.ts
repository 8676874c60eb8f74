import { copyFileSync, existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { readProgram } from "@wasi-kit/manifest";
import type { LanguageName } from "@wasi-kit/manifest";
import { x } from "tinyexec";
import { expect, test } from "vitest";
import { root } from "../../../../../tools/root.ts";
import { needs } from "../../../../compiler/test/helpers/needs.ts";
import { folderWith, wasiKit } from "../../../test/helpers/command.ts";

const crate = (more = ""): string => `[package]\nname = "my-crate"\nversion = "0.1.0"\nedition = "2021"\n${more}`;
const prints = (text: string): string => `fn main() {\n    println!("${text}");\n}\n`;
const wat = (text: string): string => `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\0${text.length + 1}\\00\\00\\00")
  (data (i32.const 16) "${text}\\n")
  (func (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
`;

test.for<
  [what: string, files: Record<string, string>, module: string, found: string, stdout: string, language?: LanguageName]
>([
  [
    "a crate as cargo makes it",
    { "Cargo.toml": crate('description = "Says hello"\n[dependencies]\n'), "src/main.rs": prints("hello") },
    "build/my-crate.wasm",
    "the crate my-crate in Cargo.toml",
    "hello",
  ],
  [
    "a crate with programs by other names",
    {
      "Cargo.toml": crate('default-run = "second"\n[[bin]]\nname = "first"\npath = "src/main.rs"\n'),
      "src/main.rs": prints("the first"),
      "src/bin/second.rs": prints("the second"),
      "src/bin/third/main.rs": prints("the third"),
    },
    "build/second.wasm",
    "the crate my-crate in Cargo.toml",
    "the second",
  ],
  [
    "a crate with a program by another name",
    { "Cargo.toml": crate('[[bin]]\nname = "other"\npath = "src/main.rs"\n'), "src/main.rs": prints("the other") },
    "build/other.wasm",
    "the crate my-crate in Cargo.toml",
    "the other",
  ],
  ["a .wat file", { "greet.wat": wat("hi") }, "build/greet.wasm", "the program greet.wat", "hi"],
  [
    "an AssemblyScript program",
    { "assembly/index.ts": 'console.log("hey");\n', "package.json": '{ "name": "@me/heyer" }' },
    "build/heyer.wasm",
    "the AssemblyScript program assembly/index.ts",
    "hey",
  ],
  [
    "a program in C",
    { "src/main.c": '#include <stdio.h>\nint main(void) { return puts("ho") < 0; }\n' },
    "build/FOLDER.wasm",
    "the program src/main.c",
    "ho",
    "c",
  ],
  [
    "a program in C++",
    { "src/main.cpp": '#include <cstdio>\nint main() { return puts("hu") < 0; }\n' },
    "build/FOLDER.wasm",
    "the program src/main.cpp",
    "hu",
    "c",
  ],
  [
    "a Go module",
    {
      "go.mod": "module example.com/greeter/v2\n\ngo 1.21\n",
      "main.go": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("ha") }\n',
    },
    "build/greeter.wasm",
    "the program greeter in go.mod",
    "ha",
    "go",
  ],
  [
    "a Go module with a command",
    {
      "go.mod": "module example.com/greeter\n\ngo 1.21\n",
      "greeter.go": "package greeter\n",
      "cmd/greet/main.go": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hi") }\n',
    },
    "build/greet.wasm",
    "the program greet in go.mod",
    "hi",
    "go",
  ],
  [
    "a program in Zig",
    { "src/main.zig": 'const std = @import("std");\npub fn main() void {\n    std.debug.print("hm\\n", .{});\n}\n' },
    "build/FOLDER.wasm",
    "the program src/main.zig",
    "",
    "zig",
  ],
])("beside %s, it writes what builds and runs", { timeout: 300_000 }, async (row, context) => {
  const [, files, pattern, found, stdout, language] = row;
  if (language) await needs(language, context);
  const cwd = await folderWith(files);
  const module = pattern.replace("FOLDER", basename(cwd));
  // A package.json that is there already is that of a CommonJS package.
  const config = "package.json" in files ? "vitest.config.mts" : "vitest.config.ts";
  await expect(wasiKit(["init"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stdout: "",
    stderr:
      `wasi-kit: found ${found}\n` +
      `wasi-kit: wrote wasi.json, package.json, ${config}, ${basename(module, ".wasm")}.test.ts, .gitignore\n` +
      `wasi-kit: the module will be ${module}\n` +
      "wasi-kit: next, type: npm install && npm test\n",
  });
  await expect(wasiKit(["build"], { cwd })).resolves.toMatchObject({ exitCode: 0 });
  await expect(wasiKit(["run"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stdout: stdout && `${stdout}\n`,
    stderr: stdout ? "" : "hm\n",
  });
});

test("what it writes beside a crate", async () => {
  const cwd = await folderWith({
    "crate/Cargo.toml": crate('description = "Says hello"\n'),
    "crate/src/main.rs": "",
    "crate/.gitignore": "/target",
  });
  const { stderr } = await wasiKit(["init", "crate"], { cwd });
  expect(stderr).toContain("next, type in crate: npm install && npm test\n");
  expect(readFileSync(join(cwd, "crate/wasi.json"), "utf8")).toMatchInlineSnapshot(`
    "{
      "$schema": "./node_modules/@wasi-kit/manifest/wasi.schema.json",
      "description": "Says hello",
      "build": {
        "language": "rust"
      },
      "module": "build/my-crate.wasm",
      "runs": {
        "default": {}
      }
    }
    "
  `);
  expect(readFileSync(join(cwd, "crate/my-crate.test.ts"), "utf8")).toContain("await testProgram(import.meta.url);\n");
  expect(readFileSync(join(cwd, "crate/.gitignore"), "utf8")).toBe("/target\nnode_modules/\nbuild/\n");
  const { devDependencies, ...rest } = JSON.parse(readFileSync(join(cwd, "crate/package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  expect(Object.keys(devDependencies)).toEqual([
    "@types/node",
    "@wasi-kit/manifest",
    "@wasi-kit/vitest",
    "vitest",
    "wasi-kit",
  ]);
  expect(rest).toEqual({
    name: "crate",
    version: "0.0.0",
    private: true,
    type: "module",
    scripts: {
      build: "wasi-kit build",
      dev: "wasi-kit dev",
      start: "wasi-kit build && wasi-kit run --all",
      test: "wasi-kit build && vitest run",
    },
  });
});

test("in a project, what is there already stays", async () => {
  const before = {
    scripts: { start: "node server.js", test: 'echo "Error: no test specified" && exit 1' },
    devDependencies: { vitest: "4.0.1" },
  };
  const kept = { "vite.config.ts": "export default {};\n", "greet.test.ts": "// mine\n", ".gitignore": "*\nbuild\n" };
  const cwd = await folderWith({
    "greet.wat": wat("hi"),
    "package.json": JSON.stringify(before),
    "yarn.lock": "",
    ...kept,
  });
  const { stderr } = await wasiKit(["init"], { cwd });
  expect(stderr).toContain("wasi-kit: wrote wasi.json, package.json, .gitignore\n");
  expect(stderr).toContain("next, type: yarn install && yarn test\n");
  const after = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")) as typeof before;
  expect(after.scripts).toEqual({
    start: "node server.js",
    build: "wasi-kit build",
    dev: "wasi-kit dev",
    test: "wasi-kit build && vitest run",
  });
  expect(after.devDependencies.vitest).toBe("4.0.1");
  expect(readFileSync(join(cwd, "greet.test.ts"), "utf8")).toBe(kept["greet.test.ts"]);
  expect(readFileSync(join(cwd, ".gitignore"), "utf8")).toBe("*\nbuild\nnode_modules/\n");
  expect(existsSync(join(cwd, "vitest.config.ts"))).toBe(false);
});

test("in a package of CommonJS, vite takes the configuration for a module all the same", async () => {
  const cwd = await folderWith({ "package.json": '{ "devDependencies": {} }', "hello.wat": "(module)" });
  const { stderr } = await wasiKit(["init"], { cwd });
  expect(stderr).toContain("wasi-kit: wrote wasi.json, package.json, vitest.config.mts, hello.test.ts, .gitignore\n");
  expect(existsSync(join(cwd, "vitest.config.ts"))).toBe(false);
});

test.each<[where: string, files: Record<string, string>, schema: string, packageJson: string, next: string]>([
  [
    "a folder of a project belongs to that",
    { "package.json": '{ "scripts": { "test": "mocha" } }', "package-lock.json": "" },
    "../../node_modules",
    "package.json",
    "in ../..: npm install && npx vitest run",
  ],
  [
    "a package of a workspace of npm has what is installed at the root",
    { "package.json": '{ "workspaces": ["a/*"] }', "package-lock.json": "" },
    "../../node_modules",
    "a/b/package.json",
    ": npm install && npm test",
  ],
  [
    "a package of a workspace of pnpm has it beside it",
    { "package.json": "{}", "pnpm-workspace.yaml": "packages: [a/*]", "pnpm-lock.yaml": "" },
    "./node_modules",
    "a/b/package.json",
    ": pnpm install && pnpm test",
  ],
])("%s", async (_, files, nodeModules, packageJson, next) => {
  const cwd = await folderWith({ ...files, "a/b/greet.wat": wat("hi") });
  const { stderr } = await wasiKit(["init"], { cwd: join(cwd, "a/b") });
  expect(stderr).toContain(`next, type${next.startsWith(":") ? "" : " "}${next}\n`);
  expect(JSON.parse(readFileSync(join(cwd, "a/b/wasi.json"), "utf8"))).toMatchObject({
    $schema: `${nodeModules}/@wasi-kit/manifest/wasi.schema.json`,
  });
  expect(JSON.parse(readFileSync(join(cwd, packageJson), "utf8"))).toHaveProperty("devDependencies.wasi-kit");
});

test("a module that is there as it is can be run and tested", { timeout: 180_000 }, async () => {
  const cwd = await folderWith({ "README.md": "" });
  copyFileSync(join(root, "examples/wat/hello/build/hello.wasm"), join(cwd, "other.wasm"));
  await expect(wasiKit(["init"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stdout: "",
    stderr:
      "wasi-kit: found the module other.wasm\n" +
      "wasi-kit: wrote wasi.json, package.json, vitest.config.ts, other.test.ts, .gitignore\n" +
      "wasi-kit: next, type: npm install && npm test\n",
  });
  const { manifest } = await readProgram(cwd);
  expect(manifest).toMatchObject({ module: "other.wasm", runs: { default: {} } });
  expect(manifest.build).toBeUndefined();
  await expect(wasiKit(["run"], { cwd })).resolves.toMatchObject({ exitCode: 0, stdout: "hello world\n" });

  // A first test writes its snapshot, and CI compares with it.
  symlinkSync(join(root, "examples/wat/hello/node_modules"), join(cwd, "node_modules"));
  for (const CI of ["", "1"]) {
    const tested = await x("npm", ["test"], { nodeOptions: { cwd, env: { CI, NO_COLOR: "1" } } });
    expect(tested).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/Tests +2 passed/) });
  }
  expect(readFileSync(join(cwd, "__snapshots__/default.txt"), "utf8")).toContain("| hello world\n");
  expect(readFileSync(join(cwd, ".gitignore"), "utf8")).toBe("node_modules/\n");
});

test("of a source and a module the source is meant, unless the module is named", async () => {
  const files = { "greet.wat": wat("hi") };
  const cwd = await folderWith(files);
  copyFileSync(join(root, "examples/wat/hello/build/hello.wasm"), join(cwd, "other.wasm"));
  expect((await wasiKit(["init"], { cwd })).stderr).toContain("found the program greet.wat\n");
  rmSync(join(cwd, "wasi.json"));
  expect((await wasiKit(["init", "other.wasm"], { cwd })).stderr).toContain("found the module other.wasm\n");
});

test.for<[what: string, files: Record<string, string>, found: string]>([
  [
    "Rust",
    {
      "Cargo.toml": crate('[lib]\ncrate-type = ["cdylib"]\n'),
      "src/lib.rs": '#[no_mangle]\npub extern "C" fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n',
    },
    "the library my-crate in Cargo.toml",
  ],
  [
    "WAT",
    {
      "sum.wat":
        '(module ;; exports no (export "_start")\n' +
        '  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))\n',
    },
    "the library sum.wat",
  ],
])("a library in %s has nothing to run, and its only run expects that", async ([, files, found]) => {
  const cwd = await folderWith(files);
  const { stderr } = await wasiKit(["init"], { cwd });
  expect(stderr).toContain(`found ${found}\n`);
  const { scripts } = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")) as { scripts: object };
  expect(scripts).toEqual({ build: "wasi-kit build", test: "wasi-kit build && vitest run" });
  const { manifest } = await readProgram(cwd);
  expect(manifest.runs).toEqual({ "as-a-command": { exitCode: 126 } });
  await expect(wasiKit(["test"], { cwd })).resolves.toMatchObject({ exitCode: 0 });
});

test("an AssemblyScript project that is not bound to WASI is told how to be", async () => {
  const cwd = await folderWith({
    // As `npx asinit` makes it, with another entry.
    "asconfig.json": JSON.stringify({
      entries: ["src/main.ts"],
      targets: { release: {} },
      options: { bindings: "esm" },
    }),
    "src/main.ts": 'console.log("hey");\n',
    "package.json": "{}",
  });
  const { stderr, exitCode } = await wasiKit(["init"], { cwd });
  expect(exitCode).toBe(0);
  expect(stderr).toContain('Put into it, for the package @assemblyscript/wasi-shim:\n"extends": ');
  expect(readFileSync(join(cwd, "package.json"), "utf8")).toContain('"@assemblyscript/wasi-shim": ');
  const { manifest } = await readProgram(cwd);
  expect(manifest.build).toEqual({ language: "assemblyscript", source: "src/main.ts" });
});

test("where there are several, the one that is named is taken", async () => {
  const cwd = await folderWith({ "one.wat": wat("one"), "two.wat": wat("two"), "Cargo.toml": crate() });
  await expect(wasiKit(["init"], { cwd })).resolves.toEqual({
    exitCode: 2,
    stdout: "",
    stderr:
      "wasi-kit: There is more than one source in this folder: Cargo.toml, one.wat, two.wat.\n" +
      "A wasi.json is for one. Name it: wasi-kit init Cargo.toml, or wasi-kit init one.wat, or wasi-kit init two.wat\n",
  });
  await expect(wasiKit(["init", "two.wat"], { cwd })).resolves.toMatchObject({ exitCode: 0 });
  await wasiKit(["build"], { cwd });
  await expect(wasiKit(["run"], { cwd })).resolves.toMatchObject({ stdout: "two\n" });
});

test.each<[what: string, files: Record<string, string>, args: string[], message: string]>([
  [
    "nothing is there",
    { "README.md": "" },
    [],
    "There is no assembly/index.ts, no src/main.c, no go.mod, no Cargo.toml, no .wat file, no src/main.zig and no .wasm file in this folder.\nTo start from an example, type: npm create wasi-kit@latest",
  ],
  [
    "the file is none of them",
    { "main.py": "" },
    ["main.py"],
    "There is no assembly/index.ts, no src/main.c, no go.mod, no Cargo.toml, no .wat file, no src/main.zig and no .wasm file named main.py.\nTo start from an example, type: npm create wasi-kit@latest",
  ],
  ["the folder is missing", {}, ["nowhere"], "There is no folder nowhere."],
  ["two folders are named", {}, [".", "x"], "Name one folder at a time: ., or x."],
  [
    "a crate is a workspace",
    { "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n' },
    [],
    "Cargo.toml is of a workspace, and has no [package]. Name the folder of one of its crates: a, b.",
  ],
  [
    "a crate builds no program",
    { "Cargo.toml": crate(), "src/lib.rs": "" },
    [],
    'Cargo.toml builds no program. It needs a src/main.rs, or a library of crate-type "cdylib".',
  ],
  [
    "a crate builds several",
    { "Cargo.toml": crate(), "src/bin/a.rs": "", "src/bin/b.rs": "" },
    [],
    "Cargo.toml builds a, b, and a wasi.json is for one program.\nSay in it which comes first, as default-run of [package], or put each in a crate of its own.",
  ],
  [
    "an entry is missing",
    { "asconfig.json": "{}" },
    [],
    "asconfig.json is there, and assembly/index.ts is not. Create it, or name another as its entries.",
  ],
])("where %s, that is said", async (_, files, args, message) => {
  const cwd = await folderWith(files);
  const result = await wasiKit(["init", ...args], { cwd });
  expect(result).toEqual({ exitCode: 2, stdout: "", stderr: `wasi-kit: ${message}\n` });
  expect(existsSync(join(cwd, "wasi.json"))).toBe(false);
});

test.each([
  ["Cargo.toml", "[package\n", /^wasi-kit: Cargo\.toml can't be read: Invalid TOML/],
  ["asconfig.json", "{", /^wasi-kit: asconfig\.json is not JSON: /],
])("%s with a mistake in it is a mistake of the user's", async (file, text, message) => {
  const cwd = await folderWith({ [file]: text });
  const { stderr, exitCode } = await wasiKit(["init"], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n +at /);
});

test("a wasi.json that is there stays", async () => {
  const cwd = await folderWith({ "a.wat": wat("a"), "wasi.json": "mine" });
  const { stderr, exitCode } = await wasiKit(["init"], { cwd });
  expect({ stderr, exitCode }).toEqual({
    exitCode: 2,
    stderr: "wasi-kit: wasi.json is there already. Change it, or remove it first.\n",
  });
  expect(readFileSync(join(cwd, "wasi.json"), "utf8")).toBe("mine");
});
