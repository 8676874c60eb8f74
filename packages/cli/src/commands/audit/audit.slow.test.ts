import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import { expect, test } from "vitest";
import { assemble, command, wasi } from "../../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../../../../runner/test/helpers/hostile.ts";
import { bin, folderWith, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

const start = (imports: Readonly<Record<string, string>>, code: string, data = ""): string =>
  command(code, `${wasi(imports)} ${data}`);

const pathOpen = { path_open: "i32 i32 i32 i32 i32 i64 i64 i32 i32" };
const environ = { environ_sizes_get: "i32 i32", environ_get: "i32 i32" };
const args = { args_sizes_get: "i32 i32", args_get: "i32 i32" };
const random = { random_get: "i32 i32" };
/** Opens greeting.txt in the first preopen, with a right; leaves the errno on the stack. */
const open = (right: number): string =>
  `(call $path_open (i32.const 3) (i32.const 1) (i32.const 64) (i32.const 12)
    (i32.const 0) (i64.const ${right}) (i64.const 0) (i32.const 0) (i32.const 32))`;
const greeting = '(data (i32.const 64) "greeting.txt")';

/** Guests by what they do. */
const guests = {
  /** Prints the first byte of the value of its first variable, which has a name of one letter; and its arguments' count. */
  firstVariable: start(
    { ...environ, ...args },
    `(drop (call $environ_get (i32.const 1024) (i32.const 2048)))
     (drop (call $args_get (i32.const 4096) (i32.const 5120)))
     (call $print (i32.const 1) (i32.const 2050) (i32.const 1))`,
  ),
  /** Opens a file for reading and writing, or else for reading, and prints whether it could. */
  fallback: start(
    pathOpen,
    `(if (i32.eqz ${open(66)}) (then (call $print (i32.const 1) (i32.const 64) (i32.const 5)) (return)))
     (if (i32.eqz ${open(2)}) (then (call $print (i32.const 1) (i32.const 64) (i32.const 5))))`,
    greeting,
  ),
  /** Gives a file other times, which no snapshot shows. */
  touch: start(
    { path_filestat_set_times: "i32 i32 i32 i32 i64 i64 i32" },
    `(drop (call $path_filestat_set_times (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 12)
       (i64.const 0) (i64.const 0) (i32.const 10)))`,
    greeting,
  ),
  /** Looks at a path that leads out, whether there is a fourth preopen, and ends well all the same. */
  nosy: start(
    { path_filestat_get: "i32 i32 i32 i32 i32" },
    `(loop $again
       (drop (call $path_filestat_get (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 8) (i32.const 128)))
       (i32.store (i32.const 32) (i32.add (i32.load (i32.const 32)) (i32.const 1)))
       (br_if $again (i32.lt_u (i32.load (i32.const 32)) (i32.const 3))))
     (drop (call $path_filestat_get (i32.const 7) (i32.const 0) (i32.const 64) (i32.const 8) (i32.const 128)))`,
    '(data (i32.const 64) "../s\\1b[2J")',
  ),
  /** Prints eight random bytes, and reads its variables. */
  dice: start(
    { ...random, ...environ },
    `(drop (call $environ_get (i32.const 1024) (i32.const 2048)))
     (drop (call $random_get (i32.const 64) (i32.const 8)))
     (call $print (i32.const 1) (i32.const 64) (i32.const 8))`,
  ),
  /** Loops for ever where it has no argument. */
  needsArgument: start(
    args,
    `(drop (call $args_sizes_get (i32.const 64) (i32.const 68)))
     (loop $again (br_if $again (i32.lt_u (i32.load (i32.const 64)) (i32.const 2))))`,
  ),
  /** Prints "o"; with an argument, the first byte of the value of its first variable instead. */
  variableIfAsked: start(
    { ...environ, ...args },
    `(drop (call $args_sizes_get (i32.const 128) (i32.const 132)))
     (if (i32.gt_u (i32.load (i32.const 128)) (i32.const 1))
       (then (drop (call $environ_get (i32.const 1024) (i32.const 64)))))
     (call $print (i32.const 1) (i32.const 66) (i32.const 1))`,
    '(data (i32.const 66) "o")',
  ),
  noImports: '(module (memory (export "memory") 1) (func (export "_start")))',
} as const;

/** A folder with an example of each of these guests, whose folders are named after them. */
async function examples(
  runs: Readonly<Partial<Record<keyof typeof guests, Readonly<Record<string, unknown>>>>>,
): Promise<string> {
  const files = Object.entries(runs).map(async ([name, own]) => [
    [`${name}/guest.wasm`, await assemble(guests[name as keyof typeof guests])] as const,
    [`${name}/wasi.json`, manifest({ module: "guest.wasm", runs: own })] as const,
    [`${name}/data/greeting.txt`, "hello\n"] as const,
    [`${name}/spare/file.txt`, ""] as const,
  ]);
  return folderWith(Object.fromEntries((await Promise.all(files)).flat()));
}

/** What is not needed, by run. */
async function unneeded(cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Record<string, string[]>> {
  const { stdout } = await wasiKit(["audit", "--json"], { cwd, env });
  const runs = JSON.parse(stdout) as { run: string; unneeded: { kind: string; name: string | null }[] }[];
  return Object.fromEntries(
    runs.map(({ run, unneeded: found }) => [run, found.map(({ kind, name }) => `${kind} ${name ?? ""}`.trimEnd())]),
  );
}

// The way that a person would write it, which is to stay.
const generous = `{
  "description": "Prints a file, and is granted more than that takes",
  "module": "read.wasm",
  "runs": {
    "default": {
      "env": { "DEBUG": "1" },
      "preopens": {
        "/data":  "data",
        "/spare": "spare"
      }
    },
    "exact": { "preopens": { "/data": { "path": "data", "access": "read-only" } } },
    "denied": { "args": ["unused"], "exitCode": 8 }
  }
}
`;

const lean = `{
  "description": "Prints a file, and is granted more than that takes",
  "module": "read.wasm",
  "runs": {
    "default": {
      "preopens": {
        "/data":  { "path": "data", "access": "read-only" }
      }
    },
    "exact": { "preopens": { "/data": { "path": "data", "access": "read-only" } } },
    "denied": { "args": ["unused"], "exitCode": 8 }
  }
}
`;

const generousExample = async (): Promise<string> =>
  folderWith({
    "wasi.json": generous,
    "read.wasm": await assembleModule("read"),
    "data/greeting.txt": "hello\n",
    "spare/file.txt": "",
  });

test("an unused preopen, an unneeded write access and an unused variable are found, and nothing is changed", async () => {
  const cwd = await generousExample();
  const { exitCode, stdout, stderr } = await wasiKit(["audit"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  await expect(stdout.replace(/^.*(?= default$)/m, "<folder>")).toMatchFileSnapshot(
    "./__snapshots__/audit-generous.txt",
  );
  await expect(readFile(join(cwd, "wasi.json"), "utf8")).resolves.toBe(generous);
  expect(readdirSync(cwd).toSorted()).toEqual(["data", "read.wasm", "spare", "wasi.json"]);
});

test("--write takes away what is not needed, and leaves the rest as it was written", async () => {
  const cwd = await generousExample();
  const { exitCode, stdout, stderr } = await wasiKit(["audit", "--write"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain("Wrote wasi.json.\n");
  expect(stdout).toContain("1 of 3 runs of 1 program is granted less now.\n");
  await expect(readFile(join(cwd, "wasi.json"), "utf8")).resolves.toBe(lean);
  expect(readdirSync(cwd).toSorted()).toEqual(["data", "read.wasm", "spare", "wasi.json"]);

  const again = await wasiKit(["audit"], { cwd });
  expect(again).toMatchObject({ exitCode: 0, stderr: "" });
  expect(again.stdout).toContain("3 runs of 1 program: nothing to report.\n");
});

test("--write replaces what a link leads to, and keeps the link", async () => {
  const cwd = await generousExample();
  const [real, link] = [join(cwd, "real.json"), join(cwd, "wasi.json")];
  await writeFile(real, generous);
  await remove(link);
  await symlink("real.json", link);
  expect(await wasiKit(["audit", "--write"], { cwd })).toMatchObject({ exitCode: 0 });
  expect(readFileSync(real, "utf8")).toBe(lean);
  expect(
    readdirSync(cwd, { withFileTypes: true })
      .find(({ name }) => name === "wasi.json")
      ?.isSymbolicLink(),
  ).toBe(true);
});

test("--json says all of each run", async () => {
  const cwd = await generousExample();
  const { exitCode, stdout, stderr } = await wasiKit(["audit", "--json", cwd]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject([
    {
      run: "default",
      status: "audited",
      unneeded: [
        { kind: "preopen", name: "/spare" },
        { kind: "write access", name: "/data" },
        { kind: "variable", name: "DEBUG" },
      ],
      refused: [],
      nonDeterministic: [],
      minimal: { preopens: { "/data": { path: "data", access: "read-only" } } },
    },
    { run: "exact", status: "audited", unneeded: [] },
    { run: "denied", status: "kept", unneeded: [], ending: "ended with exit code 8" },
  ]);
});

test("variables are left out one at a time, arguments and stdin as a whole", async () => {
  const cwd = await examples({
    firstVariable: {
      variables: { env: { A: "1", B: "2" } },
      "second-inherited": { inheritEnv: ["A", "NOWHERE"], env: { B: "2" } },
      "args-read": { env: { A: "1" }, args: ["x"], stdin: "x" },
      none: { args: [], env: {}, preopens: {}, stdin: "" },
    },
    needsArgument: { args: { args: ["x"], timeoutMs: 300 } },
  });
  expect(await unneeded(cwd, { A: "1", NOWHERE: undefined })).toEqual({
    variables: ["variable B"],
    "second-inherited": ["variable B"],
    "args-read": ["args", "stdin"],
    none: [],
    args: [],
  });
});

test("what only served what was taken away goes as well", async () => {
  const cwd = await examples({ variableIfAsked: { default: { args: ["x"], env: { A: "o", B: "p" } } } });
  expect(await unneeded(cwd)).toEqual({ default: ["variable B", "args", "variable A"] });
});

test("access to write is needed where something is written, or where only that gives the same result", async () => {
  const cwd = await examples({
    fallback: { fallback: { preopens: { "/data": "data" } } },
    touch: {
      touch: { preopens: { "/data": "data" } },
      "touch-spare": { preopens: { "/data": "data", "/spare": "spare" } },
    },
  });
  await writeFile(join(cwd, "create.wasm"), await assembleModule("create"));
  await mkdir(join(cwd, "data"));
  const runs = { create: { preopens: { "/data": "data" } } };
  await writeFile(join(cwd, "wasi.json"), manifest({ module: "create.wasm", runs }));
  expect(await unneeded(cwd)).toEqual({
    fallback: ["write access /data"],
    touch: [],
    "touch-spare": ["preopen /spare"],
    create: [],
  });
});

test("what is refused in a run that ends well is reported, and --write does not mend it", async () => {
  const cwd = await examples({ nosy: { default: { preopens: { "/data": { path: "data", access: "read-only" } } } } });
  for (const options of [[], ["--write"]]) {
    const { exitCode, stdout } = await wasiKit(["audit", ...options, "nosy"], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toBe(
      [
        "nosy default",
        '  refused  path_filestat_get "../s\\u001b[2J" from /data: it leads out of what was granted, or asks for more (notcapable), 3 times',
        '  refused  path_filestat_get "../s\\u001b[2J": there is no preopen to start from (badf)',
        "",
        "1 of 1 run of 1 program has something to report.",
        "",
      ].join("\n"),
    );
  }
});

test("of a run that does not repeat itself, only what it never asked for is not needed", async () => {
  const grants = { args: ["x"], env: { A: "1" }, preopens: { "/spare": "spare" } };
  const cwd = await examples({ dice: { random: grants, seeded: { ...grants, randomSeed: 1 } } });
  expect(await unneeded(cwd)).toEqual({
    random: ["preopen /spare", "args"],
    seeded: ["preopen /spare", "variable A", "args"],
  });
  const { stdout } = await wasiKit(["audit", "dice"], { cwd });
  expect(stdout).toContain("  not repeatable  stdout differed in two runs, ");
});

test("a guest without imports needs nothing", async () => {
  const cwd = await examples({
    noImports: {
      default: { wasi: false, env: { A: "1" }, args: ["x"], stdin: "x", preopens: { "/data": "data" } },
    },
    touch: { refused: { wasi: false, exitCode: 126, preopens: { "/data": "data" } } },
  });
  expect(await unneeded(cwd)).toEqual({
    default: ["preopen /data", "variable A", "args", "stdin"],
    refused: [],
  });
});

test.each<[what: string, wat: string, run: object, ending: string]>([
  ["hangs", hostile.loop, { timeoutMs: 300 }, "timed out after 300 ms"],
  ["sleeps, and has no time limit", hostile.sleep, {}, "timed out after 10000 ms"],
  ["traps", '(module (memory (export "memory") 1) (func (export "_start") unreachable))', {}, "trapped: unreachable"],
  ["exits with another code", command("(call $proc_exit (i32.const 3))"), {}, "ended with exit code 3"],
  ["does not fail", guests.noImports, { exitCode: 3 }, "ended with exit code 0"],
])("a guest that %s is not audited, and fails", async (_, wat, run, ending) => {
  const text = manifest({ module: "guest.wasm", runs: { default: { env: { A: "1" }, ...run } } });
  const cwd = await folderWith({ "x/guest.wasm": await assemble(wat), "x/wasi.json": text });
  const { exitCode, stdout } = await wasiKit(["audit", "--write", "."], { cwd });
  expect(stdout).toContain(`x default\n  failed  ${ending}, which is not what its wasi.json expects`);
  expect(exitCode).toBe(1);
  await expect(readFile(join(cwd, "x/wasi.json"), "utf8")).resolves.toBe(text);
});

test.each<[what: string, files: Record<string, string>, args: string[], exitCode: number, stderr: RegExp]>([
  ["no manifest", {}, [], 2, /There is no wasi\.json in the current folder or below it/],
  ["no such folder", {}, ["nowhere"], 2, /There is no folder nowhere\./],
  ["a manifest that is not valid", { "wasi.json": '{ "runs": {} }' }, [], 2, /wasi\.json: /],
  ["no module", { "x/wasi.json": manifest() }, ["x"], 127, /There is no module at x\/hello\.wasm/],
  ["no WebAssembly", { "wasi.json": manifest(), "hello.wasm": "no" }, [], 126, /is not WebAssembly/],
  [
    "no directory",
    { "wasi.json": manifest({ runs: { default: { preopens: { "/d": "nowhere" } } } }) },
    [],
    2,
    /nowhere, and there is no such directory/,
  ],
  ["an unknown option", {}, ["--fix"], 2, /There is no option --fix/],
])("%s is said, and nothing is written", async (_, files, options, exitCode, stderr) => {
  const cwd = await folderWith({ "keep.txt": "", ...files });
  const result = await wasiKit(["audit", "--write", ...options], { cwd });
  expect(result.stderr).toMatch(stderr);
  expect(result).toMatchObject({ exitCode, stdout: "" });
});

test("an example that can't be run keeps all from being written", async () => {
  const cwd = await generousExample();
  await mkdir(join(cwd, "z"));
  await writeFile(join(cwd, "z/wasi.json"), manifest());
  expect(await wasiKit(["audit", "--write"], { cwd })).toMatchObject({ exitCode: 127 });
  await expect(readFile(join(cwd, "wasi.json"), "utf8")).resolves.toBe(generous);
});

test("on a terminal it says which run it is at", async () => {
  const cwd = await generousExample();
  const terminal = spawnInTerminal(process.execPath, [bin, "audit"], { cwd, cols: 200, rows: 30 });
  let shown = "";
  terminal.onData((data) => (shown += data));
  const { exitCode } = await new Promise<{ exitCode: number }>((resolve) => void terminal.onExit(resolve));
  expect(exitCode).toBe(1);
  expect(shown).toMatch(/Auditing 1 of 3: \S+ default/);
  expect(shown).toMatch(/Auditing 3 of 3: \S+ denied/);
});

test("a folder that is named twice is audited once", async () => {
  const cwd = await generousExample();
  const { stdout } = await wasiKit(["audit", ".", "."], { cwd });
  expect(stdout).toContain("of 3 runs of 1 program ");
});
