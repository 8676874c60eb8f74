import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith, manifest, wasiKit } from "../../../test/helpers/command.ts";

const wat = manifest({ build: { language: "wat" } });
const hello = '(module (memory (export "memory") 1) (func (export "_start")))';

let cwd: string;
let files: Readonly<Record<string, string>> = {};

/** Writes these files, and says where modules are afterwards. */
async function write(written: Readonly<Record<string, string>>): Promise<void> {
  files = written;
  cwd = await folderWith(files);
}

/** Languages are built side by side, so what is said of each comes in any order; the summary comes last. */
function told(stderr: string): string[] {
  const messages = steady(stderr).split(/^(?=wasi-kit: )/m);
  const summary = messages.pop() as string;
  return [...messages.toSorted(), summary].join("").split("\n");
}
const steady = (text: string): string => text.replaceAll(/\d+(\.\d+)? m?s\b/g, "<time>");

test("one example, in the current folder or in another", async () => {
  await write({ "hello/wasi.json": wat, "hello/hello.wat": hello });
  for (const [args, where] of [
    [["hello"], cwd],
    [[], join(cwd, "hello")],
  ] as const) {
    const { exitCode, stdout, stderr } = await wasiKit(["build", ...args], { cwd: where });
    const path = where === cwd ? "hello/hello.wasm" : "hello.wasm";
    const what = where === cwd ? `built ${path} (0.1 kB, <time>)` : `${path} is up to date`;
    expect({ exitCode, stdout, stderr: steady(stderr) }).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: `wasi-kit: ${what}\n`,
    });
  }
  await expect(wasiKit(["run", "hello"], { cwd })).resolves.toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test("several, one of which has no build", async () => {
  await write({
    "a/wasi.json": wat,
    "a/hello.wat": hello,
    "b/wasi.json": manifest({ build: { language: "wat", source: "src/main.wat" }, module: "build/deep/b.wasm" }),
    "b/src/main.wat": hello,
    "found/wasi.json": manifest(),
  });
  const { exitCode, stdout, stderr } = await wasiKit(["build", "b", "a", "found"], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
  expect(steady(stderr).split("\n")).toEqual([
    'wasi-kit: hello.wasm is not built: its wasi.json has no "build"',
    "wasi-kit: built b/build/deep/b.wasm (0.1 kB, <time>)",
    "wasi-kit: built a/hello.wasm (0.1 kB, <time>)",
    "wasi-kit: 2 built, 0 failed",
    "",
  ]);

  const again = await wasiKit(["build", "--force", "a"], { cwd });
  expect(steady(again.stderr)).toBe("wasi-kit: built a/hello.wasm (0.1 kB, <time>)\n");
  const both = await wasiKit(["build", "b", "a"], { cwd });
  expect(both.stderr).toBe("wasi-kit: 0 built, 2 up to date, 0 failed\n");
});

const withImport = (name: string, type = ""): string =>
  `(module (import "wasi_snapshot_preview1" "${name}" (func ${type})) (memory (export "memory") 1) (func (export "_start")))`;

test.each([
  [
    "a misspelt function",
    withImport("fd_wrote"),
    ["wasi_snapshot_preview1.fd_wrote (function)", "Did you mean fd_write?"],
  ],
  ["another signature", withImport("fd_close", "(param i64)"), ["fd_close as (i64) -> (), which is (i32) -> i32"]],
  [
    "another host",
    withImport("x").replace("wasi_snapshot_preview1", "env"),
    ["env.x (function)", "WASI has no env.x", 'its wasi.json can say so, for default: "exitCode": 126'],
  ],
  [
    "no memory",
    '(module (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32))) (func (export "_start")))',
    ["which need its memory exported"],
  ],
])("a program that no run can start is built, with a warning: %s", async (_, source, says) => {
  await write({ "wasi.json": wat, "hello.wat": source });
  const { exitCode, stderr } = await wasiKit(["build"], { cwd });
  expect(exitCode).toBe(0);
  expect(stderr).toContain("wasi-kit: hello.wasm is built, and can't be run:\n");
  for (const text of says) expect(stderr).toContain(text);
  expect((await wasiKit(["build"], { cwd })).stderr).toBe("wasi-kit: hello.wasm is up to date\n");
});

test("a program whose host gives it functions is built without a warning if no run of it is to start", async () => {
  const source = withImport("x").replace("wasi_snapshot_preview1", "env");
  const notAlone = { default: { exitCode: 126 } };
  await write({ "wasi.json": manifest({ build: { language: "wat" }, runs: notAlone }), "hello.wat": source });
  const { stderr } = await wasiKit(["build"], { cwd });
  expect(steady(stderr)).toBe("wasi-kit: built hello.wasm (0.1 kB, <time>)\n");
  expect((await wasiKit(["run", "--all"], { cwd })).exitCode).toBe(0);

  const runs = { ...notAlone, alone: {} };
  await write({ "wasi.json": manifest({ build: { language: "wat" }, runs }), "hello.wat": source });
  const warned = await wasiKit(["build", "--force"], { cwd });
  expect(warned.stderr).toContain('its wasi.json can say so, for alone: "exitCode": 126');
});

test("what a library imports is for its host to provide", async () => {
  await write({
    "wasi.json": wat,
    "hello.wat": withImport("x").replace("wasi_snapshot_preview1", "env").replace("_start", "f"),
  });
  const { stderr } = await wasiKit(["build"], { cwd });
  expect(steady(stderr)).toBe("wasi-kit: built hello.wasm (0.1 kB, <time>)\n");
});

/** A program that ends with an exit code. */
const answer = (code: number): string =>
  `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const ${code}))))`;

test("what runs is built first, unless --no-build says otherwise", async () => {
  await write({ "wasi.json": wat, "hello.wat": answer(3) });
  const run = async (...args: string[]): Promise<string> => {
    const { exitCode, stderr } = await wasiKit(["run", "--no-explain", ...args], { cwd });
    return `${exitCode} ${steady(stderr)}`;
  };
  expect(await run("--no-build")).toContain("There is no module at hello.wasm.");
  expect(await run()).toBe("3 wasi-kit: built hello.wasm (0.1 kB, <time>)\n");
  expect(await run()).toBe("3 ");

  writeFileSync(join(cwd, "hello.wat"), answer(4));
  expect(await run("--no-build")).toBe("3 ");
  expect(await run()).toBe("4 wasi-kit: built hello.wasm (0.1 kB, <time>)\n");

  writeFileSync(join(cwd, "hello.wat"), "(module");
  expect(await run()).toContain("126 wasi-kit: wabt can't compile hello.wat:");
  // Nothing stale is left to run.
  expect(await run("--no-build")).toContain("There is no module at hello.wasm.");

  // Without its source, a module is run as it is.
  writeFileSync(join(cwd, "hello.wat"), answer(5));
  await run();
  rmSync(join(cwd, "hello.wat"));
  expect(await run()).toBe("5 ");
});

test("all of them are built before they are run with --all", async () => {
  await write({ "a/wasi.json": wat, "a/hello.wat": hello, "b/wasi.json": wat, "b/hello.wat": hello });
  const { exitCode, stderr } = await wasiKit(["run", "--all"], { cwd });
  expect({ exitCode, stderr: steady(stderr) }).toEqual({
    exitCode: 0,
    stderr: "wasi-kit: built a/hello.wasm (0.1 kB, <time>)\nwasi-kit: built b/hello.wasm (0.1 kB, <time>)\n",
  });
});

test("a source that does not compile, in each language: the compiler's message, and nothing stale", async () => {
  await write({
    "assemblyscript/wasi.json": manifest({ build: { language: "assemblyscript" } }),
    "assemblyscript/assembly/index.ts": "const a: i32 = b;",
    "good/wasi.json": wat,
    "good/hello.wat": hello,
    "rust/wasi.json": manifest({ build: { language: "rust" } }),
    "rust/Cargo.toml": '[package]\nname = "hello"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n',
    "rust/src/main.rs": "fn main() {\n    let a = b;\n}",
    "wat/wasi.json": wat,
    "wat/hello.wat": "(module\n  (fun))",
    ...Object.fromEntries(["assemblyscript", "rust", "wat"].map((name) => [`${name}/hello.wasm`, "the previous one"])),
  });
  const { exitCode, stdout, stderr } = await wasiKit(["build"], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).not.toMatch(/^ +at /m);
  // rustc's summary, which differs between versions, is left out.
  const withoutSummary = stderr.replace(/(?<=let a = b;\n)[^]*?(?=wasi-kit: )/, "");
  expect(told(withoutSummary)).toEqual([
    "wasi-kit: asc can't compile assemblyscript/assembly/index.ts:",
    "ERROR TS2304: Cannot find name 'b'.",
    "   :",
    " 1 │ const a: i32 = b;",
    "   │                ~",
    "   └─ in assembly/index.ts(1,16)",
    "",
    "FAILURE 1 compile error(s)",
    "wasi-kit: built good/hello.wasm (0.1 kB, <time>)",
    "wasi-kit: cargo can't build rust/Cargo.toml:",
    "error[E0425]: cannot find value `b` in this scope",
    " --> src/main.rs:2:13",
    "  |",
    "2 |     let a = b;",
    "wasi-kit: wabt can't compile wat/hello.wat:",
    'wat/hello.wat:2:4: error: unexpected token "fun", expected a module field.',
    "  (fun))",
    "   ^^^",
    "wasi-kit: 1 built, 3 failed",
    "",
  ]);
  const modules = ["assemblyscript", "good", "rust", "wat"].filter((name) => existsSync(join(cwd, name, "hello.wasm")));
  expect(modules).toEqual(["good"]);
});

test.each<[what: string, written: Record<string, string>, args: string[], exitCode: number, message: string]>([
  [
    "no source",
    { "wasi.json": wat },
    [],
    1,
    "There is no source at hello.wat.\nCreate it, or name another in wasi.json as build.source.",
  ],
  [
    "nothing to build",
    { "a/file.txt": "" },
    [],
    2,
    "There is no wasi.json in the current folder or below it.\nName a folder that has one, or have one written: wasi-kit init",
  ],
  [
    "nothing in one of the folders",
    { "a/wasi.json": wat, "b/file.txt": "" },
    ["a", "b"],
    2,
    "There is no wasi.json in b or below it.\nName a folder that has one, or have one written: wasi-kit init",
  ],
  ["no such folder", {}, ["nowhere"], 2, "There is no folder nowhere."],
  [
    "a manifest that is not valid",
    { "a/wasi.json": wat, "b/wasi.json": manifest({ build: { language: "cobol" } }) },
    [],
    2,
    'b/wasi.json: build.language: found "cobol", expected "assemblyscript", "c", "go", "rust", "wat" or "zig".',
  ],
  [
    "a module outside its folder, which is not removed either",
    { "a/wasi.json": manifest({ build: { language: "wat" }, module: "../precious.wasm" }), "precious.wasm": "" },
    [],
    2,
    'a/wasi.json: module: found "../precious.wasm", expected a relative path inside this folder, such as build/hello.wasm.',
  ],
])("%s is an error", async (_, written, args, exitCode, message) => {
  await write(written);
  const built = await wasiKit(["build", ...args], { cwd });
  expect(built).toEqual({ exitCode, stdout: "", stderr: `wasi-kit: ${message}\n` });
  const kept = Object.keys(files).filter((path) => existsSync(join(cwd, path)));
  expect(kept).toEqual(Object.keys(written));
});

test("two builds of the same programs at once leave modules that are right and up to date", async () => {
  await write({
    "assemblyscript/wasi.json": manifest({ build: { language: "assemblyscript" } }),
    "assemblyscript/assembly/index.ts": 'console.log("hello");',
    "rust/wasi.json": manifest({ build: { language: "rust" } }),
    "rust/Cargo.toml": '[package]\nname = "hello"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n',
    "rust/src/main.rs": 'fn main() { println!("hello") }',
    "wat/wasi.json": wat,
    "wat/hello.wat": hello,
  });
  const both = await Promise.all([wasiKit(["build"], { cwd }), wasiKit(["build", "--force"], { cwd })]);
  expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  const next = await wasiKit(["build"], { cwd });
  expect(next.stderr).toBe("wasi-kit: 0 built, 3 up to date, 0 failed\n");
  await expect(wasiKit(["run", "--all"], { cwd })).resolves.toMatchObject({ exitCode: 0 });
});

test("a module that a command of one's own makes", async () => {
  await write({
    "wasi.json": manifest({
      module: "out.wasm",
      build: { command: ["make", "out.wasm"], inputs: ["*.hex", "Makefile"] },
    }),
    Makefile: "out.wasm: hello.hex\n\txxd -r -p hello.hex out.wasm\n\t@echo 'hello.hex: warning: short' >&2\n",
    "hello.hex": "0061736d 01000000\n",
  });
  const outputs = [];
  for (const args of [["build"], ["build"], ["list"], ["run", "--all"]]) outputs.push(await wasiKit(args, { cwd }));
  const [built, again, list, run] = outputs.map(({ stdout, stderr }) => steady(stdout + stderr));
  expect(built).toBe("wasi-kit: hello.hex: warning: short\nwasi-kit: built out.wasm (0 kB, <time>)\n");
  expect(again).toBe("wasi-kit: out.wasm is up to date\n");
  expect(list).toMatch(/ {2}make {2}/);
  expect(run).toMatch(/ {2}make {2}/);

  writeFileSync(join(cwd, "hello.hex"), "no");
  writeFileSync(join(cwd, "Makefile"), "out.wasm: hello.hex\n\t@echo hello.hex:1: error >&2; exit 1\n");
  const failed = await wasiKit(["build"], { cwd });
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toMatch(/^wasi-kit: `make out\.wasm` failed \(exit code 2\):\nhello\.hex:1: error\nmake: /);
  expect(existsSync(join(cwd, "out.wasm"))).toBe(false);
});
