import { closeSync, openSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Frame } from "@wasi-kit/wasm/debug";
import type { ModuleSource } from "../src/module/module.ts";
import type { RunOptions } from "../src/options.ts";
import type { RunResult } from "../src/result.ts";
import { run, runSync } from "../src/run.ts";
import { assemble, command, wasi } from "../../wasm/test/helpers/assemble.ts";
import { leb128, line, lineUnit, tables4, withSection } from "../../wasm/test/helpers/dwarf.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wasi-kit-run-"));
  await writeFile(join(folder, "in.txt"), "from a file\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sizesAndStrings = "args_sizes_get args_get environ_sizes_get environ_get".split(" ");

/** Prints the arguments and the variables as the guest gets them, a NUL after each. */
const report = command(
  `(drop (call $args_sizes_get (i32.const 16) (i32.const 20)))
   (drop (call $args_get (i32.const 4096) (i32.const 8192)))
   (call $print (i32.const 1) (i32.const 8192) (i32.load (i32.const 20)))
   (drop (call $environ_sizes_get (i32.const 16) (i32.const 20)))
   (drop (call $environ_get (i32.const 4096) (i32.const 8192)))
   (call $print (i32.const 2) (i32.const 8192) (i32.load (i32.const 20)))`,
  wasi(Object.fromEntries(sizesAndStrings.map((name) => [name, "i32 i32"]))),
);

/** Copies stdin to stdout, 7 bytes at a time. */
const cat = command(
  `(loop $next
     (i32.store (i32.const 16) (i32.const 1024))
     (i32.store (i32.const 20) (i32.const 7))
     (drop (call $fd_read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 24)))
     (if (i32.load (i32.const 24)) (then
       (call $print (i32.const 1) (i32.const 1024) (i32.load (i32.const 24)))
       (br $next))))`,
  wasi({ fd_read: "i32 i32 i32 i32" }),
);

test("what a guest prints is captured, stdout and stderr apart, as text and as bytes", async () => {
  const text = command(
    "(call $print (i32.const 1) (i32.const 16) (i32.const 4)) (call $print (i32.const 2) (i32.const 20) (i32.const 2))",
    '(data (i32.const 16) "\\ef\\bb\\bf!\\ff\\0a")',
  );
  const result = await run(await assemble(text));
  expect(result).toEqual({
    outcome: "exited",
    exitCode: 0,
    // A byte order mark is the guest's own, and what is not UTF-8 is replaced in the text alone.
    stdout: "\uFEFF!",
    stderr: "\uFFFD\n",
    stdoutBytes: Uint8Array.of(0xef, 0xbb, 0xbf, 0x21),
    stderrBytes: Uint8Array.of(0xff, 0x0a),
    durationMs: expect.any(Number),
    cpuMs: expect.any(Number),
    memoryBytes: 65_536,
    stats: { calls: 2, bytesRead: 0, bytesWritten: 6, inputBytes: 0, outputBytes: 6 },
    diagnostics: {
      failedCalls: [],
      unresolved: 0,
      queried: { args: false, env: false, preopens: false },
      stderrTail: "\uFFFD\n",
    },
  });
  expect(result.durationMs).toBeGreaterThan(0);
  // Linux may count it in steps of some milliseconds.
  expect(result.cpuMs).toBeGreaterThanOrEqual(0);
});

test.each<[what: string, options: RunOptions, args: string[], env: string[]]>([
  ["nothing", {}, ["module.wasm"], []],
  [
    "args",
    { args: ["a", "", "two words", "naïve", "日本語", "🦀"] },
    ["module.wasm", "a", "", "two words", "naïve", "日本語", "🦀"],
    [],
  ],
  ["argv0", { argv0: "me" }, ["me"], []],
  ["an empty argv0", { argv0: "", args: ["a"] }, ["", "a"], []],
  [
    "variables",
    { env: { A: "1", EMPTY: "", größe: "10 µm", X: "a=b" } },
    ["module.wasm"],
    ["A=1", "EMPTY=", "größe=10 µm", "X=a=b"],
  ],
])("a guest is given %s, and nothing of the host's", async (_, options, args, env) => {
  const { stdout, stderr } = await run(await assemble(report), options);
  expect({ args: stdout.split("\0").slice(0, -1), env: stderr.split("\0").slice(0, -1) }).toEqual({ args, env });
});

test.each<[what: string, stdin: () => RunOptions["stdin"], stdout: string]>([
  ["nothing", () => "", ""],
  ["text", () => "ünïcode\n", "ünïcode\n"],
  ["bytes", () => Uint8Array.of(65, 66, 10), "AB\n"],
  ["a lot", () => "0123456789".repeat(1000), "0123456789".repeat(1000)],
  ["a file", () => ({ file: join(folder, "in.txt") }), "from a file\n"],
])("stdin is %s", async (_, stdin, stdout) => {
  await expect(run(await assemble(cat), { stdin: stdin()! })).resolves.toMatchObject({ stdout, exitCode: 0 });
});

test("stdin, stdout and stderr can be descriptors of the host", async () => {
  const [input, output] = [openSync(join(folder, "in.txt"), "r"), openSync(join(folder, "out.txt"), "w")];
  const result = await run(await assemble(cat), {
    stdin: { fd: input },
    stdout: { fd: output },
    stderr: { fd: output },
  });
  closeSync(input);
  closeSync(output);
  expect(result).toMatchObject({ stdout: "", stdoutBytes: new Uint8Array(), exitCode: 0 });
  await expect(readFile(join(folder, "out.txt"), "utf8")).resolves.toBe("from a file\n");
});

/** Writes eight bytes to stdout or stderr. */
const says = (stream: 1 | 2): string => command(`(call $print (i32.const ${stream}) (i32.const 1024) (i32.const 8))`);

test("output that was held back, and that the host does not take at the end, is told", async () => {
  const fd = openSync(join(folder, "in.txt"), "r");
  onTestFinished(() => closeSync(fd));
  const output = { stdout: { fd }, stderr: { fd } };
  await expect(run(await assemble(says(1)), output)).resolves.toMatchObject({ exitCode: 0, lostOutput: ["stdout"] });
  await expect(run(await assemble(says(2)), output)).resolves.toMatchObject({ exitCode: 0, lostOutput: ["stderr"] });
  expect(await run(await assemble(command("")), output)).not.toHaveProperty("lostOutput");
});

test("output of several megabytes is captured whole", async () => {
  const text = command(
    `(local $i i32)
     (loop $next
       (call $print (i32.const 1) (i32.const 1024) (i32.const 32768))
       (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 128))))`,
  );
  const { stdoutBytes } = await run(await assemble(text));
  expect(stdoutBytes.length).toBe(128 * 32_768);
});

const nested = "(func $inner (call $proc_exit (i32.const 3)) unreachable) (func $outer (call $inner) unreachable)";

test.each<[what: string, text: string, exitCode: number]>([
  ["returns", command(""), 0],
  ["exits with 0", command("(call $proc_exit (i32.const 0)) unreachable"), 0],
  ["exits with 1", command("(call $proc_exit (i32.const 1)) unreachable"), 1],
  ["exits with 134, as if it had trapped", command("(call $proc_exit (i32.const 134))"), 134],
  ["exits with 255", command("(call $proc_exit (i32.const 255))"), 255],
  ["exits with 256", command("(call $proc_exit (i32.const 256))"), 256],
  ["exits with -1, which is unsigned", command("(call $proc_exit (i32.const -1))"), 4_294_967_295],
  ["exits deep inside", command("(call $outer) unreachable", nested), 3],
  ["exits in its start section", command("", "(start $exits) (func $exits (call $proc_exit (i32.const 5)))"), 5],
  ["has no memory", '(module (func (export "_start")))', 0],
  [
    "has no memory and exits",
    `(module ${wasi({ proc_exit: "i32" })} (func (export "_start") (call $proc_exit (i32.const 6))))`,
    6,
  ],
  ["exports something else named memory", '(module (func (export "memory")) (func (export "_start")))', 0],
])("a guest that %s", async (_, text, exitCode) => {
  const result = await run(await assemble(text));
  expect(result).toMatchObject({ outcome: "exited", exitCode, stderr: "" });
  expect(result.trap).toBeUndefined();
});

const early = command(
  "(call $print (i32.const 1) (i32.const 20) (i32.const 6))",
  `(data (i32.const 16) "one\\n") (data (i32.const 20) "start\\n")
   (start $early) (func $early (call $print (i32.const 1) (i32.const 16) (i32.const 4)))`,
);

test("what a start section writes is there, before the rest", async () => {
  const bytes = await assemble(early);
  const expected = { outcome: "exited", exitCode: 0, stdout: "one\nstart\n" };
  expect(runSync(bytes)).toMatchObject(expected);
  expect(runSync(bytes, { maxMemoryBytes: 65_536, timeoutMs: 60_000 })).toMatchObject(expected);
  const { trace } = runSync(bytes, { trace: true });
  expect(trace?.map(({ name }) => name)).toEqual(["fd_write", "fd_write"]);
});

test.each([
  ["that ends there", early],
  [
    "that exits",
    command(
      "",
      `(start $s) (func $s (call $print (i32.const 1) (i32.const 16) (i32.const 4)) (call $proc_exit (i32.const 0)))`,
    ),
  ],
  [
    "that traps",
    command("", `(start $s) (func $s (call $print (i32.const 1) (i32.const 16) (i32.const 4)) unreachable)`),
  ],
])("a start section that calls WASI can't be moved out of a module that comes compiled, one %s", async (_, text) => {
  const module = new WebAssembly.Module((await assemble(text)) as BufferSource);
  await expect(run(module)).rejects.toMatchObject({
    code: "E_IMPORTS",
    message:
      "the module calls WASI from its start section, and came compiled, so that its memory is not there yet.\n" +
      "Pass the path of its file, or its bytes.",
  });
});

test("a trap in a start section has its place in the module as it was", async () => {
  const bytes = await assemble(command("", "(start $early) (func $early (nop) unreachable)"));
  for (const options of [{}, { maxMemoryBytes: 1_000_000 }]) {
    const { trap } = runSync(bytes, options);
    expect(trap?.frames.map(({ name, offset }) => [name, bytes[offset]])).toEqual([["early", 0x00]]);
  }
});

const grow = "(memory.grow (i32.const 1)) drop";

test.each<[what: string, text: string, message: string | RegExp, frames: string[]]>([
  ["unreachable", command("(call $inner)", "(func $inner unreachable)"), "unreachable", ["inner", "_start"]],
  [
    "memory out of bounds",
    command(`${grow} (drop (i32.load (i32.const -4)))`),
    "memory access out of bounds",
    ["_start"],
  ],
  ["division by zero", command("(drop (i32.div_s (i32.const 1) (i32.const 0)))"), "divide by zero", ["_start"]],
  [
    "no such function in a table",
    command("(call_indirect (i32.const 0))", "(table 1 funcref)"),
    /null function|signature mismatch/,
    ["_start"],
  ],
  [
    "endless recursion",
    command("(call $deeper)", "(func $deeper (call $deeper) (call $deeper))"),
    "Maximum call stack size exceeded",
    ["deeper"],
  ],
  ["a start section that traps", command("", "(start $early) (func $early unreachable)"), "unreachable", ["early"]],
  ["data that does not fit", command("", '(data (i32.const 65536) "x")'), /data segment|out of bounds/, []],
])("a trap is an outcome: %s", async (_, text, message, frames) => {
  const { outcome, exitCode, trap } = await run(await assemble(text));
  expect({ outcome, exitCode }).toEqual({ outcome: "trapped", exitCode: 134 });
  expect(trap?.message).toMatch(message);
  expect(trap?.frames.slice(0, frames.length).map(({ name }) => name)).toEqual(frames);
});

const calls = `(module $with.a.name
  (func $Inner::most (param i32) unreachable)
  (func (call $Inner::most (i32.const 1)))
  (func $_ZN5crate4main17h0123456789abcdefE (export "_start") (call 1)))`;

test("a frame has a function's name, its index, and where in the module it stood", async () => {
  const bytes = await assemble(calls);
  const { trap } = await run(bytes);
  expect(trap?.frames).toEqual([
    { name: "Inner::most", functionIndex: 0, offset: expect.any(Number) },
    { functionIndex: 1, offset: expect.any(Number) },
    { name: "crate::main", functionIndex: 2, offset: expect.any(Number) },
  ]);
  // unreachable, call, call
  expect(trap?.frames.map(({ offset }) => bytes[offset])).toEqual([0x00, 0x10, 0x10]);
});

const sourcesOf = async (source: ModuleSource): Promise<unknown> =>
  (await run(source)).trap?.frames.map((frame) => frame.source);

test("a frame has its place in the source, if the module is a path, bytes or compiled", async () => {
  const map = JSON.stringify({ version: 3, sources: ["text.wat"], names: [], mappings: "AAAA" });
  const name = "text.wasm.map";
  const bytes = withSection(
    await assemble(calls),
    "sourceMappingURL",
    Uint8Array.of(name.length, ...Buffer.from(name)),
  );
  await writeFile(join(folder, "text.wasm"), bytes);
  await writeFile(join(folder, name), map);
  await writeFile(join(folder, "text.wat"), calls);
  const found = [0, 1, 2].map(() => ({ file: join(folder, "text.wat"), line: 1, column: 1 }));
  await expect(sourcesOf(join(folder, "text.wasm"))).resolves.toEqual(found);
  await expect(sourcesOf(pathToFileURL(join(folder, "text.wasm")))).resolves.toEqual(found);
  // Nobody knows what the map's path is relative to.
  await expect(sourcesOf(bytes)).resolves.toEqual([undefined, undefined, undefined]);
  const url = `data:,${map}`;
  const inline = withSection(
    await assemble(calls),
    "sourceMappingURL",
    Uint8Array.of(...leb128(url.length), ...Buffer.from(url)),
  );
  const shown = found.map((place) => ({ ...place, file: "text.wat" }));
  await expect(sourcesOf(inline)).resolves.toEqual(shown);
  await expect(sourcesOf(new WebAssembly.Module(inline as BufferSource))).resolves.toEqual(shown);
});

test("a frame is where it was in the module, also where a limit to its memory moved the code", async () => {
  const wat = '(module (memory (export "memory") 1) (func (export "_start") unreachable))';
  const program = [line.setAddress(1), line.copy, line.advancePc(2), line.copy, line.advancePc(1), line.endSequence];
  const table = lineUnit(4, program.flat(), tables4([], [["trap.c", 0]]));
  const bytes = withSection(await assemble(wat), ".debug_line", table);
  const source = { file: "trap.c", line: 1, column: 1 };
  const { trap } = runSync(bytes);
  expect(trap?.frames).toEqual([{ functionIndex: 0, offset: expect.any(Number), source }]);
  expect(bytes[trap?.frames[0]?.offset ?? 0]).toBe(0x00);
  expect(runSync(bytes, { maxMemoryBytes: 2 ** 31 }).trap).toEqual(trap);
});

test("frames are there for whoever shows, copies, compares or freezes a result", async () => {
  const bytes = await assemble(command("(call $inner)", "(func $inner unreachable)"));
  const trapped = (): RunResult => Object.freeze(runSync(bytes));
  const frames = ["inner", "_start"].map((name) => expect.objectContaining({ name }) as Frame);
  const expected = { message: "unreachable", frames };
  expect(inspect(trapped(), { depth: 4 })).toMatch(
    /trap: {\s+message: 'unreachable',\s+frames: \[\s+{ name: 'inner', /,
  );
  expect((JSON.parse(JSON.stringify(trapped())) as RunResult).trap).toEqual(expected);
  expect(structuredClone(trapped()).trap).toEqual(expected);
  expect({ ...trapped().trap }).toEqual(expected);
  const { trap } = trapped();
  expect(Object.freeze(trap)?.frames).toEqual(frames);
  expect(trap?.frames).toBe(trap?.frames);
});

test("a trap has at most 50 frames, and nothing of the host's stays changed", async () => {
  const { stackTraceLimit, prepareStackTrace } = Error;
  onTestFinished(() => void Object.assign(Error, { stackTraceLimit, prepareStackTrace }));
  Error.stackTraceLimit = 7;
  Error.prepareStackTrace = () => "of the host";
  const { trap } = await run(await assemble(command("(call $deeper)", "(func $deeper (call $deeper) (call $deeper))")));
  expect(trap?.frames).toHaveLength(50);
  expect(Error.stackTraceLimit).toBe(7);
  expect(new Error("after").stack).toBe("of the host");
});

test("what was printed before a trap is kept", async () => {
  const text = command(
    "(call $print (i32.const 1) (i32.const 16) (i32.const 3)) unreachable",
    '(data (i32.const 16) "ok\\n")',
  );
  await expect(run(await assemble(text))).resolves.toMatchObject({ outcome: "trapped", stdout: "ok\n" });
});

test("a module is a path, a URL, bytes, or compiled; its file's name is argv[0]", async () => {
  const bytes = await assemble(report);
  const path = join(folder, "report me.wasm");
  await writeFile(path, bytes);
  const sources = [
    path,
    pathToFileURL(path),
    bytes,
    new Uint8Array(bytes),
    await WebAssembly.compile(bytes as BufferSource),
  ];
  const results = await Promise.all(sources.map((source) => run(source)));
  expect(results.map(({ stdout }) => stdout)).toEqual([
    "report me.wasm\0",
    "report me.wasm\0",
    "module.wasm\0",
    "module.wasm\0",
    "module.wasm\0",
  ]);
});

const outside = "i32.const 65534";
const far = "i32.const -2";
const inside = "i32.const 256";

// A buffer that begins inside and ends outside, and one far outside: 21 is `fault`.
test.each<[name: string, params: string, args: string[]]>([
  ["args_sizes_get", "i32 i32", [outside, inside]],
  ["args_sizes_get", "i32 i32", [inside, far]],
  ["args_get", "i32 i32", [far, inside]],
  ["args_get", "i32 i32", [inside, outside]],
  ["environ_sizes_get", "i32 i32", [far, far]],
  ["environ_get", "i32 i32", [far, far]],
  ["fd_write", "i32 i32 i32 i32", ["i32.const 1", far, "i32.const 1", inside]],
  ["fd_write", "i32 i32 i32 i32", ["i32.const 1", outside, "i32.const 1", inside]],
  ["fd_write", "i32 i32 i32 i32", ["i32.const 1", inside, "i32.const 1", far]],
  ["fd_write", "i32 i32 i32 i32", ["i32.const 1", "i32.const 512", "i32.const 1", inside]],
  ["fd_write", "i32 i32 i32 i32", ["i32.const 1", inside, "i32.const -1", inside]],
  ["fd_read", "i32 i32 i32 i32", ["i32.const 0", far, "i32.const 1", inside]],
  ["fd_read", "i32 i32 i32 i32", ["i32.const 0", "i32.const 512", "i32.const 1", inside]],
  ["fd_fdstat_get", "i32 i32", ["i32.const 1", outside]],
  ["fd_filestat_get", "i32 i32", ["i32.const 1", outside]],
])("%s with (%s) %j, a pointer out of range, gives fault and harms nothing", async (name, params, args) => {
  // At 512: a buffer of 16 bytes at 65528.
  const data = '(data (i32.const 512) "\\f8\\ff\\00\\00\\10\\00\\00\\00")';
  const imports = name === "fd_write" ? "" : wasi({ [name]: params });
  const call = `(call $${name} ${args.map((arg) => `(${arg})`).join(" ")})`;
  const text = command(`(call $proc_exit ${call})`, `${imports} ${data}`);
  const result = await run(await assemble(text), { stdin: "some input", env: { A: "1" } });
  expect(result).toMatchObject({ outcome: "exited", exitCode: 21 });
});

test.runIf(process.platform === "linux")("runs leave no descriptor open", async () => {
  const module = await WebAssembly.compile((await assemble(report)) as BufferSource);
  const runs = async (count: number): Promise<number> => {
    for (let i = 0; i < count; i++) await run(module, { preopens: { "/a": folder, "/b": folder } });
    return readdirSync("/proc/self/fd").length;
  };
  const before = await runs(50);
  await expect(runs(450)).resolves.toBe(before);
});
