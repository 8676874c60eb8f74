import { mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import wabt from "wabt";
import { cat } from "../test/helpers/cat.ts";
import {
  packages,
  runVitest,
  runVitestInCi,
  runVitestWithoutCompilers,
  testPackage,
} from "../test/helpers/run-vitest.ts";

/** What a run reads: one byte of it changed must fail the test. */
const fixture = "a line from a file\n";

const manifest = {
  description: "Reads a line",
  module: "cat.wasm",
  runs: { granted: { preopens: { "/": "fixtures" } }, denied: { exitCode: 3 } },
};

let example: string;

beforeEach(async () => {
  example = await mkdtemp(join(tmpdir(), "wasi-kit-vitest-"));
  const { parseWat } = await wabt();
  await writeFile(join(example, "cat.wasm"), parseWat("cat.wat", cat).toBinary({}).buffer);
  await writeFile(join(example, "wasi.json"), JSON.stringify(manifest));
  await writeFile(
    join(example, "cat.test.ts"),
    `import { testProgram } from ${JSON.stringify(testPackage)};\nawait testProgram(import.meta.url);\n`,
  );
  await mkdir(join(example, "fixtures"));
  await writeFile(join(example, "fixtures/line.txt"), fixture);
  await symlink(packages, join(example, "node_modules"));
});

afterEach(() => rm(example, { recursive: true }));

const snapshot = (name: string): string => join(example, "__snapshots__", `${name}.txt`);
const snapshots = (): Promise<string[]> => readdir(join(example, "__snapshots__")).catch(() => []);

test("a snapshot is written with -u, and from then on holds each byte that is read", async () => {
  expect(await runVitest(example, "-u")).toMatchObject({ exitCode: 0 });
  await expect(readFile(snapshot("granted"), "utf8")).resolves.toBe(
    [
      "preopens   / = fixtures",
      "args       none",
      "env        none",
      "stdin      none",
      "outcome    exited",
      "exit code  0",
      "",
      "stdout",
      "| a line from a file",
      "",
      "stderr (nothing)",
      "",
      "/ (nothing changed)",
      "",
    ].join("\n"),
  );
  expect(await runVitest(example)).toMatchObject({ exitCode: 0 });

  // One byte of a fixture that is read, and a snapshot that belongs to no run.
  await writeFile(join(example, "fixtures/line.txt"), fixture.replace("line", "fine"));
  await writeFile(snapshot("forgotten"), "");
  const { exitCode, output } = await runVitest(example);
  expect(output).toMatch(/- \| a line from a file\s+\+ \| a fine from a file/);
  expect(output).toContain("forgotten.txt");
  expect(exitCode).toBe(1);
});

test.each(["threads", "forks", "vmThreads", "vmForks"])("runs are tested in the pool %s", async (pool) => {
  const { exitCode, output } = await runVitest(example, "-u", "--pool", pool);
  expect(output).toMatch(/Tests +3 passed/);
  expect(exitCode).toBe(0);
  expect(await snapshots()).toEqual(["denied.txt", "granted.txt"]);
});

test("a snapshot that is missing is written, and fails in CI", async () => {
  await writeFile(join(example, "yarn.lock"), "");
  const { exitCode, output } = await runVitestInCi(example);
  expect(output).toContain(`there is no ${snapshot("granted")}: \`yarn vitest run -u\` writes it`);
  expect(exitCode).toBe(1);
  expect(await snapshots()).toEqual([]);

  expect(await runVitest(example)).toMatchObject({
    exitCode: 0,
    output: expect.stringMatching(/Snapshots +2 written/),
  });
  expect(await snapshots()).toEqual(["denied.txt", "granted.txt"]);
  expect(await runVitestInCi(example)).toMatchObject({ exitCode: 0 });

  // One that is there is not written again by itself.
  await writeFile(snapshot("granted"), "something else\n");
  expect(await runVitest(example)).toMatchObject({ exitCode: 1 });
  await expect(readFile(snapshot("granted"), "utf8")).resolves.toBe("something else\n");
});

test("an exit code that is not the expected one fails with -u as well, and writes no snapshot", async () => {
  const wrong = { ...manifest, runs: { ...manifest.runs, denied: { exitCode: 4 } } };
  await writeFile(join(example, "wasi.json"), JSON.stringify(wrong));
  const { exitCode, output } = await runVitest(example, "-u");
  expect(output).toContain("exit code of the run denied, which ended so:");
  expect(output).toContain("and no directory was granted to it");
  expect(output).toMatch(/^ {2}"preopens": \{.*\}$/m);
  expect(output).toMatch(/^exit code: expected 3 to be 4/m);
  expect(output).toContain("expected 3 to be 4");
  expect(exitCode).toBe(1);
  expect(await snapshots()).toEqual(["granted.txt"]);
});

test("commands in what is said are written as they are typed in the project", async () => {
  const { parseWat } = await wabt();
  const trap = '(module (memory (export "memory") 1) (func $f unreachable) (func (export "_start") (call $f)))';
  const program = join(example, "program");
  await mkdir(program);
  for (const name of ["cat.test.ts", "wasi.json", "fixtures", "node_modules"])
    await rename(join(example, name), join(program, name));
  await writeFile(join(program, "cat.wasm"), parseWat("trap.wat", trap).toBinary({}).buffer);
  await mkdir(join(example, "node_modules/.bin"), { recursive: true });
  await writeFile(join(example, "node_modules/.bin/wasi-kit"), "");
  await writeFile(join(example, "pnpm-lock.yaml"), "");
  const { output } = await runVitest(program);
  expect(output).toContain("pnpm wasi-kit build --debug names the lines");
});

test("a module that was never built is said to be missing, with what to type there", async () => {
  await rm(join(example, "cat.wasm"));
  await writeFile(join(example, "package.json"), '{ "scripts": { "wasi-kit": "" }, "packageManager": "pnpm@12.21.0" }');
  const { exitCode, output } = await runVitest(example, "-u");
  expect(output).toContain("There is no module at");
  expect(output).toContain("If it has yet to be built, type: pnpm wasi-kit build");
  expect(output).not.toMatch(/❯ .*(runner|load-module)/);
  expect(exitCode).toBe(1);
  expect(await snapshots()).toEqual([]);
});

test("without a wasi.json, it is said what to type there", async () => {
  await rm(join(example, "wasi.json"));
  await writeFile(join(example, "package.json"), '{ "scripts": { "wasi-kit": "" }, "packageManager": "pnpm@12.21.0" }');
  const { exitCode, output } = await runVitest(example);
  expect(output).toMatch(/ManifestError: There is no wasi\.json in .*\n.*`pnpm wasi-kit list`.*: pnpm wasi-kit init/);
  expect(exitCode).toBe(1);
});

test("a run that hangs fails alone, and says so", async () => {
  const { parseWat } = await wabt();
  // Loops for ever where it has an argument.
  const wat = `(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start")
      (drop (call $sizes (i32.const 0) (i32.const 4)))
      (loop $again (br_if $again (i32.gt_u (i32.load (i32.const 0)) (i32.const 1))))))`;
  await writeFile(join(example, "cat.wasm"), parseWat("loop.wat", wat).toBinary({}).buffer);
  const runs = { hangs: { args: ["for ever"], timeoutMs: 100 }, ends: {} };
  await writeFile(join(example, "wasi.json"), JSON.stringify({ ...manifest, runs }));

  const { exitCode, output } = await runVitest(example, "-u");
  expect(exitCode).toBe(1);
  expect(output).toContain("exit code of the run hangs, which ended so:");
  expect(output).toContain("outcome    timed-out");
  expect(output).toMatch(/Tests +1 failed \| 2 passed/);
});

test("without its compiler, the runs of a program are skipped and say why; in CI they fail", async () => {
  await rm(join(example, "cat.wasm"));
  await mkdir(join(example, "src"));
  await writeFile(join(example, "src/main.zig"), "pub fn main() void {}\n");
  await writeFile(join(example, "wasi.json"), JSON.stringify({ ...manifest, build: { language: "zig" } }));
  const here = await runVitestWithoutCompilers(example, "", "--reporter=verbose");
  expect(here.output).toMatch(/↓ .*granted/);
  expect(here.output).toContain("There is no Zig on this machine.");
  expect(here.output).toContain("To install it: python3 -m pip install ziglang");
  expect(here.output).toMatch(/Tests +2 skipped \(2\)/);
  expect(here.exitCode).toBe(0);
  const inCi = await runVitestWithoutCompilers(example, "1");
  expect(inCi.output).toContain("BuildError: There is no Zig on this machine.");
  expect(inCi).toMatchObject({ exitCode: 1 });
});
