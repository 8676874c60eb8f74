import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { x } from "tinyexec";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bin, makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { canMount, mount, unmount } from "../../../test/helpers/mount.ts";
import { assemble } from "../../../../wasm/test/helpers/assemble.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

let cwd: string;

beforeAll(async () => {
  const names = ["hello", "cat", "exit7", "report"] as const;
  const modules = await Promise.all(names.map(async (name) => [`${name}.wasm`, await assembleModule(name)] as const));
  cwd = await makeFolder({ ...Object.fromEntries(modules), "wasi.json": manifest() });
});
afterAll(() => remove(cwd));

const fixed = ["--clock", "2020-07-01T00:00:00Z"];
const run = (...args: string[]) => wasiKit(["run", ...args], { cwd });

test("each call is a line on stderr, and stdout is the guest's alone", async () => {
  expect(await run(...fixed, "--trace", "hello.wasm")).toMatchObject({
    stdout: "hello\n",
    stderr: 'fd_write(1<stdout>, "hello\\n" (6 bytes)) = 6\n',
    exitCode: 0,
  });
});

test("a run of an example is traced as a module is", async () => {
  const { stderr } = await run("--trace");
  expect(stderr).toMatch(/^fd_write\(1<stdout>, "hello\\n" \(6 bytes\)\) = 6  \d+\.\d{3} ms\n$/);
});

test("as JSON, a call is an object a line, with full values", async () => {
  const text = "x".repeat(100);
  const { stderr } = await wasiKit(["run", ...fixed, "--trace=json", "cat.wasm"], { cwd, stdin: text });
  expect(
    stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    {
      name: "fd_read",
      args: { fd: { fd: 0, path: "stdin" } },
      errno: "success",
      results: { iovs: { size: 100, text }, nread: 100 },
    },
    {
      name: "fd_write",
      args: { fd: { fd: 1, path: "stdout" }, iovs: { size: 100, text } },
      errno: "success",
      results: { nwritten: 100 },
    },
    {
      name: "fd_read",
      args: { fd: { fd: 0, path: "stdin" } },
      errno: "success",
      results: { iovs: { size: 0, text: "" }, nread: 0 },
    },
  ]);
});

test.each([
  [[], 'fd_write(1<stdout>, "hello\\n" (6 bytes)) = 6\n'],
  [["--trace"], 'fd_write(1<stdout>, "hello\\n" (6 bytes)) = 6\n'],
  [["--trace=json"], expect.stringMatching(/^\{"name":"fd_write",.*\}\n$/)],
  [["--trace=summary"], expect.stringMatching(/ fd_write\n/)],
])("with %j, a trace goes into a file, over what was there, and stderr stays empty", async (options, content) => {
  const file = "calls.txt";
  await writeFile(join(cwd, file), "something that is longer than the trace ".repeat(10));
  expect(await run(...fixed, ...options, "--trace-output", file, "hello.wasm")).toMatchObject({
    stdout: "hello\n",
    stderr: "",
  });
  expect(await readFile(join(cwd, file), "utf8")).toEqual(content);
});

test("with a fixed clock and a seed, a trace repeats to the byte", async () => {
  const args = [...fixed, "--seed", "1", "--trace", "--env", "A=1", "report.wasm", "--", "b"];
  const [first, second] = [await run(...args), await run(...args)];
  expect(second.stderr).toBe(first.stderr);
});

test("the functions that are not in the filter are left out", async () => {
  const { stderr } = await run(...fixed, "--trace", "--trace-filter", "args_*, environ_get", "report.wasm");
  expect(stderr.match(/^\w+/gm)).toEqual(["args_sizes_get", "args_get", "environ_get"]);
});

test("a summary counts calls, errors, bytes and time by function", async () => {
  const { stderr } = await wasiKit(["run", "--trace=summary", "cat.wasm"], { cwd, stdin: "four" });
  const rows = stderr.split("\n").map((line) =>
    line
      .trim()
      .replaceAll(/[\d.]+ +\d+ %/g, "T")
      .split(/ {2,}/),
  );
  expect(rows.slice(0, 1)).toEqual([["ms", "calls", "errors", "bytes", "function"]]);
  expect(rows.slice(1).toSorted()).toEqual([
    [""],
    ["T", "1", "4", "fd_write"],
    ["T", "2", "4", "fd_read"],
    ["T", "3", "8", "all"],
  ]);
});

test("what a guest writes to stderr without an end of line does not run into the trace", async () => {
  const source = String.raw`(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\08\00\00\00\04\00\00\00half")
    (func (export "_start") (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 16)))))`;
  await writeFile(join(cwd, "half.wasm"), await assemble(source));
  const { stderr } = await run(...fixed, "--trace", "half.wasm");
  expect(stderr).toBe('half\nfd_write(2<stderr>, "half" (4 bytes)) = 4\n');
});

test("of a run that was ended, the call that it was in is told last", async () => {
  const { stderr, exitCode } = await x(
    "sh",
    ["-c", 'sleep 5 | "$0" "$1" run --timeout 100 --trace-output t.txt cat.wasm', process.execPath, bin],
    { nodeOptions: { cwd } },
  );
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 124 });
  expect(await readFile(join(cwd, "t.txt"), "utf8")).toBe("fd_read(0<stdin>)\n");
});

test.each([
  [
    ["--trace-output", "no/such/folder", "hello.wasm"],
    "--trace-output no/such/folder: this file can't be written (ENOENT).",
  ],
  [["--trace-output", ".", "hello.wasm"], "--trace-output .: this file can't be written (EISDIR)."],
  [
    ["--trace=summery", "hello.wasm"],
    "There is no form of a trace summery. Did you mean summary? There are: lines, json, summary.\nTo write it to a file: --trace-output FILE",
  ],
  [["--trace=calls.txt", "hello.wasm"], "There is no form of a trace calls.txt. There are: lines, json, summary."],
  [
    ["--trace", "--trace-filter", "fd_raed", "hello.wasm"],
    "There is no function of WASI fd_raed. Did you mean fd_read?",
  ],
  [["--trace", "--trace-filter", "fd_(", "hello.wasm"], "There is no function of WASI fd_(."],
  [["--trace", "--trace-filter", "", "hello.wasm"], 'There is no function of WASI "".'],
  [["--trace-filter", "fd_read", "hello.wasm"], "--trace-filter goes with --trace."],
  [["--all", "--trace"], "--trace can't be combined with --all."],
])("%j is refused, and nothing runs", async (args, message) => {
  const { stdout, stderr, exitCode } = await run(...args);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
  expect(stderr).toContain(message);
});

test.each([
  ["hello.wasm", 0, "hello\n"],
  ["exit7.wasm", 7, ""],
])(
  "a file that takes no more is said in a line, and the exit code is the guest's: %s",
  async (module, code, output) => {
    const { stdout, stderr, exitCode } = await run("--trace-output=/dev/full", module);
    expect({ stdout, exitCode }).toEqual({ stdout: output, exitCode: code });
    expect(stderr).toBe(
      "wasi-kit: The trace in /dev/full is not whole: it can't be written any further (ENOSPC). The run was not affected.\n",
    );
  },
);

test("so is one on a disk that fills up", async ({ onTestFinished, skip }) => {
  skip(!canMount, "this process may not mount");
  const disk = join(cwd, "disk");
  await mkdir(disk);
  mount(disk, "-t", "tmpfs", "-o", "size=128k", "tmpfs");
  onTestFinished(() => unmount(disk));
  const { stdout, stderr, exitCode } = await wasiKit(
    ["run", "--trace=json", "--trace-output", "disk/t.jsonl", "cat.wasm"],
    {
      cwd,
      stdin: "a line of text\n".repeat(20_000),
    },
  );
  expect({ length: stdout.length, exitCode }).toEqual({ length: 300_000, exitCode: 0 });
  expect(stderr).toMatch(/^wasi-kit: The trace in disk\/t.jsonl is not whole: .* \(ENOSPC\)\. .*\n$/);
});
