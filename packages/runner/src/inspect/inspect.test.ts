import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WasiKitError } from "../error.ts";
import { assemble, wasi } from "../testing/assemble.ts";
import { custom, file, list, name, section } from "../testing/bytes.ts";
import { outside } from "../testing/outside.ts";
import { inspect } from "./inspect.ts";
import type { Inspection, Kind } from "./inspection.ts";

/** All there is in a module without an import. */
const everything = `(module
  (memory $m (export "memory") (export "again") 2 10)
  (table (export "table") 3 7 funcref)
  (global (export "counter") (mut i64) (i64.const -1))
  (global f32 (f32.const 1.5))
  (func $begin (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 0)))
  (func $two (export "two") (param i32 f64) (result i64 i32) (i64.const 1) (i32.const 2))
  (start $begin)
  (elem (i32.const 0) $begin $two)
  (data (i32.const 0) "abc")
  (data "defgh"))`;

describe("modules of others", () => {
  test("a plain module in Rust: source-map's", async () => {
    const { sections, exports, ...found } = await inspect(outside["source-map"]);
    expect(found).toMatchObject({
      kind: "module",
      wasi: [],
      language: { name: "Rust", by: "its producers section" },
      bytes: 48_526,
      counts: { types: 12, functions: 68, tables: 1, memories: 1, globals: 3, tags: 0, dataBytes: 1237 },
      memories: [{ minimumPages: 17, minimumBytes: 1_114_112, maximumPages: null, exported: ["memory"] }],
      capabilities: [],
      otherImports: [{ module: "env", names: ["mapping_callback"] }],
      start: null,
      producers: {
        language: [{ name: "Rust", version: "" }],
        "processed-by": [
          { name: "rustc", version: "1.66.0-nightly (a24a020e6 2022-10-18)" },
          { name: "walrus", version: "0.12.0" },
          { name: "wasm-snip", version: "0.4.0" },
        ],
      },
      debug: { functionNames: 0, dwarf: [], sourceMapUrl: null, externalUrl: null },
      malformed: null,
    });
    expect(exports.slice(0, 3)).toEqual([
      { name: "memory", kind: "memory", signature: "17 or more pages" },
      { name: "get_last_error", kind: "function", signature: "() -> i32" },
      { name: "allocate_mappings", kind: "function", signature: "(i32) -> i32" },
    ]);
    expect(sections.map((it) => [it.name, it.custom, it.count])).toEqual([
      ["type", false, 12],
      ["import", false, 1],
      ["function", false, 67],
      ["table", false, 1],
      ["memory", false, 1],
      ["global", false, 3],
      ["export", false, 13],
      ["element", false, 1],
      ["code", false, 67],
      ["data", false, 1],
      ["producers", true, null],
    ]);
  });

  test("a reactor for preview 1 that imports from elsewhere too: quickjs-wasi's", async () => {
    const found = await inspect(outside["quickjs-wasi"]);
    expect(found).toMatchObject({
      kind: "reactor",
      wasi: ["preview1"],
      language: null,
      bytes: 637_405,
      capabilities: [
        { capability: "streams and open files: write", functions: ["fd_write"] },
        { capability: "streams and open files: state", functions: ["fd_close", "fd_fdstat_get", "fd_seek"] },
        { capability: "clock", functions: ["clock_time_get"] },
        { capability: "random numbers", functions: ["random_get"] },
      ],
      malformed: null,
    });
    expect(found.otherImports.map(({ module, names }) => [module, names.length])).toEqual([["env", 6]]);
    expect(found.targetFeatures).toContain("+bulk-memory");
    expect(found.exports).toContainEqual({ name: "_initialize", kind: "function", signature: "() -> ()" });
    expect(found.exports).toContainEqual({ name: "__stack_pointer", kind: "global", signature: "mut i32" });
  });
});

test("a module without an import, and all that is in it", async () => {
  const found = await inspect(await assemble(everything));
  expect({ ...found, sections: found.sections.map((it) => it.name), bytes: 0 }).toEqual({
    kind: "module",
    wasi: [],
    language: null,
    bytes: 0,
    sections: [
      "type",
      "function",
      "table",
      "memory",
      "global",
      "export",
      "start",
      "element",
      "data count",
      "code",
      "data",
      "name",
    ],
    counts: { types: 2, functions: 2, tables: 1, memories: 1, globals: 2, tags: 0, dataBytes: 8 },
    memories: [
      {
        minimumPages: 2,
        maximumPages: 10,
        pageBytes: 65_536,
        minimumBytes: 131_072,
        maximumBytes: 655_360,
        shared: false,
        is64: false,
        imported: null,
        exported: ["memory", "again"],
      },
    ],
    imports: [],
    exports: [
      { name: "memory", kind: "memory", signature: "2 to 10 pages" },
      { name: "again", kind: "memory", signature: "2 to 10 pages" },
      { name: "table", kind: "table", signature: "funcref, 3 to 7" },
      { name: "counter", kind: "global", signature: "mut i64" },
      { name: "two", kind: "function", signature: "(i32, f64) -> (i64, i32)" },
    ],
    capabilities: [],
    otherImports: [],
    start: 0,
    producers: {},
    targetFeatures: [],
    debug: { functionNames: 2, dwarf: [], sourceMapUrl: null, externalUrl: null },
    parts: [],
    notKnown: [],
    malformed: null,
  } satisfies Omit<Inspection, "sections"> & { sections: string[] });
});

test("imports of each kind, with their types", async () => {
  const found = await inspect(
    await assemble(`(module
      (import "a" "function" (func (param i32 i64) (result f32)))
      (import "a" "table" (table 1 funcref))
      (import "b" "memory" (memory 1 1))
      (import "b" "global" (global (mut i32)))
      (export "passed on" (func 0))
      (export "lent" (memory 0)))`),
  );
  expect(found.imports).toEqual([
    { module: "a", name: "function", kind: "function", signature: "(i32, i64) -> f32" },
    { module: "a", name: "table", kind: "table", signature: "funcref, 1 or more" },
    { module: "b", name: "memory", kind: "memory", signature: "1 page" },
    { module: "b", name: "global", kind: "global", signature: "mut i32" },
  ]);
  expect(found.exports).toEqual([
    { name: "passed on", kind: "function", signature: "(i32, i64) -> f32" },
    { name: "lent", kind: "memory", signature: "1 page" },
  ]);
  expect(found.memories).toMatchObject([{ imported: { module: "b", name: "memory" }, exported: ["lent"] }]);
  expect(found.otherImports).toEqual([
    { module: "a", names: ["function", "table"] },
    { module: "b", names: ["memory", "global"] },
  ]);
});

test.each<[what: string, wat: string, kind: Kind, versions: string[]]>([
  ["_start", '(func (export "_start"))', "command", []],
  ["_start and imports", `${wasi({ fd_close: "i32" })} (func (export "_start"))`, "command", ["preview1"]],
  ["_initialize", '(func (export "_initialize"))', "reactor", []],
  ["imports of WASI alone", wasi({ fd_close: "i32" }), "reactor", ["preview1"]],
  ["imports of the version before", '(import "wasi_unstable" "fd_close" (func))', "reactor", ["wasi_unstable"]],
  [
    "both versions",
    `(import "wasi_unstable" "fd_close" (func)) ${wasi({ fd_close: "i32" })} (func (export "_start"))`,
    "command",
    ["wasi_unstable", "preview1"],
  ],
  ["what a component is made of", '(import "wasi:cli/exit@0.2.3" "exit" (func))', "reactor", ["0.2.3"]],
  ["an interface without a version", '(import "wasi:cli/exit" "exit" (func))', "reactor", ["unversioned"]],
  ["neither", '(func (export "add"))', "module", []],
  ["a _start that is no function", '(global (export "_start") i32 (i32.const 0))', "module", []],
  ["an _initialize that is no function", '(memory (export "_initialize") 1)', "module", []],
  ["imports from a module like WASI's", '(import "wasi_snapshot_preview2" "x" (func))', "module", []],
  ["nothing at all", "", "module", []],
])("a module with %s", async (_, wat, kind, versions) => {
  await expect(inspect(await assemble(`(module ${wat})`))).resolves.toMatchObject({ kind, wasi: versions });
});

test("functions that preview 1 does not have, and what is no function, are not WASI's", async () => {
  const found = await inspect(
    await assemble(`(module
      ${wasi({ fd_read: "i32", args_get: "i32" })}
      (import "wasi_snapshot_preview1" "fd_read" (func))
      (import "wasi_snapshot_preview1" "sock_dance" (func))
      (import "wasi_snapshot_preview1" "fd_write" (global i32))
      (import "wasi_snapshot_preview1" "toString" (func))
      (import "toString" "fd_write" (func)))`),
  );
  expect(found.capabilities).toEqual([
    { capability: "arguments", functions: ["args_get"] },
    { capability: "streams and open files: read", functions: ["fd_read"] },
  ]);
  expect(found.otherImports).toEqual([
    { module: "wasi_snapshot_preview1", names: ["sock_dance", "fd_write", "toString"] },
    { module: "toString", names: ["fd_write"] },
  ]);
});

test("what debuggers and traces would read", async () => {
  const found = await inspect(
    file(
      "module",
      custom(".debug_info", [1, 2, 3]),
      custom(".debug_line", []),
      custom("sourceMappingURL", name("./hello.wasm.map")),
      custom("external_debug_info", name("hello.debug.wasm")),
      custom("name", [0, 2, ...name("m"), 1, 8, ...list([0, ...name("f")], [1, ...name("go")]), 2, 0]),
    ),
  );
  expect(found.debug).toEqual({
    functionNames: 2,
    dwarf: [".debug_info", ".debug_line"],
    sourceMapUrl: "./hello.wasm.map",
    externalUrl: "hello.debug.wasm",
  });
  expect(found.notKnown).toEqual([]);
});

test("a custom section that is broken breaks no module", async () => {
  const found = await inspect(
    file(
      "module",
      custom("producers", [5, 1]),
      custom("name", [1, 200]),
      custom("__defineGetter__", []),
      section(1, list([0x60, 0, 0])),
    ),
  );
  expect(found).toMatchObject({ kind: "module", malformed: null, counts: { types: 1 } });
  expect(found.notKnown).toEqual([
    { offset: 22, message: "the custom section producers: expected 1 more bytes, and there are 0" },
    { offset: 31, message: "the custom section name: expected 1 more bytes, and there are 0" },
  ]);
});

describe("sources", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "wasi-kit-inspect-"));
    await writeFile(join(folder, "plain.wasm"), file("module"));
    await writeFile(join(folder, "text.wasm"), "(module)");
    await writeFile(join(folder, "empty.wasm"), "");
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("a path, a URL and bytes are the same", async () => {
    const expected = await inspect(file("module"));
    await expect(inspect(join(folder, "plain.wasm"))).resolves.toEqual(expected);
    await expect(inspect(pathToFileURL(join(folder, "plain.wasm")))).resolves.toEqual(expected);
    // Bytes that stand in the middle of others.
    const around = Uint8Array.from([1, 2, 3, ...file("module"), 4, 5]);
    await expect(inspect(around.subarray(3, 11))).resolves.toEqual(expected);
  });

  test("all of it is fit for JSON", async () => {
    const found = await inspect(outside["source-map"]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  test.each([
    [
      "text.wasm",
      "E_NOT_WASM",
      'text.wasm is not WebAssembly: a .wasm file begins with \\0asm. It begins with "(module)".',
    ],
    ["empty.wasm", "E_NOT_WASM", "empty.wasm is not WebAssembly: a .wasm file begins with \\0asm. It is empty."],
    [".", "E_NOT_WASM", " is a directory, not a .wasm file."],
    ["nowhere.wasm", "E_MODULE_NOT_FOUND", "nowhere.wasm.\nIf it has yet to be built, type: wasi-kit build"],
  ])("%s is refused with %s", async (path, code, message) => {
    const error: unknown = await inspect(join(folder, path)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WasiKitError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test("bytes that are not WebAssembly are refused", async () => {
    await expect(inspect(Uint8Array.of(0, 0x61, 0x73))).rejects.toThrow("the module is not WebAssembly");
  });
});
