import { describe, expect, test } from "vitest";
import { assemble } from "../../../wasm/test/helpers/assemble.ts";
import { limitModule } from "../../src/limits/module-limits.ts";

const page = 65_536;
const limitMemory = (module: Uint8Array, maxMemoryBytes: number, name: string): Uint8Array =>
  limitModule(module, { maxMemoryBytes }, name).bytes;
const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const typeSection = [0x01, 0x04, 0x01, 0x60, 0x00, 0x00];
const customSection = [0x00, 0x02, 0x01, 0x78];

/** A module with these bytes as the content of its memory section, between two other sections. */
const moduleWith = (...content: number[]): Uint8Array =>
  Uint8Array.from([...header, ...typeSection, 0x05, content.length, ...content, ...customSection]);

/** The content of the memory section after limiting, and that nothing else changed. */
function limited(module: Uint8Array, limit: number): number[] {
  const bytes = limitMemory(module, limit, "the module");
  const start = header.length + typeSection.length;
  expect([...bytes.subarray(0, start)]).toEqual([...header, ...typeSection]);
  expect(bytes[start]).toBe(5);
  const size = bytes[start + 1] as number;
  expect([...bytes.subarray(start + 2 + size)]).toEqual(customSection);
  return [...bytes.subarray(start + 2, start + 2 + size)];
}

describe("the maximum", () => {
  test.each<[what: string, memories: number[], limit: number, expected: number[]]>([
    ["one that had none gets one", [1, 0x00, 2], 5 * page, [1, 0x01, 2, 5]],
    ["a higher one is lowered", [1, 0x01, 2, 9], 5 * page, [1, 0x01, 2, 5]],
    ["a lower one stays", [1, 0x01, 2, 4], 5 * page, [1, 0x01, 2, 4]],
    ["an equal one stays", [1, 0x01, 2, 5], 5 * page, [1, 0x01, 2, 5]],
    ["less than a page is none", [1, 0x00, 2], 3 * page - 1, [1, 0x01, 2, 2]],
    ["part of a byte is none", [1, 0x00, 2], 3 * page - 0.5, [1, 0x01, 2, 2]],
    ["what it starts with is enough", [1, 0x00, 2], 2 * page, [1, 0x01, 2, 2]],
    ["several bytes in LEB128", [1, 0x00, 0x80, 0x01], 300 * page, [1, 0x01, 0x80, 0x01, 0xac, 0x02]],
    ["one of 127 pages is a byte, one of 128 is two", [1, 0x00, 127], 128 * page, [1, 0x01, 127, 0x80, 0x01]],
    ["a shared memory stays shared", [1, 0x03, 1, 9], 5 * page, [1, 0x03, 1, 5]],
    ["a 64-bit memory stays one", [1, 0x04, 1], 5 * page, [1, 0x05, 1, 5]],
    ["pages of one byte are counted as such", [1, 0x08, 100, 0], 120, [1, 0x09, 100, 120, 0]],
    ["pages of one byte, with a maximum", [1, 0x09, 100, 110, 0], 120, [1, 0x09, 100, 110, 0]],
  ])("%s", (_, memories, limit, expected) => {
    expect(limited(moduleWith(...memories), limit)).toEqual(expected);
  });

  test.each<[what: string, memories: number[], limit: number, expected: number[]]>([
    ["the rest is shared equally", [2, 0x00, 1, 0x00, 3], 10 * page, [2, 0x01, 1, 4, 0x01, 3, 6]],
    ["a page that can't be shared is nobody's", [2, 0x00, 1, 0x00, 1], 5 * page, [2, 0x01, 1, 2, 0x01, 1, 2]],
    ["one that takes less leaves its share", [2, 0x01, 1, 2, 0x00, 1], 10 * page, [2, 0x01, 1, 2, 0x01, 1, 5]],
    ["three of them", [3, 0x00, 0, 0x00, 0, 0x00, 0], 9 * page, [3, 0x01, 0, 3, 0x01, 0, 3, 0x01, 0, 3]],
    ["of different pages", [2, 0x00, 1, 0x08, 0, 0], 3 * page, [2, 0x01, 1, 2, 0x09, 0, 0x80, 0x80, 0x04, 0]],
  ])("of several memories: %s", (_, memories, limit, expected) => {
    expect(limited(moduleWith(...memories), limit)).toEqual(expected);
  });
});

test.each<[what: string, module: Uint8Array]>([
  ["no memory section", Uint8Array.from([...header, ...typeSection, ...customSection])],
  ["an empty one", moduleWith(0)],
])("a module with %s is left as it is", (_, module) => {
  expect(limitMemory(module, 0, "the module")).toBe(module);
});

test("a module that needs more from its start is refused, with what it needs", () => {
  const needed = 4 * page;
  const module = moduleWith(2, 0x00, 1, 0x00, 3);
  expect(() => limitMemory(module, needed, "big.wasm")).not.toThrow();
  expect(() => limitMemory(module, needed - 1, "big.wasm")).toThrow(
    expect.objectContaining({
      code: "E_MEMORY",
      message:
        `big.wasm needs ${needed} bytes of memory (4 × 64 KiB) to start, and maxMemoryBytes allows ${needed - 1}.\n` +
        `Allow at least ${needed}, or build the module with less.`,
    }),
  );
});

test("a section that can't be read is refused, with the place", () => {
  expect(() => limitMemory(moduleWith(2, 0x00, 1), 9 * page, "cut.wasm")).toThrow(
    expect.objectContaining({
      code: "E_NOT_WASM",
      message: expect.stringMatching(
        /^cut\.wasm is not a valid WebAssembly module: at byte 19, .*\nIt may be cut short\. Build it again\.$/,
      ),
      cause: expect.objectContaining({ name: "MalformedError", offset: 19 }),
    }),
  );
  expect(() => limitMemory(moduleWith(1, 0x00, 0x80), 9 * page, "cut.wasm")).toThrow("cut.wasm");
});

/** A module with these bytes as the content of its table section. */
const withTables = (...content: number[]): Uint8Array =>
  Uint8Array.from([...header, ...typeSection, 0x04, content.length, ...content]);
const limitTables = (module: Uint8Array, maxTableElements: number) =>
  limitModule(module, { maxTableElements }, "tables.wasm");
/** How far each table can grow that was limited, by the name of its export. */
const grown = (module: Uint8Array, limit: number): Record<string, number> => {
  const { bytes, limitedTables = [] } = limitTables(module, limit);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource));
  expect(Object.keys(exports)).toEqual(limitedTables.map(({ name }) => name));
  return Object.fromEntries(
    limitedTables.map(({ name, maximum }) => {
      const table = exports[name] as WebAssembly.Table;
      table.grow(maximum - table.length);
      expect(() => table.grow(1)).toThrow(RangeError);
      return [name, table.length];
    }),
  );
};

describe("tables", () => {
  test.each<[what: string, tables: number[], limit: number, expected: Record<string, number>]>([
    ["one that had no maximum gets one", [1, 0x70, 0x00, 2], 64 + 5, { "wasi-kit.table.0": 5 }],
    ["a higher one is lowered", [1, 0x70, 0x01, 2, 9], 64 + 5, { "wasi-kit.table.0": 5 }],
    ["a lower one stays, and needs no export", [1, 0x70, 0x01, 2, 4], 64 + 5, {}],
    ["an equal one stays", [1, 0x70, 0x01, 2, 5], 64 + 5, {}],
    ["what it starts with is enough", [1, 0x70, 0x00, 2], 64 + 2, { "wasi-kit.table.0": 2 }],
    ["references to anything", [1, 0x6f, 0x00, 2], 64 + 5, { "wasi-kit.table.0": 5 }],
    [
      "the rest is shared equally",
      [2, 0x70, 0x00, 1, 0x70, 0x00, 3],
      2 * 64 + 10,
      { "wasi-kit.table.0": 4, "wasi-kit.table.1": 6 },
    ],
    ["only what can grow too far", [2, 0x70, 0x01, 1, 2, 0x70, 0x00, 1], 2 * 64 + 10, { "wasi-kit.table.1": 5 }],
  ])("grow as far as they may: %s", (_, tables, limit, expected) => {
    expect(grown(withTables(...tables), limit)).toEqual(expected);
  });

  // Node.js 20 has no typed references.
  const filled = [0x40, 0x00, 0x63, 0x70];
  const filling = [0xd0, 0x70, 0x0b];
  const filledTable = withTables(2, ...filled, 0x00, 2, ...filling, 0x70, 0x01, 1, 1);
  test("that are filled with something are limited, and keep that", () => {
    const { bytes } = limitTables(filledTable, 2 * 64 + 9);
    const section = [2, ...filled, 0x01, 2, 5, ...filling, 0x70, 0x01, 1, 1];
    const start = header.length + typeSection.length;
    expect([...bytes.subarray(start, start + 2 + section.length)]).toEqual([0x04, section.length, ...section]);
  });
  test.runIf(WebAssembly.validate(filledTable as BufferSource))("and grow as far as they may", () => {
    expect(grown(filledTable, 2 * 64 + 9)).toEqual({ "wasi-kit.table.0": 5 });
  });

  test("keep what they hold, and the exports that there were", async () => {
    const module = await assemble(`(module (table (export "wasi-kit.table.0") 1 funcref) (elem (i32.const 0) $f)
      (func $f (export "f") (result i32) (call_indirect (result i32) (i32.const 0)))
      (func $g (result i32) (i32.const 7)))`);
    const { bytes, limitedTables } = limitTables(module, 100);
    expect(limitedTables).toEqual([{ name: "wasi-kit.table.0_", minimum: 1, maximum: 36 }]);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource));
    expect(Object.keys(exports)).toEqual(["wasi-kit.table.0", "f", "wasi-kit.table.0_"]);
    expect((exports["wasi-kit.table.0_"] as WebAssembly.Table).get(0)).toBe(exports["f"]);
  });

  test("that are too large from the start are refused, and so are too many", () => {
    expect(() => limitTables(withTables(1, 0x70, 0x00, 100), 64 + 100)).not.toThrow();
    expect(() => limitTables(withTables(1, 0x70, 0x00, 100), 64 + 99)).toThrow(
      expect.objectContaining({
        code: "E_MEMORY",
        message:
          "tables.wasm needs 164 table elements (1 table, each of which takes as much as 64 of them) to start, and maxTableElements allows 163.\n" +
          "Allow at least 164, or build the module with less.",
      }),
    );
    const many = withTables(3, ...Array.from({ length: 3 }, () => [0x70, 0x00, 0]).flat());
    expect(() => limitTables(many, 3 * 64 - 1)).toThrow("3 tables");
  });

  test("in a section that can't be read are refused, with the place", () => {
    expect(() => limitTables(withTables(2, 0x70, 0x00, 1), 1000)).toThrow(
      expect.objectContaining({ code: "E_NOT_WASM", message: expect.stringMatching(/^tables\.wasm .* at byte 20, /) }),
    );
  });
});

test("a module with more memories than it may have is refused", () => {
  const two = moduleWith(2, 0x00, 1, 0x00, 1);
  expect(limitModule(two, { maxMemories: 2 }, "two.wasm").bytes).toBe(two);
  expect(() => limitModule(two, { maxMemories: 1 }, "two.wasm")).toThrow(
    expect.objectContaining({
      code: "E_MEMORY",
      message: "two.wasm has 2 memories, and maxMemories allows 1.\nAllow at least 2, or build the module with fewer.",
    }),
  );
});

test("a module is left as it is if nothing limits it", () => {
  const module = moduleWith(1, 0x00, 1);
  const none = { maxMemoryBytes: Infinity, maxMemories: Infinity, maxTableElements: Infinity };
  expect(limitModule(module, none, "the module").bytes).toBe(module);
  expect(limitModule(module, {}, "the module").bytes).toBe(module);
});

describe("types of the garbage-collection proposal", () => {
  /** A type section with a function, a structure without fields and an array of i32. */
  const types = Uint8Array.from([...header, 0x01, 9, 3, 0x60, 0, 0, 0x5f, 0, 0x5e, 0x7f, 0]);

  test("are counted, and refused if there are more than there may be", () => {
    expect(limitModule(types, { maxGcTypes: 2 }, "gc.wasm").bytes).toBe(types);
    expect(() => limitModule(types, { maxGcTypes: 1 }, "gc.wasm")).toThrow(
      expect.objectContaining({
        code: "E_MEMORY",
        message:
          "gc.wasm declares 2 types of structures and arrays (the garbage-collection proposal), and maxGcTypes allows 1.\n" +
          "An array that does not fit into the heap ends the whole process. If you trust the module, allow them: maxGcTypes: Infinity.",
      }),
    );
  });

  test("are not looked for if there may be any number", () => {
    const cut = types.subarray(0, types.length - 1);
    expect(limitModule(cut, { maxGcTypes: Infinity }, "cut.wasm").bytes).toBe(cut);
    expect(() => limitModule(cut, { maxGcTypes: 9 }, "cut.wasm")).toThrow("cut.wasm is not a valid WebAssembly module");
  });

  test("are none in a module of functions, or without types", () => {
    const module = moduleWith(1, 0x00, 1);
    expect(limitModule(module, { maxGcTypes: 0 }, "the module").bytes).toBe(module);
    const empty = Uint8Array.from(header);
    expect(limitModule(empty, { maxGcTypes: 0 }, "the module").bytes).toBe(empty);
  });
});

test("a module with a table section that is empty is left as it is", () => {
  const module = withTables(0);
  expect(limitTables(module, 0)).toEqual({ bytes: module });
});
