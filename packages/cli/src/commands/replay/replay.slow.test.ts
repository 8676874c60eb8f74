import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

let cwd: string;

beforeAll(async () => {
  const names = ["hello", "cat", "report", "trap"] as const;
  const modules = await Promise.all(names.map(async (name) => [`${name}.wasm`, await assembleModule(name)] as const));
  cwd = await makeFolder({ ...Object.fromEntries(modules), "wasi.json": manifest(), "folder/a": "" });
});
afterAll(() => remove(cwd));

test("a run is recorded, and made again without its stdin and its module", async () => {
  await writeFile(join(cwd, "gone.wasm"), await assembleModule("cat"));
  await expect(
    wasiKit(["run", "--record", "a.recording", "gone.wasm"], { cwd, stdin: "some text\n" }),
  ).resolves.toMatchObject({
    stdout: "some text\n",
    stderr: "wasi-kit: It is recorded in a.recording. To make it again, type: wasi-kit replay a.recording\n",
    exitCode: 0,
  });
  await rm(join(cwd, "gone.wasm"));
  const again = await wasiKit(["replay", "a.recording"], { cwd });
  expect(again).toMatchObject({ stdout: "some text\n", stderr: "", exitCode: 0 });
});

test("a trap is shown as it was, and its calls with --trace", async () => {
  const run = await wasiKit(["run", "--quiet", "--record", "trap.recording", "trap.wasm"], { cwd });
  const again = await wasiKit(["replay", "--trace", "trap.recording"], { cwd });
  expect(again.exitCode).toBe(134);
  expect(run.exitCode).toBe(134);
  expect(again.stderr).toBe(run.stderr);
});

test("a trace has the calls without times", async () => {
  await wasiKit(["run", "--record", "hello.recording"], { cwd });
  const { stderr } = await wasiKit(["replay", "--trace", "hello.recording"], { cwd });
  expect(stderr).toBe('fd_write(1<stdout>, "hello\\n" (6 bytes)) = 6\n');
});

test("with --json, both are objects", async () => {
  const run = await wasiKit(["run", "--json", "--record", "report.recording", "report.wasm", "one", "two"], { cwd });
  const { stdout, exitCode } = await wasiKit(["replay", "--json", "report.recording"], { cwd });
  const { durationMs: _, cpuMs: _cpu, ...report } = JSON.parse(stdout) as Record<string, unknown>;
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ module: "report.wasm", outcome: "exited", stdout: "report.wasm\0one\0two\0\n" });
  expect(JSON.parse(run.stdout)).toMatchObject(report);
});

test("a module that does something else is an error that shows where", async () => {
  await wasiKit(["run", "--record", "hello.recording", "hello.wasm"], { cwd });
  await expect(wasiKit(["replay", "hello.recording", "cat.wasm"], { cwd })).resolves.toMatchObject({
    stdout: "",
    stderr:
      "wasi-kit: The run parts from hello.recording at call 1.\n" +
      '  recorded: fd_write(1<stdout>, "hello\\n" (6 bytes))\n' +
      "  now:      fd_read(0<stdin>)\n" +
      "The module is not the one that was recorded: its bytes have another SHA-256.\n",
    exitCode: 126,
  });
});

test.each([
  [["replay"], "Name the recording: wasi-kit replay FILE"],
  [["replay", "none.recording"], "There is no recording at none.recording."],
  [
    ["replay", "hello.wasm"],
    "hello.wasm is not a recording. To make one, type: wasi-kit run --record FILE MODULE.wasm",
  ],
  [["run", "--record", "none/a.recording", "hello.wasm"], "--record none/a.recording: there is no folder none."],
  [["run", "--record", "folder", "hello.wasm"], "--record folder: this is a folder, and a file is expected."],
])("%j is refused", async (args, message) => {
  const { stderr, exitCode } = await wasiKit(args, { cwd });
  expect([stderr, exitCode]).toEqual([`wasi-kit: ${message}\n`, 2]);
});

test("a module that can't start leaves no recording", async () => {
  await writeFile(join(cwd, "none.wasm"), "no module");
  const { stderr, exitCode } = await wasiKit(["run", "--record", "none.recording", "none.wasm"], { cwd });
  expect(stderr).toContain("There is nothing to record: it could not start.");
  expect(exitCode).toBe(126);
  await expect(readFile(join(cwd, "none.recording"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("what a recording holds can be read", async () => {
  await wasiKit(["run", "--record", "env.recording", "--env", "SECRET=1", "report.wasm"], { cwd });
  expect(gunzipSync(await readFile(join(cwd, "env.recording"))).toString()).toContain('"SECRET":"1"');
});
