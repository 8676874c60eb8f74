import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bin, folderWith, makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

const modules = [
  "bytes",
  "cat",
  "exit1024",
  "exit255",
  "create",
  "exit7",
  "hello",
  "library",
  "panics",
  "read",
  "report",
  "recursion",
  "trap",
  "unknownImports",
  "yes",
] as const;

const component = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0);
const languages = '"assemblyscript", "c", "go", "rust", "wat" or "zig"';

let cwd: string;

beforeAll(async () => {
  const assembled = await Promise.all(
    modules.map(async (name) => [`${name}.wasm`, await assembleModule(name)] as const),
  );
  const { "report.wasm": report, "hello.wasm": hello } = Object.fromEntries(assembled);
  cwd = await realpath(
    await makeFolder({
      ...Object.fromEntries(assembled),
      "text.wasm": "not wasm at all",
      "empty.wasm": "",
      "truncated.wasm": hello!.subarray(0, 40),
      "component.wasm": component,
      "data/greeting.txt": "hello from a file\n",
      "example/report.wasm": report!,
      "example/wasi.json": manifest({
        module: "report.wasm",
        runs: { first: { args: ["a"], env: { A: "1" } }, second: { argv0: "second" } },
      }),
      "read/read.wasm": await assembleModule("read"),
      "read/data/greeting.txt": "hello from the example's\n",
      "read/wasi.json": manifest({ module: "read.wasm", runs: { default: { preopens: { "/data": "data" } } } }),
      "cat/cat.wasm": await assembleModule("cat"),
      "cat/in.txt": "from a file\n",
      "cat/wasi.json": manifest({
        module: "cat.wasm",
        runs: {
          text: { stdin: "from the manifest\n" },
          file: { stdin: { file: "in.txt" } },
          missing: { stdin: { file: "no.txt" } },
          none: {},
        },
      }),
      "not-json/wasi.json": "{ description: 'x' }",
      "unknown-key/wasi.json": manifest({ modules: "x" }),
      "language/wasi.json": manifest({ build: { language: "cobol" } }),
      "preopen/hello.wasm": hello!,
      "preopen/wasi.json": manifest({ runs: { default: { preopens: { "/data": "nowhere" } } } }),
      "absolute/wasi.json": manifest({ module: "/lib/hello.wasm" }),
      "escaping/wasi.json": manifest({ module: "../hello.wasm" }),
      "not-built/wasi.json": manifest({ module: "build/hello.wasm" }),
      "no-manifest/file.txt": "",
    }),
  );
});
afterAll(() => remove(cwd));

test.concurrent.each<[args: string[], stdout: string]>([
  [["hello.wasm"], "hello\n"],
  [["report.wasm"], "report.wasm\0\n"],
  [["report.wasm", "--", "a", "two words", "--dir", "日本語", ""], "report.wasm\0a\0two words\0--dir\0日本語\0\0\n"],
  [["report.wasm", "--"], "report.wasm\0\n"],
  // All that follows a module is the guest's, whatever it looks like.
  [["report.wasm", "a", "--dir", "b", "--help"], "report.wasm\0a\0--dir\0b\0--help\0\n"],
  [["report.wasm", "--env=A=1", "--", "-x"], "report.wasm\0--env=A=1\0--\0-x\0\n"],
  [["--env", "A=1", "report.wasm", "--run"], "report.wasm\0--run\0\nA=1\0"],
  [["--", "report.wasm", "a", "--", "-b"], "report.wasm\0a\0--\0-b\0\n"],
  [["--argv0", "me", "report.wasm"], "me\0\n"],
  [["--argv0=", "report.wasm"], "\0\n"],
  [
    ["--env", "A=1", "--env=B=x=y", "--env", "C=", "--env", "größe=10 µm", "report.wasm"],
    "report.wasm\0\nA=1\0B=x=y\0C=\0größe=10 µm\0",
  ],
  [["--env", "PASSED_ON", "--env", "NOT_THERE", "report.wasm"], "report.wasm\0\nPASSED_ON=by name\0"],
  [["--dir", "data", "read.wasm"], "hello from a file\n"],
  [["--dir", "data::/sandbox", "read.wasm"], "hello from a file\n"],
  [["example"], "report.wasm\0a\0\nA=1\0"],
  [["example", "--run", "second"], "second\0\n"],
  [["example", "--", "b", "c"], "report.wasm\0b\0c\0\nA=1\0"],
  [["example", "--env", "B=2", "--env", "A=0", "--argv0", "me"], "me\0a\0\nA=0\0B=2\0"],
  [["read"], "hello from the example's\n"],
  [["read", "--dir", "data::/data"], "hello from a file\n"],
  [["cat", "--run", "text"], "from the manifest\n"],
  [["cat", "--run", "file"], "from a file\n"],
])("wasi-kit run %j prints what the guest does, and nothing else", async (args, stdout) => {
  const env = { PASSED_ON: "by name", NOT_THERE: undefined };
  await expect(wasiKit(["run", ...args], { cwd, env })).resolves.toEqual({ exitCode: 0, stdout, stderr: "" });
});

test("the example in the current folder is the default, with arguments or without", async () => {
  const inside = { cwd: join(cwd, "example") };
  await expect(wasiKit(["run"], inside)).resolves.toMatchObject({ stdout: "report.wasm\0a\0\nA=1\0" });
  await expect(wasiKit(["run", "--", "b"], inside)).resolves.toMatchObject({ stdout: "report.wasm\0b\0\nA=1\0" });
});

test.concurrent.each<[module: string, exitCode: number]>([
  ["exit7", 7],
  ["exit255", 255],
  // Cut to the eight bits that a process has for it, this would be success.
  ["exit1024", 255],
  // path_open of a descriptor that was not granted: badf.
  ["read", 8],
])("%s ends with %i, the guest's own, and no error of ours", async (module, exitCode) => {
  await expect(wasiKit(["run", "--no-explain", `${module}.wasm`], { cwd })).resolves.toEqual({
    exitCode,
    stdout: "",
    stderr: "",
  });
});

test("a directory is granted for reading alone with ::ro", async () => {
  const rofs = 69;
  const readOnly = ["--dir", "data::/data::ro"];
  await expect(wasiKit(["run", ...readOnly, "read.wasm"], { cwd })).resolves.toMatchObject({ exitCode: 0 });
  await expect(wasiKit(["run", ...readOnly, "create.wasm"], { cwd })).resolves.toMatchObject({ exitCode: rofs });
  expect(existsSync(join(cwd, "data/new.txt"))).toBe(false);
  await expect(wasiKit(["run", "--dir", "data::/data", "create.wasm"], { cwd })).resolves.toMatchObject({
    exitCode: 0,
  });
  expect(existsSync(join(cwd, "data/new.txt"))).toBe(true);
});

test("a trap is told with its frames, innermost first", async () => {
  const { exitCode, stdout, stderr } = await wasiKit(["run", "trap.wasm"], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 134, stdout: "" });
  expect(stderr.replaceAll(/0x[0-9a-f]+/g, "0x…")).toBe(
    [
      "wasi-kit: trap.wasm trapped: unreachable",
      "  at innermost (wasm-function[0]:0x…)",
      "  at middle (wasm-function[1]:0x…)",
      "  at _start (wasm-function[2]:0x…)",
      "",
    ].join("\n"),
  );
});

test("the frames of a recursion without end are few lines", async () => {
  const { exitCode, stderr } = await wasiKit(["run", "--no-explain", "recursion.wasm"], { cwd });
  expect(exitCode).toBe(134);
  expect(stderr.replaceAll(/0x[0-9a-f]+/g, "0x…").split("\n")).toEqual([
    "wasi-kit: recursion.wasm trapped: Maximum call stack size exceeded",
    // The innermost had only begun.
    "  at deeper (wasm-function[0]:0x…)",
    "  at deeper (wasm-function[0]:0x…), and 48 more like it",
    "",
  ]);
});

test.concurrent.each<[what: string, args: string[], exitCode: number, message: string[]]>([
  [
    "manifest that is not JSON",
    ["not-json"],
    2,
    [
      "not-json/wasi.json:1:3: not JSON: invalid symbol.",
      "JSON has double quotes around every name, and no comments and no comma after the last entry.",
    ],
  ],
  [
    "unknown key",
    ["unknown-key"],
    2,
    [
      'unknown-key/wasi.json: modules: unknown key. Did you mean "module"? Allowed here: $schema, description, build, module, runs.',
    ],
  ],
  [
    "language that does not exist",
    ["language"],
    2,
    [`language/wasi.json: build.language: found "cobol", expected ${languages}.`],
  ],
  [
    "preopen folder that does not exist",
    ["preopen"],
    2,
    [
      "The preopen /data is declared as <cwd>/preopen/nowhere, and there is no such directory.",
      "Create it (mkdir -p <cwd>/preopen/nowhere) or declare one that is there.",
    ],
  ],
  [
    "absolute module",
    ["absolute"],
    2,
    [
      'absolute/wasi.json: module: found "/lib/hello.wasm", expected a relative path inside this folder, such as build/hello.wasm.',
    ],
  ],
  [
    "module outside its folder",
    ["escaping"],
    2,
    [
      'escaping/wasi.json: module: found "../hello.wasm", expected a relative path inside this folder, such as build/hello.wasm.',
    ],
  ],
  [
    "no manifest",
    ["no-manifest"],
    2,
    [
      "There is no wasi.json in no-manifest.",
      "Name a folder that has one (`wasi-kit list` shows those below the current folder), or have one written: wasi-kit init",
    ],
  ],
  [
    "no manifest here",
    [],
    2,
    [
      "There is no wasi.json in the current folder.",
      "Name a folder that has one (`wasi-kit list` shows those below the current folder), or have one written: wasi-kit init",
    ],
  ],
  [
    "no such run",
    ["example", "--run", "third"],
    2,
    ['<cwd>/example/wasi.json has no run named "third". It has: first, second.'],
  ],
  [
    "a file for stdin that is missing",
    ["cat", "--run", "missing"],
    2,
    ["The file <cwd>/cat/no.txt, which is to be stdin, can't be read (ENOENT)."],
  ],
  [
    "run of a module",
    ["--run", "first", "hello.wasm"],
    2,
    ["--run names a run of a program, and hello.wasm is no folder."],
  ],
  [
    "arguments of an example before --",
    ["example", "a", "--b"],
    2,
    ["What the guest gets as arguments follows --: wasi-kit run example -- a --b"],
  ],
  ["grants with --all", ["--all", "--env", "A", "--", "x"], 2, ["--env, -- can't be combined with --all."]],
  [
    "what --all does not heed",
    ["--all", "--invoke", "f", "--trace-output", "t", "--all-frames"],
    2,
    ["--all-frames, --invoke, --trace-output can't be combined with --all."],
  ],
  [
    "directory that does not exist",
    ["--dir", "nowhere::/data", "hello.wasm"],
    2,
    [
      "The preopen /data is declared as nowhere, and there is no such directory.",
      "Create it (mkdir -p nowhere) or declare one that is there.",
    ],
  ],
  [
    "directory that is a file",
    ["--dir", "hello.wasm::/data", "hello.wasm"],
    2,
    ["The preopen /data is declared as hello.wasm, which is not a directory.", "Name the directory that holds it."],
  ],
  [
    "directory without a host path",
    ["--dir", "::/data", "hello.wasm"],
    2,
    ["--dir ::/data: expected HOST::GUEST, HOST::GUEST::ro or HOST::GUEST::cow, such as --dir ./data::/sandbox::ro"],
  ],
  [
    "directory with three parts",
    ["--dir", "a::b::c", "hello.wasm"],
    2,
    ["--dir a::b::c: expected HOST::GUEST, HOST::GUEST::ro or HOST::GUEST::cow, such as --dir ./data::/sandbox::ro"],
  ],
  [
    "variable without a name",
    ["--env", "=1", "hello.wasm"],
    2,
    ["--env =1: expected NAME=VALUE, or NAME alone to pass on the host's"],
  ],
  [
    "text",
    ["text.wasm"],
    126,
    ['text.wasm is not WebAssembly: a .wasm file begins with \\0asm. It begins with "not wasm".'],
  ],
  ["empty file", ["empty.wasm"], 126, ["empty.wasm is not WebAssembly: a .wasm file begins with \\0asm. It is empty."]],
  [
    "truncated module",
    ["truncated.wasm"],
    126,
    [
      'truncated.wasm is not a valid WebAssembly module: section (code 2, "Import") extends past end of the module (length 35, remaining bytes 16) @+22',
      `It may be cut short, or need a feature that this Node.js (${process.version}) does not have. Build it again, or run it with a newer Node.js.`,
    ],
  ],
  [
    "component",
    ["component.wasm"],
    126,
    [
      "component.wasm is a WebAssembly component (WASI 0.2 or later), and wasi-kit runs core modules (WASI preview 1).",
      "Run it with wasmtime, or build it for the target wasm32-wasip1.",
    ],
  ],
  [
    "module that imports what WASI has not",
    ["unknownImports.wasm"],
    126,
    [
      "unknownImports.wasm imports what WASI preview 1 does not have:",
      "  env.log (function)",
      "  wasi_snapshot_preview1.sock_dance (function)",
      "It can import the functions of wasi_snapshot_preview1, and those that it is given with the option imports of @wasi-kit/runner.",
    ],
  ],
  [
    "library",
    ["library.wasm"],
    126,
    [
      "library.wasm exports no function _start, so it is not a command that can be run.",
      "Functions that it exports: add. Build it as a program, not as a library.",
      "A library's functions are called from code: instantiate() of @wasi-kit/runner.",
    ],
  ],
  [
    "no such module",
    ["missing.wasm"],
    127,
    ["There is no module at missing.wasm.", "If it has yet to be built, type: wasi-kit build"],
  ],
  [
    "example that is not built",
    ["not-built"],
    127,
    ["There is no module at not-built/build/hello.wasm.", "If it has yet to be built, type: wasi-kit build"],
  ],
])("one clear error: %s", async (_, args, code, message) => {
  const { exitCode, stdout, stderr } = await wasiKit(["run", "--no-explain", ...args], { cwd });
  expect(stderr.replaceAll(cwd, "<cwd>")).toBe(`wasi-kit: ${message.join("\n")}\n`);
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" });
});

test("output that is not text arrives byte by byte", () => {
  const output = execFileSync(process.execPath, [bin, "run", "bytes.wasm"], { cwd });
  expect([...output]).toEqual(Array.from({ length: 256 }, (_, byte) => byte));
});

test("stdin comes through a pipe, all of it", async () => {
  const stdin = "a line of text\n".repeat(20_000);
  const { exitCode, stdout } = await wasiKit(["run", "cat.wasm"], { cwd, stdin });
  expect({ exitCode, same: stdout === stdin }).toEqual({ exitCode: 0, same: true });
});

test.each([
  [
    "a run of a wasi.json that declares none",
    ["cat", "--run", "none"],
    "",
    /^wasi-kit: It read stdin and found nothing: the run "none" in cat\/wasi\.json [^]*: wasi-kit run cat\/cat\.wasm\n$/,
  ],
  ["one that declares another", ["cat", "--run", "text"], "from the manifest\n", /^$/],
  ["one that reads nothing", ["example"], expect.stringContaining("a"), /^$/],
  ["the module by itself", ["cat/cat.wasm"], "from a file\n", /^$/],
])("stdin that is redirected, and %s", (_, args, stdout, says) => {
  const fd = openSync(join(cwd, "cat/in.txt"), "r");
  const run = spawnSync(process.execPath, [bin, "run", ...args], {
    cwd,
    encoding: "utf8",
    stdio: [fd, "pipe", "pipe"],
  });
  closeSync(fd);
  expect(run).toMatchObject({ stdout, stderr: expect.stringMatching(says) });
});

test("two guests in one pipe", async () => {
  const first = wasiKit(["run", "hello.wasm"], { cwd });
  await expect(wasiKit(["run", "cat.wasm"], { cwd, stdin: first })).resolves.toMatchObject({ stdout: "hello\n" });
});

const wasiKitInShell = '"$0" "$1"';
/** Until nobody reads this output. */
const unread = 'trap "" PIPE; while echo; do :; done 2>/dev/null';

// 141 is a shell's for SIGPIPE.
test.each<[what: string, script: string, stdout: string]>([
  ["a guest's", `${wasiKitInShell} run yes.wasm | head -n 1`, "line\n141\n"],
  ["a guest's that would trap", `${wasiKitInShell} run panics.wasm | head -n 1`, "line\n141\n"],
  ...["run --all example", "list example", "list --json example", "inspect hello.wasm", "--help", "run --help"].map(
    (args): [string, string, string] => [args, `(${unread}; exec ${wasiKitInShell} ${args}) | true`, "141\n"],
  ),
])("whoever closes a pipe ends what writes to it, without a word: %s", (_, script, stdout) => {
  const line = `{ ${script}; echo \${PIPESTATUS[0]}; } 2>&1`;
  const found = execFileSync("bash", ["-c", line, process.execPath, bin], { cwd, encoding: "utf8" });
  expect(found).toBe(stdout);
});

test("a build goes on if nobody reads what it says", async () => {
  const folder = await folderWith({
    "wasi.json": manifest({ build: { language: "wat" } }),
    "hello.wat": '(module (func (export "_start")))',
  });
  const line = `(${unread}; exec ${wasiKitInShell} build 2>&1 >/dev/null) | true; echo \${PIPESTATUS[0]}; ls hello.wasm`;
  const found = execFileSync("bash", ["-c", line, process.execPath, bin], { cwd: folder, encoding: "utf8" });
  expect(found).toBe("0\nhello.wasm\n");
});

test.each<[what: string, script: string, said: string]>([
  ["a guest's, which is told", "run yes.wasm > /dev/full", "exit code 51"],
  [
    "a guest's, which has ended",
    "run hello.wasm 1< hello.wasm",
    "wasi-kit: What hello.wasm wrote to stdout can't be written. Is the disk full?\nexit code 1",
  ],
  [
    "ours",
    "list example > /dev/full",
    "wasi-kit: The output can't be written (ENOSPC). Is the disk full?\nexit code 1",
  ],
  ["nor what is wrong", "nothing > /dev/full 2>&1", "exit code 1"],
])("output that can't be written is said: %s", (_, script, said) => {
  const line = `"$0" "$1" ${script}; echo "exit code $?" >&2`;
  const { stderr } = spawnSync("bash", ["-c", line, process.execPath, bin], { cwd, encoding: "utf8" });
  expect(stderr).toBe(`${said}\n`);
});
