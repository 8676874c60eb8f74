import { readFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bin, makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assemble } from "../../../../wasm/test/helpers/assemble.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

const wat = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\08\\00\\00\\00\\06\\00\\00\\00hello\\n")
  (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))`;

let cwd: string;

beforeAll(async () => {
  cwd = await makeFolder({
    "hello.wat": wat,
    "trap.wat": '(module\n  (func $inner\n    unreachable)\n  (func (export "_start") (call $inner)))',
    "lacks.wat": '(module (import "env" "log" (func)) (memory (export "memory") 1) (func (export "_start")))',
    "add.wasm": await assemble('(module (func (export "add") (result i32) (i32.const 3)))'),
    "broken.wat": "(module\n  (fnuc))",
    "report.wasm": await assembleModule("report"),
    "example/report.wasm": await assembleModule("report"),
    "example/wasi.json": manifest({ module: "report.wasm", runs: { first: { args: ["a"] } } }),
  });
});
afterAll(() => remove(cwd));

test.each([
  [["hello.wat"], "hello\n"],
  [["run", "hello.wat"], "hello\n"],
  [["run", "--", "hello.wat"], "hello\n"],
  [["report.wasm", "--version", "x"], "report.wasm\0--version\0x\0\n"],
])("wasi-kit %j runs a module", async (args, stdout) => {
  await expect(wasiKit(args, { cwd })).resolves.toEqual({ exitCode: 0, stdout, stderr: "" });
});

test("a trap in a .wat file is shown with its lines", async () => {
  const { exitCode, stderr } = await wasiKit(["run", "trap.wat"], { cwd });
  expect(exitCode).toBe(134);
  expect(stderr).toMatch(/^wasi-kit: trap\.wat trapped: unreachable\n {2}at inner \(trap\.wat:3:\d+\)\n/);
});

test("what can't be run is called by the name of its file", async () => {
  const { stderr } = await wasiKit(["run", "lacks.wat"], { cwd });
  expect(stderr).toMatch(/^wasi-kit: lacks\.wat imports what WASI preview 1 does not have:/);
  const library = await wasiKit(["run", "./add.wasm"], { cwd });
  expect(library.stderr).toContain("wasi-kit run --invoke add ./add.wasm. In code");
  expect(library.stderr).toContain('instantiate("./add.wasm")');
});

test("what does not compile is not run", async () => {
  const { exitCode, stdout, stderr } = await wasiKit(["run", "broken.wat"], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 126, stdout: "" });
  expect(stderr).toMatch(/^wasi-kit: wabt can't compile broken\.wat:\nbroken\.wat:2:4: error: /);
});

test("a module can come from stdin, with arguments", () => {
  const input = readFileSync(join(cwd, "report.wasm"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "run", "-", "a", "--b"], { cwd, input });
  expect({ status, stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
    status: 0,
    stdout: "module.wasm\0a\0--b\0\n",
    stderr: "",
  });
});

test.each([
  [["run", "nowhere"], 127, "There is neither a folder nor a module at nowhere."],
  [["run", "no.wat"], 127, "There is no module at no.wat."],
  [["run", "no.wasm"], 127, "There is no module at no.wasm.\nIf it has yet to be built, type: wasi-kit build"],
  [["no.wasm", "--dir"], 127, "There is no module at no.wasm.\nIf it has yet to be built, type: wasi-kit build"],
  [["run", "--run", "first", "hello.wat"], 2, "--run names a run of a program, and hello.wat is no folder."],
  [["--dir", "x", "report.wasm"], 2, "Name a command before its options: wasi-kit run --dir x report.wasm"],
])("%j ends with %i", async (args, exitCode, message) => {
  await expect(wasiKit(args, { cwd })).resolves.toEqual({ exitCode, stdout: "", stderr: `wasi-kit: ${message}\n` });
});

test("with a folder, options may follow it, up to --", async () => {
  await expect(wasiKit(["run", "example", "--env", "A=1", "--", "--b"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stdout: "report.wasm\0--b\0\nA=1\0",
    stderr: "",
  });
});
