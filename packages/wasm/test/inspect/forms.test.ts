import { expect, test } from "vitest";
import { file, list, name, section } from "../helpers/bytes.ts";
import { inspectBinary } from "../../src/inspect/inspect-binary.ts";
import type { BinaryInspection } from "../../src/inspect/inspection.ts";

/**
 * Forms of later versions of WebAssembly and of proposals, which wabt can't
 * assemble, byte by byte. Where this Node.js knows a form, it has to agree.
 */

const i32 = 0x7f;
const end = 0x0b;
const types = (...forms: number[][]) => section(1, list(...forms));
const functionType = (parameters: number[][], results: number[][]) => [
  0x60,
  ...list(...parameters),
  ...list(...results),
];
const exportsOf = (...entries: [called: string, kind: number, index: number][]) =>
  section(7, list(...entries.map(([called, kind, index]) => [...name(called), kind, index])));
const imported = (kind: number, ...type: number[]) => [...name("a"), ...name("b"), kind, ...type];

/** A module whose first import or export has a type. */
type Case = [what: string, sections: number[][], signature: string | null];

test.each<Case>([
  [
    "a function of all number types",
    [types(functionType([[i32], [0x7e], [0x7d], [0x7c], [0x7b]], [])), section(2, list(imported(0, 0)))],
    "(i32, i64, f32, f64, v128) -> ()",
  ],
  [
    "references with names",
    [
      types(functionType([[0x70], [0x6f], [0x6e], [0x6d], [0x6c], [0x6b], [0x6a], [0x71], [0x72], [0x73]], [])),
      section(2, list(imported(0, 0))),
    ],
    "(funcref, externref, anyref, eqref, i31ref, structref, arrayref, nullref, nullexternref, nullfuncref) -> ()",
  ],
  [
    "references to types",
    [
      types(
        [0x5f, ...list([i32, 0])],
        functionType(
          [
            [0x63, 0],
            [0x64, 0],
          ],
          [[0x63, 0x70]],
        ),
      ),
      section(2, list(imported(0, 1))),
    ],
    "((ref null 0), (ref 0)) -> (ref null func)",
  ],
  [
    "references to exceptions",
    [types(functionType([[0x69], [0x74]], [])), section(2, list(imported(0, 0)))],
    "(exnref, nullexnref) -> ()",
  ],
  [
    "a group of types that refer to each other",
    [
      types(
        [
          0x4e,
          ...list(
            [0x50, ...list(), 0x5f, ...list([0x63, 1, 1], [0x78, 0], [0x77, 1])],
            [0x4f, ...list(), 0x5e, 0x63, 0, 1],
          ),
        ],
        functionType([[0x63, 1]], []),
      ),
      section(2, list(imported(0, 2))),
    ],
    "((ref null 1)) -> ()",
  ],
  [
    "a subtype that is a function",
    [types([0x50, ...list(), ...functionType([], [[i32]])]), section(2, list(imported(0, 0)))],
    "() -> i32",
  ],
  ["a function of a type that is none", [types([0x5e, i32, 0]), section(2, list(imported(0, 0)))], null],
  ["a function of a type that is not there", [section(2, list(imported(0, 7)))], null],
  ["a tag", [types(functionType([[i32]], [])), section(2, list(imported(4, 0, 0)))], "(i32) -> ()"],
  ["a tag of its own", [types(functionType([], [])), section(13, list([0, 0])), exportsOf(["tag", 4, 0])], "() -> ()"],
  ["a memory of 64 bits", [section(5, list([4, 1])), exportsOf(["memory", 2, 0])], "1 or more pages, 64-bit"],
  [
    "a memory of 64 bits with a limit",
    [section(5, list([5, 1, 0x80, 0x80, 0x10])), exportsOf(["memory", 2, 0])],
    "1 to 262144 pages, 64-bit",
  ],
  [
    "a memory that 32 bits could not count",
    [section(5, list([4, 0x80, 0x80, 0x80, 0x80, 0x10])), exportsOf(["memory", 2, 0])],
    "4294967296 or more pages, 64-bit",
  ],
  ["a shared memory", [section(5, list([3, 1, 2])), exportsOf(["memory", 2, 0])], "1 to 2 pages, shared"],
  [
    "a memory with pages of a byte",
    [section(5, list([8, 10, 0])), exportsOf(["memory", 2, 0])],
    "10 or more pages, 1 byte each",
  ],
  ["the second of two memories", [section(5, list([0, 1], [1, 2, 3])), exportsOf(["second", 2, 1])], "2 to 3 pages"],
  ["a table of 64 bits", [section(4, list([0x70, 4, 1])), exportsOf(["table", 1, 0])], "funcref, 1 or more"],
  [
    "a table that is filled",
    [
      types(functionType([], [])),
      section(3, list([0])),
      section(4, list([0x40, 0, 0x64, 0x70, 0, 2, 0xd2, 0, end])),
      exportsOf(["table", 1, 0]),
      section(10, list([2, 0, end])),
    ],
    "(ref func), 2 or more",
  ],
  [
    "a reference to a type in a table",
    [types(functionType([], [])), section(4, list([0x63, 0, 0, 1])), exportsOf(["table", 1, 0])],
    "(ref null 0), 1 or more",
  ],
  ["an export of what is not there", [exportsOf(["nothing", 0, 3])], null],
])("%s", (_, sections, signature) => {
  const bytes = file("module", ...sections);
  const found = inspectBinary(bytes);
  expect(found).toMatchObject({ malformed: null, unknown: [] });
  expect((found.exports[0] ?? found.imports[0])?.signature).toBe(signature);
  agree(bytes, found);
});

const globals = (...constants: [type: number[], constant: number[]][]) =>
  section(6, list(...constants.map(([type, constant]) => [...type, 0, ...constant, end])));

test.each<[what: string, sections: number[][]]>([
  [
    "numbers",
    [
      globals(
        [[i32], [0x41, 0x7f]],
        [[0x7e], [0x42, 0xff, 0x00]],
        [[0x7d], [0x43, 1, 2, 3, end]],
        [[0x7c], [0x44, 1, 2, 3, 4, 5, 6, 7, end]],
      ),
    ],
  ],
  ["a vector", [globals([[0x7b], [0xfd, 12, ...Array.from({ length: 16 }, () => end)]])]],
  ["references to nothing", [globals([[0x70], [0xd0, 0x70]], [[0x6f], [0xd0, 0x6f]])]],
  ["another global", [globals([[i32], [0x41, 1]], [[i32], [0x23, 0]])]],
  ["sums and products", [globals([[i32], [0x41, 1, 0x41, 2, 0x6a]], [[0x7e], [0x42, 1, 0x42, 2, 0x7e]])]],
  [
    "a function",
    [
      types(functionType([], [])),
      section(3, list([0])),
      globals([[0x70], [0xd2, 0]]),
      section(9, list([3, 0, ...list([0])])),
      section(10, list([2, 0, end])),
    ],
  ],
  [
    "a structure",
    [
      types([0x5f, ...list([i32, 0])]),
      globals(
        [
          [0x64, 0],
          [0x41, 5, 0xfb, 0, 0],
        ],
        [
          [0x64, 0],
          [0xfb, 1, 0],
        ],
      ),
    ],
  ],
  [
    "an array",
    [
      types([0x5e, i32, 0]),
      globals(
        [
          [0x64, 0],
          [0x41, 5, 0x41, 6, 0xfb, 8, 0, 2],
        ],
        [
          [0x64, 0],
          [0x41, 5, 0x41, 2, 0xfb, 6, 0],
        ],
        [
          [0x64, 0],
          [0x41, 2, 0xfb, 7, 0],
        ],
        [[0x6c], [0x41, 1, 0xfb, 28]],
      ),
    ],
  ],
])("globals that start as %s", (_, sections) => {
  const bytes = file("module", ...sections);
  const found = inspectBinary(bytes);
  expect(found).toMatchObject({ malformed: null, unknown: [] });
  // Each was read to its end, or the next would have begun in its middle.
  expect(found.counts.globals).toBe(found.sections.find((it) => it.name === "global")?.count);
  agree(bytes, found);
});

test("data for one of several memories, and for none", () => {
  const segments = list([2, 1, 0x41, 0, end, ...name("abc")], [0, 0x41, 0, end, ...name("de")], [1, ...name("f")]);
  const bytes = file("module", section(5, list([0, 1], [0, 1])), section(11, segments));
  const found = inspectBinary(bytes);
  expect(found).toMatchObject({ malformed: null, unknown: [], counts: { memories: 2, dataBytes: 6 } });
  agree(bytes, found);
});

test.each<[what: string, sections: number[][], offset: number, message: string]>([
  ["a type", [types(functionType([], []), [0x5d, 0])], 14, "a type of the form 0x5d"],
  ["a value type", [types(functionType([[0x65]], []))], 13, "a value type 0x65"],
  ["a reference", [types(functionType([[0x64, 0x65]], []))], 14, "a reference to 0x65"],
  ["an import", [section(2, list(imported(0x20, 0)))], 15, "an import or export of the kind 0x20"],
  ["an export", [exportsOf(["x", 9, 0])], 13, "an import or export of the kind 0x09"],
  ["limits", [section(5, list([0x10, 1]))], 11, "limits of the form 0x10"],
  ["a global", [section(6, list([i32, 2, end]))], 12, "a mutability 0x02"],
  ["a constant", [section(6, list([i32, 0, 0x02, end]))], 13, "a constant with the instruction 0x02"],
  ["a tag", [section(13, list([1, 0]))], 11, "a tag with the attribute 0x01"],
  ["a data segment", [section(11, list([3, 0]))], 11, "a data segment of the form 0x03"],
  ["a section", [section(77, [1, 2, 3])], 8, "a section with the number 77"],
])("%s of a form that is not known is noted, and what follows is read", (_, sections, offset, message) => {
  const found = inspectBinary(file("module", ...sections, section(0, [...name("behind")])));
  expect(found.unknown).toEqual([{ offset, message }]);
  expect(found).toMatchObject({
    malformed: null,
    kind: message.includes("export of") && sections[0]?.[0] === 7 ? null : "module",
  });
  expect(found.sections.at(-1)).toMatchObject({ name: "behind", custom: true });
});

/** Where this Node.js can compile a module, it says the same of it. */
function agree(bytes: Uint8Array, { imports, exports }: BinaryInspection): void {
  if (!WebAssembly.validate(bytes as BufferSource)) return;
  const module = new WebAssembly.Module(bytes as BufferSource);
  expect(imports.map(({ module: from, name: called, kind }) => ({ module: from, name: called, kind }))).toEqual(
    WebAssembly.Module.imports(module),
  );
  expect(exports.map(({ name: called, kind }) => ({ name: called, kind }))).toEqual(WebAssembly.Module.exports(module));
}
