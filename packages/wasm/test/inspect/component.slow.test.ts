import * as fc from "fast-check";
import { expect, test } from "vitest";
import { custom, file, list, name, section } from "../helpers/bytes.ts";
import { exampleComponent, plain } from "../helpers/component.ts";
import { inspectBinary } from "../../src/inspect/inspect-binary.ts";
import type { BinaryInspection } from "../../src/inspect/inspection.ts";

const example = exampleComponent();

test("a component: what it imports and exports, its version of WASI, its modules", () => {
  const { modules, ...found } = inspectBinary(example);
  expect(found).toMatchObject({
    kind: "component",
    wasi: ["0.2.0", "0.2.3"],
    language: { name: "Rust", by: "one of its modules" },
    size: example.length,
    imports: [
      { module: null, name: "wasi:cli/environment@0.2.0", kind: "instance", signature: null },
      { module: null, name: "wasi:filesystem/preopens@0.2.3", kind: "instance", signature: null },
      { module: null, name: "log", kind: "function", signature: null },
    ],
    exports: [{ name: "wasi:cli/run@0.2.0", kind: "instance", signature: null }],
    producers: { "processed-by": [{ name: "by hand", version: "1" }] },
    unknown: [],
    malformed: null,
  });
  expect(found.sections.map((it) => [it.name, it.count])).toEqual([
    ["type", 1],
    ["import", 2],
    ["type", 1],
    ["import", 1],
    ["core module", null],
    ["core instance", 1],
    ["alias", 1],
    ["type", 2],
    ["canon", 1],
    ["instance", 1],
    ["export", 1],
    ["producers", null],
  ]);
  expect(modules).toMatchObject([
    {
      kind: "module",
      language: { name: "Rust", by: "its producers section" },
      exports: [{ name: "run", kind: "function", signature: "() -> i32" }],
    },
  ]);
  // Places within a part are places within the file.
  const module = found.sections.find((it) => it.name === "core module");
  expect(modules[0]?.sections[0]?.offset).toBe((module?.offset ?? 0) + 2 + 8);
  expect(modules[0]?.size).toBe((module?.size ?? 0) - 2);
});

test.each<[what: string, entry: number[], imported: { name: string; kind: string }]>([
  ["a core module", [...plain("m"), 0, 0x11, 0], { name: "m", kind: "core module" }],
  ["a function", [...plain("f"), 1, 0], { name: "f", kind: "function" }],
  ["a value of a type", [...plain("v"), 2, 1, 0x73], { name: "v", kind: "value" }],
  ["a value like another", [...plain("v"), 2, 0, 3], { name: "v", kind: "value" }],
  ["a type like another", [...plain("t"), 3, 0, 4], { name: "t", kind: "type" }],
  ["a resource", [...plain("r"), 3, 1], { name: "r", kind: "type" }],
  ["a component", [...plain("c"), 4, 0], { name: "c", kind: "component" }],
  ["an instance", [...plain("i"), 5, 0], { name: "i", kind: "instance" }],
  ["a name of the other form", [1, ...name("a:b/c"), 5, 0], { name: "a:b/c", kind: "instance" }],
  [
    "a name with attributes",
    [2, ...name("x"), ...list([0, ...name("a:b/c")], [2, ...name("id")]), 5, 0],
    { name: "x", kind: "instance" },
  ],
  [
    "a version that stands apart",
    [2, ...name("wasi:cli/run@0.2"), ...list([1, ...name(".7")]), 5, 0],
    { name: "wasi:cli/run@0.2.7", kind: "instance" },
  ],
])("an import: %s", (_, entry, imported) => {
  // The second shows that the first was read to its end.
  const found = inspectBinary(file("component", section(10, list(entry, [...plain("last"), 1, 0]))));
  expect(found).toMatchObject({
    malformed: null,
    unknown: [],
    imports: [imported, { name: "last", kind: "function" }],
  });
});

test.each<[what: string, entry: number[], exported: { name: string; kind: string }]>([
  ["a core module", [...plain("m"), 0, 0x11, 0, 0], { name: "m", kind: "core module" }],
  ["a function with a type", [...plain("f"), 1, 0, 1, 1, 5], { name: "f", kind: "function" }],
  ["a resource with a type", [...plain("r"), 3, 0, 1, 3, 1], { name: "r", kind: "type" }],
  ["an instance", [...plain("i"), 5, 2, 0], { name: "i", kind: "instance" }],
])("an export: %s", (_, entry, exported) => {
  const found = inspectBinary(file("component", section(11, list(entry, [...plain("last"), 1, 0, 0]))));
  expect(found).toMatchObject({
    malformed: null,
    unknown: [],
    exports: [exported, { name: "last", kind: "function" }],
  });
});

test.each<[what: string, bytes: Uint8Array, offset: number, message: string]>([
  [
    "an import",
    file("component", section(10, list([...plain("x"), 9, 0]))),
    14,
    "an import or export of the kind 0x09",
  ],
  ["a name", file("component", section(10, list([3, ...name("x"), 1, 0]))), 11, "a name of the form 0x03"],
  [
    "a name's attribute",
    file("component", section(10, list([2, ...name("x"), 1, 7, 0]))),
    15,
    "a name's attribute 0x07",
  ],
  ["a bound", file("component", section(10, list([...plain("x"), 3, 2]))), 15, "a bound of the form 0x02"],
  [
    "an export's type",
    file("component", section(11, list([...plain("x"), 1, 0, 2]))),
    16,
    "an export's type of the form 0x02",
  ],
])("%s of a form that is not known is noted", (_, bytes, offset, message) => {
  expect(inspectBinary(bytes)).toMatchObject({
    kind: "component",
    malformed: null,
    unknown: [{ offset, message }],
  });
});

test("a part that is broken breaks the component, and says where in the file", () => {
  const found = inspectBinary(file("component", section(1, [...file("module"), 1, 50])));
  expect(found.malformed).toEqual({ offset: 20, message: "expected 50 more bytes, and there are 0" });
  expect(found.modules).toMatchObject([{ malformed: found.malformed }]);

  const other = inspectBinary(file("component", section(1, [1, 2, 3, 4, 5])));
  expect(other.malformed).toEqual({ offset: 10, message: "expected \\0asm, with which a module begins" });
});

test("components in components are followed to a depth, and no further", () => {
  const short = inspectBinary(nest(3));
  expect(short.modules[0]?.modules[0]?.modules).toMatchObject([{ kind: "component", modules: [], unknown: [] }]);

  let inside: BinaryInspection | undefined = inspectBinary(nest(1000));
  let depth = 0;
  for (; inside?.modules[0]; depth++) inside = inside.modules[0];
  expect(depth).toBe(16);
  expect(inside?.unknown).toMatchObject([{ message: "components in components, more than 16 deep" }]);
});

/** A component in a component in a component. */
function nest(depth: number): Uint8Array {
  let bytes: Uint8Array = file("component");
  for (let i = 0; i < depth; i++) bytes = file("component", section(4, [...bytes]));
  return bytes;
}

test("a component that is cut short anywhere, or has other bytes, is read as far as it goes", () => {
  // Cut between two sections, it could be whole: nothing in a component says what is to come.
  const ends = [8, ...inspectBinary(example).sections.map((it) => it.offset + it.size)];
  const whole: number[] = [];
  for (let size = 4; size < example.length; size++) {
    const { malformed } = inspectBinary(example.subarray(0, size));
    if (!malformed) whole.push(size);
  }
  expect(whole).toEqual(ends.slice(0, -1));
  const bytes = fc.array(fc.tuple(fc.integer({ min: 4, max: example.length - 1 }), fc.nat(255)), {
    minLength: 1,
    maxLength: 3,
  });
  const property = fc.property(bytes, (changes) => {
    const changed = Uint8Array.from(example);
    for (const [at, byte] of changes) changed[at] = byte;
    const { malformed, unknown } = inspectBinary(changed);
    const place = malformed ?? unknown[0];
    if (place && place.offset > changed.length) throw new Error(`there is no byte ${place.offset}`);
  });
  const details = fc.check(property, { numRuns: 2000, seed: 1 });
  expect(details.failed ? fc.defaultReportMessage(details) : "").toBe("");
});

test("names that JavaScript's objects have are names like others", () => {
  const producers = custom("producers", list([...name("__proto__"), ...list([...name("toString"), ...name("")])]));
  const found = inspectBinary(file("component", producers, custom("hasOwnProperty", [])));
  expect(JSON.parse(JSON.stringify(found.producers))).toEqual(
    Object.fromEntries([["__proto__", [{ name: "toString", version: "" }]]]),
  );
});
