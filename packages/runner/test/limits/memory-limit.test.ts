import { describe, expect, test } from "vitest";
import { limitMemory } from "../../src/limits/memory-limit.ts";

const page = 65_536;
const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const typeSection = [0x01, 0x04, 0x01, 0x60, 0x00, 0x00];
const customSection = [0x00, 0x02, 0x01, 0x78];

/** A module with these bytes as the content of its memory section, between two other sections. */
const moduleWith = (...content: number[]): Uint8Array =>
  Uint8Array.from([...header, ...typeSection, 0x05, content.length, ...content, ...customSection]);

/** The content of the memory section after limiting, and that nothing else changed. */
function limited(module: Uint8Array, limit: number): number[] {
  const { bytes } = limitMemory(module, limit, "the module");
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

test("what stands behind the section has moved", () => {
  const module = moduleWith(1, 0x00, 2);
  const end = module.length - customSection.length;
  expect(limitMemory(module, 5 * page, "the module").codeShift).toEqual({ from: end, by: 1 });
  expect(limitMemory(moduleWith(1, 0x01, 2, 9), 5 * page, "the module").codeShift).toEqual({ from: end + 1, by: 0 });
});

test.each<[what: string, module: Uint8Array]>([
  ["no memory section", Uint8Array.from([...header, ...typeSection, ...customSection])],
  ["an empty one", moduleWith(0)],
])("a module with %s is left as it is", (_, module) => {
  const { bytes, codeShift } = limitMemory(module, 0, "the module");
  expect(bytes).toBe(module);
  expect(codeShift).toEqual({ from: module.length, by: 0 });
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
