import { describe, expect, test } from "vitest";
import { assemble, wasi } from "../helpers/assemble.ts";
import { custom, file, list, name, section } from "../helpers/bytes.ts";
import { outside } from "../helpers/outside.ts";
import { inspectBinary } from "../../src/inspect/inspect-binary.ts";
import type { BinaryInspection, ModuleKind } from "../../src/inspect/inspection.ts";

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
  test("a plain module in Rust: source-map's", () => {
    const { sections, exports, ...found } = inspectBinary(outside["source-map"]);
    expect(found).toMatchObject({
      kind: "module",
      wasi: [],
      language: { name: "Rust", by: "its producers section" },
      size: 48_526,
      counts: { types: 12, functions: 68, tables: 1, memories: 1, globals: 3, tags: 0, dataBytes: 1237 },
      memories: [{ minimumPages: 17, minimumBytes: 1_114_112, maximumPages: null, exported: ["memory"] }],
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
    const found = inspectBinary(outside["quickjs-wasi"]);
    expect(found).toMatchObject({
      kind: "reactor",
      wasi: ["preview1"],
      language: null,
      size: 637_405,
      malformed: null,
    });
    expect(found.targetFeatures).toContain("+bulk-memory");
    expect(found.exports).toContainEqual({ name: "_initialize", kind: "function", signature: "() -> ()" });
    expect(found.exports).toContainEqual({ name: "__stack_pointer", kind: "global", signature: "mut i32" });
  });
});

test("a module without an import, and all that is in it", async () => {
  const found = inspectBinary(await assemble(everything));
  expect({ ...found, sections: found.sections.map((it) => it.name), size: 0 }).toEqual({
    kind: "module",
    wasi: [],
    language: null,
    size: 0,
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
    start: 0,
    producers: {},
    targetFeatures: [],
    debug: { functionNames: 2, dwarf: [], sourceMapUrl: null, externalUrl: null },
    modules: [],
    unknown: [],
    malformed: null,
  } satisfies Omit<BinaryInspection, "sections"> & { sections: string[] });
});

test("imports of each kind, with their types", async () => {
  const found = inspectBinary(
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
});

test.each<[what: string, wat: string, kind: ModuleKind, versions: string[]]>([
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
  expect(inspectBinary(await assemble(`(module ${wat})`))).toMatchObject({ kind, wasi: versions });
});

test("what debuggers and traces would read", () => {
  const found = inspectBinary(
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
  expect(found.unknown).toEqual([]);
});

test("a custom section that is broken breaks no module", () => {
  const found = inspectBinary(
    file(
      "module",
      custom("producers", [5, 1]),
      custom("name", [1, 200]),
      custom("__defineGetter__", []),
      section(1, list([0x60, 0, 0])),
    ),
  );
  expect(found).toMatchObject({ kind: "module", malformed: null, counts: { types: 1 } });
  expect(found.unknown).toEqual([
    { offset: 22, message: "the custom section producers: expected 1 more bytes, and there are 0" },
    { offset: 31, message: "the custom section name: expected 1 more bytes, and there are 0" },
  ]);
});

test("all of it is fit for JSON", () => {
  const found = inspectBinary(outside["source-map"]);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test("bytes that are not WebAssembly are malformed at their start", () => {
  expect(inspectBinary(Buffer.from("(module)"))).toMatchObject({
    kind: null,
    malformed: { offset: 0, message: "expected \\0asm, with which a module begins" },
  });
});
