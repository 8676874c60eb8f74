import { readdirSync } from "node:fs";
import { join } from "node:path";
import { x } from "tinyexec";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWith, makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

let cwd: string;

beforeAll(async () => {
  cwd = await makeFolder({
    "good/hello/hello.wasm": await assembleModule("hello"),
    "good/hello/wasi.json": manifest({ runs: { default: {}, "no-wasi": { wasi: false, exitCode: 126 } } }),
    "good/trap/trap.wasm": await assembleModule("trap"),
    "good/trap/data/file.txt": "",
    "good/trap/wasi.json": manifest({
      module: "trap.wasm",
      runs: {
        default: {
          args: ["a", "two words"],
          env: { A: "1", B: "2" },
          preopens: { "/data": "data" },
          stdin: "x",
          exitCode: 134,
        },
      },
    }),
    "writes/create/create.wasm": await assembleModule("create"),
    "writes/create/data/file.txt": "",
    "writes/create/other/file.txt": "",
    "writes/create/wasi.json": manifest({
      module: "create.wasm",
      runs: { default: { preopens: { "/data": "data", content: "other" } } },
    }),
    "writes/pipe/create.wasm": await assembleModule("create"),
    "writes/pipe/data/file.txt": "",
    "writes/pipe/wasi.json": manifest({ module: "create.wasm", runs: { default: { preopens: { "/data": "data" } } } }),
    "bad/exit/exit7.wasm": await assembleModule("exit7"),
    "bad/exit/wasi.json": manifest({ module: "exit7.wasm", runs: { right: { exitCode: 7 }, wrong: { exitCode: 8 } } }),
    "bad/missing/wasi.json": manifest({ runs: { default: { exitCode: 127 } } }),
    "bad/preopen/hello.wasm": await assembleModule("hello"),
    "bad/preopen/wasi.json": manifest({ runs: { default: { exitCode: 2, preopens: { "/data": "nowhere" } } } }),
  });
  await x("mkfifo", [join(cwd, "writes/pipe/data/pipe")]);
});
afterAll(() => remove(cwd));

/** Times and the engine's own words differ between machines. */
const steady = (text: string): string =>
  text
    .replaceAll(/\d+(\.\d+)? m?s\b/g, "<time>")
    .replaceAll(/TypeError: .*/g, "<V8's message>")
    .replaceAll(cwd, "<cwd>");

test.each<[folder: string, exitCode: number]>([
  ["good", 0],
  ["bad", 1],
])("every run of the folder %s is told, and the exit code is %i", async (folder, code) => {
  const { exitCode, stdout, stderr } = await wasiKit(["run", "--all", folder], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: "" });
  await expect(steady(stdout)).toMatchFileSnapshot(`./__snapshots__/run-all-${folder}.txt`);
});

test("why a run did not end as expected is told, unless --no-explain is given", async () => {
  const folder = await folderWith({
    "reads/read.wasm": await assembleModule("read"),
    "reads/data/greeting.txt": "",
    "reads/wasi.json": manifest({ module: "read.wasm" }),
  });
  const { stdout } = await wasiKit(["run", "--all", "."], { cwd: folder });
  expect(stdout).toMatch(/^ {2}why {7}It asked for greeting\.txt, and no directory was granted to it\./m);
  // The folder beside the wasi.json that has such a file.
  expect(stdout).toMatch(
    /add to the run "default" in reads\/wasi\.json:\n\s*\n\s*"preopens": \{ "\/": \{ "path": "data", "access": "read-only" \} \}/,
  );
  const { stdout: unexplained } = await wasiKit(["run", "--all", "--no-explain", "."], { cwd: folder });
  expect(unexplained).not.toMatch(/^ {2}why/m);
});

test("the same as JSON, and nothing else on stdout", async () => {
  const { exitCode, stdout } = await wasiKit(["run", "--all", "--json", "bad/exit", "good/hello"], { cwd });
  expect(exitCode).toBe(1);
  const exited = {
    outcome: "exited",
    message: null,
    stdout: "",
    stderr: "",
    changes: {},
    durationMs: expect.any(Number),
  };
  expect(JSON.parse(stdout)).toEqual([
    { ...exited, program: "bad/exit", run: "right", ok: true, exitCode: 7, expectedExitCode: 7 },
    { ...exited, program: "bad/exit", run: "wrong", ok: false, exitCode: 7, expectedExitCode: 8 },
    { ...exited, program: "good/hello", run: "default", ok: true, exitCode: 0, expectedExitCode: 0, stdout: "hello\n" },
    {
      ...exited,
      program: "good/hello",
      run: "no-wasi",
      ok: true,
      exitCode: 126,
      expectedExitCode: 126,
      outcome: "not-started",
      message: expect.stringContaining("good/hello/hello.wasm can't be instantiated without its imports.\n"),
    },
  ]);
});

test("runs leave their directories as they are, and what they would have changed is told", async () => {
  const { exitCode, stdout, stderr } = await wasiKit(["run", "--all", "writes"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  await expect(steady(stdout)).toMatchFileSnapshot("./__snapshots__/run-all-writes.txt");
  expect(readdirSync(join(cwd, "writes/create/data"))).toEqual(["file.txt"]);
});

test("the changes as JSON", async () => {
  const { stdout } = await wasiKit(["run", "--all", "--json", "writes"], { cwd });
  const sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  expect(JSON.parse(stdout)).toMatchObject([
    {
      program: "create",
      changes: {
        "/data": [{ path: "new.txt", after: { kind: "file", bytes: 0, executable: false, sha256 } }],
        content: [],
      },
    },
    { program: "pipe", ok: true, exitCode: 0, outcome: "exited", changes: { "/data": [{ path: "new.txt" }] } },
  ]);
  expect(stdout).not.toContain('"content": {');
});

test("a single run works on the directory itself", async () => {
  const folder = await folderWith({
    "create.wasm": await assembleModule("create"),
    "data/file.txt": "",
    "wasi.json": manifest({ module: "create.wasm", runs: { default: { preopens: { "/data": "data" } } } }),
  });
  await expect(wasiKit(["run", folder])).resolves.toMatchObject({ exitCode: 0, stderr: "" });
  expect(readdirSync(join(folder, "data"))).toEqual(["file.txt", "new.txt"]);
});

test("--available leaves out what can't be built here, and says so in a line", async () => {
  const folder = await folderWith({
    "hello/hello.wasm": await assembleModule("hello"),
    "hello/wasi.json": manifest(),
    "zig/src/main.zig": "pub fn main() void {}\n",
    "zig/wasi.json": manifest({ build: { language: "zig" } }),
    "go/main.go": "package main\n",
    "go/wasi.json": manifest({ build: { language: "go" } }),
    "built/src/main.zig": "pub fn main() void {}\n",
    "built/hello.wasm": await assembleModule("hello"),
    "built/wasi.json": manifest({ build: { language: "zig" } }),
  });
  const env = { PATH: folder, XDG_CACHE_HOME: folder };
  const { exitCode, stdout, stderr } = await wasiKit(["run", "--all", "--available", "--no-build"], {
    cwd: folder,
    env,
  });
  expect(stderr).toBe(
    "wasi-kit: left out Go, Zig: not on this machine. To install what is missing: wasi-kit doctor --fix\n",
  );
  expect(stdout).toContain("2 runs of 2 programs, all as expected.");
  expect(exitCode).toBe(0);
  const without = await wasiKit(["run", "--all", "--no-build"], { cwd: folder, env });
  expect(without).toMatchObject({ exitCode: 1 });
});

test("--available alone is refused", async () => {
  await expect(wasiKit(["run", "--available", "good"], { cwd })).resolves.toMatchObject({
    exitCode: 2,
    stderr: "wasi-kit: --available goes with --all, which runs several programs.\n",
  });
});
