import { expect, test } from "vitest";
import { MalformedError } from "../src/binary/malformed-error.ts";
import { createReader } from "../src/binary/reader.ts";
import { readSections, sectionIds } from "../src/binary/sections.ts";
import { assemble } from "./helpers/assemble.ts";

const idNames = Object.keys(sectionIds);

test("sections are found with their names and places", async () => {
  const module = await assemble('(module (memory 1 2) (data (i32.const 0) "abc") (func $named (export "f")))');
  const sections = [...readSections(module)];
  expect(sections.map(({ id, name }) => name ?? idNames[id])).toEqual([
    "type",
    "function",
    "memory",
    "export",
    "code",
    "data",
    "name",
  ]);
  expect(sections[0]?.start).toBe(8);
  expect(sections.at(-1)?.end).toBe(module.length);
  const memory = sections[2];
  expect([...module.subarray(memory?.content, memory?.end)]).toEqual([1, 1, 1, 2]);
});

test.for([
  ["a byte", [0x7f], "u32", 127],
  ["two bytes", [0x80, 0x01], "u32", 128],
  ["padded", [0x81, 0x80, 0x80, 0x80, 0x00], "u32", 1],
  ["the largest u32", [0xff, 0xff, 0xff, 0xff, 0x0f], "u32", 0xffff_ffff],
  ["the largest u64", [...Array.from({ length: 9 }, () => 0xff), 0x01], "u64", 0xffff_ffff_ffff_ffffn],
  ["minus one", [0x7f], "s64", -1n],
  ["minus 128", [0x80, 0x7f], "s64", -128n],
  ["64", [0xc0, 0x00], "s64", 64n],
] as const)("a number, %s", ([, bytes, kind, value]) => {
  const reader = createReader(Uint8Array.from(bytes), 0);
  expect(reader[kind]()).toBe(value);
  expect(reader.isAtEnd).toBe(true);
});

test.for([
  ["a number that is cut short", [0x80]],
  ["a number that is too long", [0x80, 0x80, 0x80, 0x80, 0x80, 0x00]],
  ["a number that is too large", [0xff, 0xff, 0xff, 0xff, 0x1f]],
] as const)("%s", ([, bytes]) => {
  expect(() => createReader(Uint8Array.from(bytes), 0).u32()).toThrow(MalformedError);
});

test.each([
  ["text", [...Buffer.from("a 🦀")], "a 🦀"],
  ["a byte order mark is a part of it", [0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
  ["nothing", [], ""],
])("a name: %s", (_, bytes, name) => {
  const reader = createReader(Uint8Array.of(bytes.length, ...bytes, 9), 0);
  expect(reader.name()).toBe(name);
  expect(reader.u8()).toBe(9);
});

test("a name that is not UTF-8 says where", () => {
  const reader = createReader(Uint8Array.of(0, 2, 0x61, 0xff), 1);
  expect(() => reader.name()).toThrow(expect.objectContaining({ offset: 2, message: "a name that is not UTF-8" }));
});

test("the sections of a module among other bytes", async () => {
  const module = await assemble("(module (memory 1))");
  const around = Uint8Array.of(1, 2, 3, ...module, 4, 5);
  const found = [...readSections(around, 3, 3 + module.length)];
  expect(found.map(({ id, start }) => [id, start - 3])).toEqual(
    [...readSections(module)].map(({ id, start }) => [id, start]),
  );
  expect(() => [...readSections(around, 3, 3 + 11)]).toThrow(MalformedError);
});

test("a module that is cut short says where", async () => {
  const module = await assemble("(module (memory 1 2))");
  expect(() => [...readSections(module.subarray(0, 11))]).toThrow(
    expect.objectContaining({ offset: 10, message: "expected 4 more bytes, and there are 1" }),
  );
  expect([...readSections(module.subarray(0, 8))]).toEqual([]);
});
