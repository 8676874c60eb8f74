import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import type { LanguageName } from "@wasi-kit/manifest";
import { expect, test } from "vitest";
import { build } from "./build.ts";
import { folderWith } from "../../manifest/test/helpers/folder.ts";
import { needs } from "../test/helpers/needs.ts";
import { languages } from "./languages/index.ts";

const crate = '[package]\nname = "hello"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n';
/** Go and Zig compile what they have of their libraries once a machine, which takes a minute on a busy one. */
const timeout = 300_000;

const goMod = "module example.com/hello\n\ngo 1.21\n";
const sourceOf = (language: LanguageName): string => languages[language].source.replace("NAME", "src/hello");

/** Builds the files as an example whose previous build left a module. */
async function buildFiles(
  language: LanguageName,
  files: Readonly<Record<string, string>>,
  source = sourceOf(language),
) {
  const dir = await folderWith({ "build/hello.wasm": "the previous one", ...files });
  const target = { dir, language, source: join(dir, source), module: join(dir, "build/hello.wasm") };
  const said: string[] = [];
  return { ...target, said, building: build({ ...target, log: (line) => said.push(line) }) };
}

test.for<[language: LanguageName, files: Record<string, string>, wasi: string[]]>([
  ["wat", { "src/hello.wat": '(module (func $named (export "_start")))' }, []],
  ["assemblyscript", { "assembly/index.ts": 'console.log("hello");' }, ["fd_write"]],
  ["rust", { "Cargo.toml": crate, "src/main.rs": 'fn main() { println!("hello") }' }, ["fd_write", "proc_exit"]],
  [
    "c",
    {
      "src/main.c": '#include "text.h"\nint main(void) { return puts(text()) < 0; }',
      "src/text.c": '#include "text.h"\nconst char *text(void) { return "hello"; }',
      "src/text.h": "#include <stdio.h>\nconst char *text(void);",
    },
    ["fd_write", "proc_exit"],
  ],
  [
    "go",
    { "go.mod": goMod, "main.go": 'package main\n\nfunc main() { println("hello") }\n' },
    ["fd_write", "proc_exit"],
  ],
  [
    "zig",
    { "src/main.zig": 'const std = @import("std");\npub fn main() void {\n    std.debug.print("hello", .{});\n}\n' },
    ["fd_write"],
  ],
])("%s becomes a command that imports WASI alone", { timeout }, async ([language, files, wasi], context) => {
  await needs(language, context);
  const { dir, module, said, building } = await buildFiles(language, files);
  const { size, wasCurrent } = await building;
  expect(wasCurrent).toBe(false);
  const bytes = await readFile(module);
  expect(bytes.length).toBe(size);
  const compiled = await WebAssembly.compile(bytes);
  expect(WebAssembly.Module.exports(compiled)).toContainEqual({ name: "_start", kind: "function" });
  const imports = WebAssembly.Module.imports(compiled);
  expect([...new Set(imports.map((it) => it.module))]).toEqual(wasi.length > 0 ? ["wasi_snapshot_preview1"] : []);
  expect(imports.map(({ name }) => name)).toEqual(expect.arrayContaining(wasi));
  // The new module took the place of the old one, and nothing else is left behind.
  await expect(readdir(join(dir, "build"))).resolves.toEqual([".hello.wasm.json", "hello.wasm"]);
  expect(said).toEqual([]);
});

const shim = createRequire(import.meta.url).resolve("@assemblyscript/wasi-shim/asconfig.json");

test.for<[language: LanguageName, files: Record<string, string>]>([
  ["wat", { "src/hello.wat": '(module (func (export "answer") (result i32) (i32.const 42)))' }],
  [
    "assemblyscript",
    {
      "asconfig.json": JSON.stringify({ extends: shim, options: { exportStart: "_initialize" } }),
      "assembly/index.ts": 'console.log("ready");\nexport function answer(): i32 {\n  return 42;\n}',
    },
  ],
  [
    "rust",
    {
      "Cargo.toml": crate.replace("[workspace]", '[lib]\ncrate-type = ["cdylib"]\n[workspace]'),
      "src/lib.rs": '#[no_mangle]\npub extern "C" fn answer() -> i32 {\n    println!("here");\n    42\n}',
    },
  ],
  [
    "c",
    {
      "compile_flags.txt": "-mexec-model=reactor\n",
      "src/main.c":
        '#include <stdio.h>\n__attribute__((export_name("answer"))) int answer(void) { return puts("here") + 38; }',
    },
  ],
  [
    "go",
    {
      "go.mod": goMod,
      "main.go": "package main\n\n//go:wasmexport answer\nfunc answer() int32 { return 42 }\n\nfunc main() {}\n",
    },
  ],
  [
    "zig",
    {
      "src/main.zig":
        'const std = @import("std");\nexport fn answer() i32 {\n    std.debug.print("here", .{});\n    return 42;\n}\n',
    },
  ],
])("%s becomes a library, which has no _start", { timeout }, async ([language, files], context) => {
  await needs(language, context);
  const { module, building } = await buildFiles(language, files);
  await building;
  const compiled = await WebAssembly.compile(await readFile(module));
  const names = WebAssembly.Module.exports(compiled).map(({ name }) => name);
  expect(names).toContain("answer");
  expect(names).not.toContain("_start");
  const imported = new Set(WebAssembly.Module.imports(compiled).map((it) => it.module));
  expect([...imported]).toEqual(language === "wat" ? [] : ["wasi_snapshot_preview1"]);
});

test("names are left out of what WAT becomes, as in the other languages", async () => {
  const { module, building } = await buildFiles("wat", { "src/hello.wat": "(module (func $innermost))" });
  await building;
  expect((await readFile(module)).includes("innermost")).toBe(false);
});

test.for<[language: LanguageName, files: Record<string, string>, message: (source: string) => string[]]>([
  [
    "wat",
    { "src/hello.wat": '(module\n  (func (export "_start")\n    (i32.addd)))' },
    (source) => [
      `wabt can't compile ${source}:`,
      `${source}:3:6: error: unexpected token "i32.addd", expected an instr.`,
      "    (i32.addd)))",
      "     ^^^^^^^^",
    ],
  ],
  [
    "assemblyscript",
    { "assembly/index.ts": "const a: i32 = 1;\nconsole.log(a + missing);" },
    (source) => [
      `asc can't compile ${source}:`,
      "ERROR TS2304: Cannot find name 'missing'.",
      "   :",
      " 2 │ console.log(a + missing);",
      "   │                 ~~~~~~~",
      "   └─ in assembly/index.ts(2,17)",
    ],
  ],
  [
    "rust",
    { "Cargo.toml": crate, "src/main.rs": 'fn main() {\n    let x: i32 = "text";\n}' },
    (source) => [
      `cargo can't build ${source}:`,
      "error[E0308]: mismatched types",
      " --> src/main.rs:2:18",
      "  |",
      '2 |     let x: i32 = "text";',
    ],
  ],
  [
    "c",
    { "src/main.c": "int main(void) {\n  return missing;\n}" },
    (source) => [
      `clang can't compile ${source}:`,
      "src/main.c:2:10: error: use of undeclared identifier 'missing'",
      "  return missing;",
      "         ^",
    ],
  ],
  [
    "go",
    { "go.mod": goMod, "main.go": "package main\n\nfunc main() {\n\tprintln(missing)\n}\n" },
    (source) => [
      `go can't build ${source}:`,
      "# example.com/hello",
      "./main.go:4:10: undefined: missing",
      "  4 | \tprintln(missing)",
      "    | \t        ^",
    ],
  ],
  [
    "zig",
    { "src/main.zig": "pub fn main() void {\n    return missing;\n}\n" },
    (source) => [
      `zig can't compile ${source}:`,
      "src/main.zig:2:12: error: use of undeclared identifier 'missing'",
      "    return missing;",
      "           ^~~~~~~",
    ],
  ],
])(
  "an error in %s is told in its compiler's words, and the previous module is gone",
  { timeout },
  async ([language, files, message], context) => {
    await needs(language, context);
    const { module, source, building } = await buildFiles(language, files);
    const error: Error = await building.then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error).toMatchObject({ name: "BuildError", code: "E_COMPILE", exitCode: 1 });
    const lines = message(relative(process.cwd(), source));
    expect(error.message.split("\n").slice(0, lines.length)).toEqual(lines);
    expect(error.message).not.toMatch(/^ +at /m);
    expect(existsSync(module)).toBe(false);
  },
);

test("WAT that is well formed and not valid is an error as well", async () => {
  const { source, building } = await buildFiles("wat", { "src/hello.wat": "(module (func (result i32)))" });
  await expect(building).rejects.toThrow(`${relative(process.cwd(), source)}:1:15: error: type mismatch`);
});

test.each(Object.keys(languages) as LanguageName[])("a source of %s that is not there", async (language) => {
  const { module, source, building } = await buildFiles(language, {});
  await expect(building).rejects.toMatchObject({
    code: "E_SOURCE_NOT_FOUND",
    exitCode: 1,
    message: `There is no source at ${relative(process.cwd(), source)}.\nCreate it, or name another in wasi.json as build.source.`,
  });
  expect(existsSync(module)).toBe(false);
});

test("AssemblyScript fails without a stack of ours where it is not the source that is wrong", async () => {
  const { source, building } = await buildFiles("assemblyscript", {
    "assembly/index.ts": "",
    "asconfig.json": '{ "options": { "enable": ["teleportation"] } }',
  });
  await expect(building).rejects.toMatchObject({
    code: "E_COMPILE",
    message: `asc can't compile ${relative(process.cwd(), source)}:\nFAILURE Feature 'teleportation' is unknown.`,
  });
});

test("WAT is known by its whole path, of whatever length", async () => {
  for (let length = 1; length <= 16; length++) {
    const path = `${"x".repeat(length)}/hello.wat`;
    const { source, building } = await buildFiles("wat", { [path]: "(module (func (result i32)))" }, path);
    await expect(building).rejects.toThrow(`\n${relative(process.cwd(), source)}:1:15: error: type mismatch`);
  }
});

test("WAT is UTF-8", async () => {
  const text = "grüße, 世界 🦀";
  const { module, building } = await buildFiles("wat", {
    "src/hello.wat": `;; ${text}\n(module (memory (export "memory") 1) (data (i32.const 0) "${text}"))`,
  });
  await building;
  await expect(readFile(module, "utf8")).resolves.toContain(text);
});
