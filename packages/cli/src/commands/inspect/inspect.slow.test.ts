import { inspect } from "@wasi-kit/runner";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { x } from "tinyexec";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bin, makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assemble } from "../../../../wasm/test/helpers/assemble.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

const modules = ["hello", "library", "read", "report", "unknownImports"] as const;

/** A component that imports one instance and exports another. */
function component(exported: string): Uint8Array {
  const [imports, exports] = [instance("wasi:cli/environment@0.2.0"), [...instance(exported), 0]];
  const sections = [7, 3, 1, 0x42, 0, 10, imports.length + 1, 1, ...imports, 11, exports.length + 1, 1, ...exports];
  return Uint8Array.of(0, 0x61, 0x73, 0x6d, 13, 0, 1, 0, ...sections);
}
const instance = (name: string): number[] => [0, name.length, ...Buffer.from(name), 5, 0];

const mixed = `(module
  (import "wasi_unstable" "sched_yield" (func (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
  (func (export "_start")))`;

const unfriendly = String.raw`(module
  (import "\1b[31m" "a\nb" (func))
  (func (export "\1b]0;title\07") (export "\e2\80\ae") (export "it's a \f0\9f\a6\80")))`;

let cwd: string;

beforeAll(async () => {
  const assembled = await Promise.all(
    modules.map(async (name) => [`${name}.wasm`, await assembleModule(name)] as const),
  );
  const { "hello.wasm": hello } = Object.fromEntries(assembled);
  cwd = await makeFolder({
    ...Object.fromEntries(assembled),
    "it's my module.wasm": hello!,
    "text.wat": '(module (memory 1) (func (export "_start")))',
    "text.wasm": "not wasm at all",
    "truncated.wasm": hello!.subarray(0, 100),
    "command.component.wasm": component("wasi:cli/run@0.2.0"),
    "library.component.wasm": component("docs:adder/add@0.1.0"),
    "mixed.wasm": await assemble(mixed),
    "unfriendly.wasm": await assemble(unfriendly),
    "reactor.wasm": await assemble('(module (func (export "_initialize")) (func (export "add")))'),
    "traps.wasm": await assemble("(module (func $start unreachable) (start $start))"),
    "empty.wasm": await assemble("(module)"),
    "gc.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x5f, 1, 0x7f, 0),
    "future.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 2, 1, 0x22),
    "example/hello.wasm": hello!,
    "example/wasi.json": manifest(),
    "not-built/wasi.json": manifest({ module: "build/hello.wasm" }),
    "no-manifest/file.txt": "",
  });
});
afterAll(() => remove(cwd));

test("a .wat file is compiled, and inspected", async () => {
  const { exitCode, stdout } = await wasiKit(["inspect", "text.wat"], { cwd });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^text\.wat\n\nkind +a command/);
  expect(stdout).toContain("wasi-kit run text.wat");
  const printed = await wasiKit(["inspect", "text.wat", "--wat"], { cwd });
  expect(printed.stdout).toContain('(func (;0;) (export "_start")');
});

test("a report of what a module is, asks for and holds", async () => {
  await expect(wasiKit(["inspect", "hello.wasm"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stderr: "",
    stdout: `hello.wasm

kind        a command: a program, which a host starts by calling _start
WASI        preview 1 (wasi_snapshot_preview1)
language    unknown: nothing in it is the mark of a compiler
size        160 bytes

asks for    streams and open files: write    fd_write

run it      wasi-kit run hello.wasm
            There is nothing to grant: stdin, stdout and stderr are there for
            every program.

memory      1 page (64 KiB) at the start, and as many more as it asks for;
            exported as memory
exports     memory  memory    1 or more pages
            _start  function  () -> ()
contents    2 functions (1 imported), 2 types, 14 bytes of data
debugging   names of 1 function
sections    type      14 bytes  2 entries
            import    37 bytes  1 entry
            function  4 bytes   1 entry
            memory    5 bytes   1 entry
            export    21 bytes  2 entries
            code      17 bytes  1 entry
            data      27 bytes  2 entries
            name      27 bytes  custom
`,
  });
});

test("all that was found, as JSON", async () => {
  const { exitCode, stdout, stderr } = await wasiKit(["inspect", "hello.wasm", "--json"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual(await inspect(join(cwd, "hello.wasm")));
});

test.concurrent.each<[file: string, lines: string[]]>([
  [
    "report.wasm",
    [
      "run it      wasi-kit run --env NAME=VALUE report.wasm ARG…",
      "            --env sets a variable. What follows the module are its arguments.",
      "            What you leave out, it does not get.",
    ],
  ],
  ["read.wasm", ["run it      wasi-kit run --dir HOST::GUEST::ro read.wasm"]],
  ["example", ["example/hello.wasm", "run it      wasi-kit run example"]],
  [
    "library.wasm",
    [
      "kind        a plain module: it has nothing to do with WASI",
      "asks for    nothing: it has no imports",
      "run it      It is no program: it exports no function _start. A host calls what",
    ],
  ],
  ["reactor.wasm", ["            _initialize once, and then what it exports."]],
  [
    "unknownImports.wasm",
    [
      "asks for    what WASI preview 1 does not have, by module:",
      "            env                              log",
      "            wasi_snapshot_preview1           sock_dance",
      "run it      wasi-kit can't run it: it also imports what WASI preview 1 does not",
    ],
  ],
  ["mixed.wasm", ["run it      wasi-kit can't run it: it mixes versions of WASI."]],
  [
    "command.component.wasm",
    [
      "kind        a component, the format of WASI 0.2 and later",
      "WASI        0.2.0",
      "asks for    wasi:cli                         environment",
      "run it      wasmtime run command.component.wasm",
      "exports     wasi:cli/run@0.2.0  instance",
    ],
  ],
  ["library.component.wasm", ["run it      It is no program: a host for components calls what it exports."]],
  ["traps.wasm", ["at start    a function of its own runs before any other is called"]],
  ["empty.wasm", ["run it      It is no program: it exports nothing.", "exports     nothing"]],
  ["future.wasm", ["unknown     at byte 11: a type of the form 0x22; what follows was left out"]],
])("%s", async (file, lines) => {
  const { exitCode, stdout, stderr } = await wasiKit(["inspect", file], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout.split("\n")).toEqual(expect.arrayContaining(lines));
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("the folder that it is called in is an example", async () => {
  const { stdout } = await wasiKit(["inspect"], { cwd: join(cwd, "example") });
  expect(stdout).toContain("\nrun it      wasi-kit run\n");
});

test("the line that it says runs a module runs it, whatever the module is called", async () => {
  const { stdout } = await wasiKit(["inspect", "it's my module.wasm"], { cwd });
  const line = /^run it {6}wasi-kit (.*)$/m.exec(stdout)?.[1];
  const ran = await x("sh", ["-c", `"$0" "$1" ${line}`, process.execPath, bin], { nodeOptions: { cwd } });
  expect(ran).toMatchObject({ exitCode: 0, stdout: "hello\n" });
});

test("what would move a terminal's cursor, or hide, is shown", async () => {
  const { stdout } = await wasiKit(["inspect", "unfriendly.wasm"], { cwd });
  expect(stdout).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
  expect(stdout).toContain(String.raw`\u{1b}[31m                       a\u{a}b`);
  expect(stdout).toContain(String.raw`\u{1b}]0;title\u{7}  function`);
  expect(stdout).toContain(String.raw`\u{202e}`);
  expect(stdout).toContain("it's a 🦀");
});

test("a module that is cut short: what could be read, and where it breaks", async () => {
  const { exitCode, stdout, stderr } = await wasiKit(["inspect", "truncated.wasm"], { cwd });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 126,
    stderr:
      "wasi-kit: truncated.wasm is malformed at byte 91 (0x5b): expected 15 more bytes, and there are 9.\n" +
      "It may have been cut short. Build it again, or fetch it again.\n",
  });
  expect(stdout).toContain("\nasks for    streams and open files: write    fd_write\n");
  expect(stdout).toContain("\nrun it      It can't be run: it is malformed.\n");
  expect(stdout).toContain("\nmalformed   at byte 91: expected 15 more bytes, and there are 9. Above is what\n");

  const json = await wasiKit(["inspect", "--json", "truncated.wasm"], { cwd });
  expect(json).toMatchObject({ exitCode: 126, stderr });
  expect(JSON.parse(json.stdout)).toMatchObject({ kind: "command", malformed: { offset: 91 } });
});

test("--wat prints the text format", async () => {
  const { exitCode, stdout, stderr } = await wasiKit(["inspect", "--wat", "hello.wasm"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^\(module\n/);
  expect(stdout).toContain('(func (;1;) (export "_start") (type 1)\n    (drop\n      (call $fd_write\n');
  // What it prints is the module again.
  await writeFile(join(cwd, "again.wasm"), await assemble(stdout));
  await expect(wasiKit(["run", "again.wasm"], { cwd })).resolves.toMatchObject({ exitCode: 0, stdout: "hello\n" });
});

test.concurrent.each<[args: string[], exitCode: number, message: string]>([
  [["text.wasm"], 126, 'text.wasm is not WebAssembly: a .wasm file begins with \\0asm. It begins with "not wasm".'],
  [
    ["text.wasm", "--wat"],
    126,
    'text.wasm is not WebAssembly: a .wasm file begins with \\0asm. It begins with "not wasm".',
  ],
  [
    ["truncated.wasm", "--wat"],
    126,
    "truncated.wasm is malformed at byte 91 (0x5b): expected 15 more bytes, and there are 9.\nIt may have been cut short. Build it again, or fetch it again.",
  ],
  [
    ["gc.wasm", "--wat"],
    126,
    "wabt can't print gc.wasm as text:\n000000c: error: unexpected type form (got 0x5f)\nIt does not know every feature. wasm-tools knows more: wasm-tools print gc.wasm",
  ],
  [
    ["command.component.wasm", "--wat"],
    126,
    "command.component.wasm is a component, and wabt prints core modules only.\nwasm-tools prints it: wasm-tools print command.component.wasm",
  ],
  [["nowhere.wasm"], 127, "There is no module at nowhere.wasm.\nIf it has yet to be built, type: wasi-kit build"],
  [
    ["not-built"],
    127,
    "There is no module at not-built/build/hello.wasm.\nIf it has yet to be built, type: wasi-kit build",
  ],
  [
    ["no-manifest"],
    2,
    "There is no wasi.json in no-manifest.\nName a folder that has one (`wasi-kit list` shows those below the current folder), or have one written: wasi-kit init",
  ],
  [["hello.wasm", "--json", "--wat"], 2, "Print --json or --wat, one at a time."],
  [["hello.wasm", "read.wasm"], 2, "Name one module at a time: hello.wasm, or read.wasm."],
  [["--", "-x.wasm"], 127, "There is no module at -x.wasm.\nIf it has yet to be built, type: wasi-kit build"],
])("wasi-kit inspect %j is an error", async (args, exitCode, message) => {
  await expect(wasiKit(["inspect", ...args], { cwd })).resolves.toEqual({
    exitCode,
    stdout: "",
    stderr: `wasi-kit: ${message}\n`,
  });
});
