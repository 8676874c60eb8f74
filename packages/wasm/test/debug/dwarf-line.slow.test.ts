import { expect, test } from "vitest";
import type { SourceLocation } from "../../src/debug/frame.ts";
import { inline, line, lineUnit, pooled, tables4, tables5 } from "../helpers/dwarf.ts";
import { readLines } from "../../src/debug/dwarf-line.ts";

const directories = ["src", "/rustc/library"];
const files = [
  ["main.rs", 1],
  ["core.rs", 2],
  ["build.rs", 0],
  ["/absolute.rs", 1],
  ["lost.rs", 9],
] as const;
const four = tables4(
  directories,
  files.map(([path, directory]) => [path, directory]),
);
const noStrings: (name: string) => Uint8Array = () => new Uint8Array();
const format = (it: SourceLocation | undefined): string | undefined => it && `${it.file}:${it.line}:${it.column}`;

/** What is found for addresses, as `file:line:column`. */
function find(section: Uint8Array, addresses: readonly number[], stringsOf = noStrings): (string | undefined)[] {
  return readLines(section, stringsOf)(addresses).map(format);
}

const concat = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);

test("a row holds from its address up to the next one's", () => {
  const program = [
    ...line.setAddress(100),
    ...line.advanceLine(9),
    ...line.setColumn(5),
    ...line.copy,
    ...line.advancePc(4),
    ...line.advanceLine(-3),
    ...line.copy,
    ...line.special(6, 2),
    ...line.advancePc(10),
    ...line.endSequence,
  ];
  const expected = [
    [99, undefined],
    [100, "src/main.rs:10:5"],
    [103, "src/main.rs:10:5"],
    [104, "src/main.rs:7:5"],
    [110, "src/main.rs:9:5"],
    [119, "src/main.rs:9:5"],
    [120, undefined],
  ] as const;
  const addresses = expected.map(([address]) => address);
  expect(find(lineUnit(4, program, four), addresses)).toEqual(expected.map(([, place]) => place));
  // In whatever order they are asked for, and more than once.
  const backwards = [...addresses, ...addresses].toReversed();
  const places = expected.map(([, place]) => place);
  expect(find(lineUnit(4, program, four), backwards)).toEqual([...places, ...places].toReversed());
});

test.each<[what: string, instructions: number[], at: number, place: string | undefined]>([
  [
    "a constant advance: as far as the last special opcode's",
    [...line.constAddPc, ...line.copy],
    117,
    "src/main.rs:1:1",
  ],
  ["a fixed advance", [...line.fixedAdvancePc(300), ...line.copy], 400, "src/main.rs:1:1"],
  ["before a constant advance", [...line.constAddPc, ...line.copy], 116, undefined],
  ["before a fixed advance", [...line.fixedAdvancePc(300), ...line.copy], 399, undefined],
  ["a standard opcode that nobody knows", [13, 0x85, 0x01, 0x07, ...line.copy], 100, "src/main.rs:1:1"],
  ["an extended opcode that nobody knows", [0, 3, 0x80, 1, 1, ...line.copy], 100, "src/main.rs:1:1"],
  ["an extended opcode without a byte", [0, 0, ...line.copy], 100, "src/main.rs:1:1"],
  ["flags that matter to debuggers", [6, 7, 10, 11, 12, 3, ...line.copy], 100, "src/main.rs:1:1"],
  ["a file in an absolute directory", [...line.setFile(2), ...line.copy], 100, "/rustc/library/core.rs:1:1"],
  ["a file in the folder of the compiler", [...line.setFile(3), ...line.copy], 100, "build.rs:1:1"],
  ["a file with an absolute path", [...line.setFile(4), ...line.copy], 100, "/absolute.rs:1:1"],
  ["a file whose directory is not there", [...line.setFile(5), ...line.copy], 100, undefined],
  ["a file that is not there", [...line.setFile(6), ...line.copy], 100, undefined],
  ["file 0, which version 4 does not have", [...line.setFile(0), ...line.copy], 100, undefined],
  ["line 0: no source", [...line.advanceLine(-1), ...line.copy], 100, undefined],
  ["a line below 0", [...line.advanceLine(-2), ...line.copy], 100, undefined],
  ["a sequence that goes back", [...line.copy, ...line.setAddress(90), ...line.copy], 95, "src/main.rs:1:1"],
])("%s", (_, instructions, at, place) => {
  const program = [...line.setAddress(100), ...instructions, ...line.advancePc(20), ...line.endSequence];
  expect(find(lineUnit(4, program, four), [at])).toEqual([place]);
});

const plain = [...line.setAddress(100), ...line.copy, ...line.advancePc(20), ...line.endSequence];

test.each([
  ["inline", inline, undefined],
  ["in .debug_str", pooled(0x0e), ".debug_str"],
  ["in .debug_line_str", pooled(0x1f), ".debug_line_str"],
] as const)("version 5, with paths %s", (_, path, section) => {
  const tables = tables5(
    ["/home/somebody/crate", "src", "/rustc/library"],
    [
      ["whole.rs", 0],
      ["main.rs", 1],
      ["core.rs", 2],
    ],
    path,
  );
  const program = [0, 1, 2].flatMap((file) => [
    ...line.setAddress(100 * (file + 1)),
    ...line.setFile(file),
    ...line.copy,
    ...line.advancePc(20),
    ...line.endSequence,
  ]);
  const asked: string[] = [];
  const stringsOf = (name: string): Uint8Array => {
    asked.push(name);
    return "bytes" in path ? Uint8Array.from(path.bytes) : new Uint8Array();
  };
  // The folder that the compiler ran in is somebody's: a file in it is shown without.
  const places = ["whole.rs:1:1", "src/main.rs:1:1", "/rustc/library/core.rs:1:1"];
  expect(find(lineUnit(5, program, tables), [100, 200, 300], stringsOf)).toEqual(places);
  expect([...new Set(asked)]).toEqual(section ? [section] : []);
});

test("what a linker removed is nowhere, whichever address it was given", () => {
  const removed = [...line.copy, ...line.advancePc(500), ...line.endSequence];
  const section = concat(
    lineUnit(4, [...line.setAddress(0), ...removed], four),
    lineUnit(4, [...line.setAddress(0xffff_ffff), ...removed], four),
    lineUnit(4, [...line.advanceLine(4), ...plain], four),
  );
  expect(find(section, [50, 110])).toEqual([undefined, "src/main.rs:5:1"]);
});

test.each<[what: string, unit: Uint8Array]>([
  ["of an older version", lineUnit(3, plain, four)],
  ["of a version to come", lineUnit(6, plain, four)],
  ["with a line range of 0", lineUnit(4, plain, four).with(14, 0)],
  ["with a header larger than itself", lineUnit(4, plain, four).with(9, 0xff)],
  ["with an instruction that is cut short", lineUnit(4, [...line.setAddress(100), 0, 9, 2], four)],
  ["with a number that has no end", lineUnit(4, [...line.setAddress(100), 2, ...Array(20).fill(0xff)], four)],
  ["with tables that have no end", lineUnit(4, plain, [0x61, 0x62])],
  ["with an unknown form", lineUnit(5, plain, [1, 1, 0x55, 1, 0])],
  // 4294967295 entries of no bytes each.
  ["with entries without a content", lineUnit(5, plain, [0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 1])],
  ["with a path that is not in the strings", lineUnit(5, plain, tables5([], [], pooled(0x1f)))],
])("a unit %s is passed over", (_, unit) => {
  const other = [...line.setAddress(1000), ...line.copy, ...line.advancePc(20), ...line.endSequence];
  expect(find(concat(unit, lineUnit(4, other, four)), [110, 1000])).toEqual([undefined, "src/main.rs:1:1"]);
});

test("what is left of a section that is cut is read", () => {
  const other = [line.setAddress(1000), line.copy, line.advancePc(20), line.endSequence].flat();
  const section = concat(lineUnit(4, plain, four), lineUnit(4, other, four));
  for (const size of [1, 3, 4, 20]) {
    expect(find(section.subarray(0, section.length - size), [110, 1000])).toEqual(["src/main.rs:1:1", undefined]);
  }
});

test("the 64-bit format, and sections that are too large, are not read", () => {
  const unit = lineUnit(4, plain, four);
  expect(find(concat(Uint8Array.of(0xff, 0xff, 0xff, 0xff), unit), [110])).toEqual([undefined]);
  expect(find(concat(unit, new Uint8Array(2 ** 24)), [110])).toEqual([undefined]);
});

test("any number of rows that lead nowhere take no longer than one", () => {
  const nowhere = [
    ...line.setAddress(100),
    ...line.setFile(77_777),
    ...line.copy,
    ...line.advancePc(20),
    ...line.endSequence,
  ];
  const program = Array.from({ length: 20_000 }, () => nowhere).flat();
  const many = Array.from({ length: 20_000 }, (_, i): [string, number] => [`${i}.rs`, 1]);
  expect(find(lineUnit(4, program, tables4(directories, many)), [110])).toEqual([undefined]);
});
