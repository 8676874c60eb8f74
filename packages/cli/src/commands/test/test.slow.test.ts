import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith, manifest, wasiKit } from "../../../test/helpers/command.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

const report = { module: "report.wasm", runs: { first: { args: ["a"] }, second: { args: ["b"] } } };

async function programs(files: Record<string, string | Uint8Array> = {}): Promise<string> {
  return folderWith({
    "report/report.wasm": await assembleModule("report"),
    "report/wasi.json": manifest(report),
    ...files,
  });
}

test("snapshots are written with --update, and compared without", async () => {
  const cwd = await programs();
  await expect(wasiKit(["test"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stdout:
      "ok report first (snapshot: missing)\nok report second (snapshot: missing)\n\n" +
      "2 runs, all as expected. 2 without a snapshot: wasi-kit test --update writes it.\n",
    stderr: "",
  });
  await expect(wasiKit(["test", "--update"], { cwd })).resolves.toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("ok report first (snapshot: written)\n"),
  });
  await expect(wasiKit(["test", "report"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stdout: "ok report first\nok report second\n\n2 runs, all as expected.\n",
    stderr: "",
  });

  await writeFile(join(cwd, "report/wasi.json"), manifest({ ...report, runs: { first: { args: ["c"] } } }));
  const { exitCode, stdout } = await wasiKit(["test"], { cwd });
  expect(exitCode).toBe(1);
  expect(stdout.split("\n")).toEqual(
    expect.arrayContaining([
      "not ok report first",
      "  --- report/__snapshots__/first.txt",
      "  +++ this run",
      "  -args       a",
      "  +args       c",
      "  If that is right: wasi-kit test --update",
      "1 of 1 run not as expected.",
    ]),
  );
});

test("a run that ends with another exit code fails, is shown, and gets no snapshot", async () => {
  const cwd = await programs({
    "exit7/exit7.wasm": await assembleModule("exit7"),
    "exit7/wasi.json": manifest({ module: "exit7.wasm" }),
  });
  const { exitCode, stdout } = await wasiKit(["test", "--update", "exit7"], { cwd });
  expect(exitCode).toBe(1);
  expect(stdout).toContain("not ok exit7 default\n  exit code 7, expected 0\n");
  expect(existsSync(join(cwd, "exit7/__snapshots__"))).toBe(false);
});

test("as JSON, an object a run; a module that is not there fails its runs", async () => {
  const cwd = await programs({ "none/wasi.json": manifest() });
  const { exitCode, stdout } = await wasiKit(["test", "--json"], { cwd });
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toEqual([
    {
      program: "none",
      run: "default",
      ok: false,
      snapshot: "not compared",
      problems: [expect.stringMatching(/^There is no module at /), expect.any(String)],
    },
    { program: "report", run: "first", ok: true, snapshot: "missing", problems: [] },
    { program: "report", run: "second", ok: true, snapshot: "missing", problems: [] },
  ]);
});

test("a source that has changed is built first; one that can't be built fails", async () => {
  const cwd = await programs({
    "wat/hello.wat": '(module (func (export "_start")))',
    "wat/wasi.json": manifest({ build: { language: "wat" } }),
    "broken/hello.wat": "(module",
    "broken/wasi.json": manifest({ build: { language: "wat" } }),
  });
  await expect(wasiKit(["test", "wat"], { cwd })).resolves.toMatchObject({ exitCode: 0 });
  expect(await readFile(join(cwd, "wat/hello.wasm"))).toHaveProperty("length");
  const { exitCode, stdout, stderr } = await wasiKit(["test", "broken"], { cwd });
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("not ok broken default") });
  expect(stderr).toContain("wabt can't compile");
});
