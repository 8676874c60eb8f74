import { expect, test } from "vitest";
import { assemble } from "../helpers/assemble.ts";
import { custom, file, list, name, section } from "../helpers/bytes.ts";
import { inspectBinary } from "../../src/inspect/inspect-binary.ts";

const producers = (fields: Record<string, [name: string, version: string][]>): number[] =>
  custom(
    "producers",
    list(
      ...Object.entries(fields).map(([field, values]) => [
        ...name(field),
        ...list(...values.map(([value, version]) => [...name(value), ...name(version)])),
      ]),
    ),
  );
const functionNames = (...names: string[]): number[] => {
  const named = list(...names.map((it, i) => [i, ...name(it)]));
  return custom("name", [1, named.length, ...named]);
};
const data = (text: Buffer): number[] => section(11, list([1, ...list(...Array.from(text, (byte) => [byte]))]));
const byProducers = "its producers section";

test.each<[language: string, by: string, ...sections: number[][]]>([
  [
    "Rust",
    byProducers,
    producers({
      language: [["Rust", ""]],
      "processed-by": [
        ["clang", "15"],
        ["rustc", "1.70.0"],
      ],
    }),
  ],
  [
    "Rust",
    byProducers,
    producers({
      language: [
        ["C11", ""],
        ["C_plus_plus_14", ""],
        ["Rust", ""],
      ],
    }),
  ],
  [
    "C++",
    byProducers,
    producers({
      language: [
        ["C11", ""],
        ["C_plus_plus_14", ""],
      ],
      "processed-by": [["clang", "19.1.5-wasi-sdk"]],
    }),
  ],
  ["C", byProducers, producers({ language: [["C99", ""]] })],
  ["Go", byProducers, producers({ language: [["Go", "go1.24.0"]], "processed-by": [["Go cmd/compile", "go1.24.0"]] })],
  [
    "Swift",
    byProducers,
    producers({
      language: [
        ["Swift", "6"],
        ["C11", ""],
      ],
    }),
  ],
  [
    "Go",
    "functions of TinyGo's runtime",
    producers({ language: [["C99", ""]] }),
    functionNames("malloc", "tinygo_scanstack"),
  ],
  ["Go", "its go:buildid section", custom("go:buildid", [])],
  [
    "AssemblyScript",
    "functions of AssemblyScript's library",
    functionNames("assembly/index/add", "~lib/rt/itcms/__new"),
  ],
  ["AssemblyScript", "paths of AssemblyScript's library in its data", data(Buffer.from("~lib/rt/tlsf.ts", "utf16le"))],
  ["Rust", "paths of Rust's library in its data", data(Buffer.from("/rustc/0123abcd/library/std/src/io/stdio.rs"))],
  [
    "C or C++",
    "its compiler, clang",
    producers({ "processed-by": [["clang", "19.1.5-wasi-sdk (https://github.com/llvm/llvm-project)"]] }),
  ],
])("%s, by %s", (language, by, ...sections) => {
  const inOrder = sections.toSorted((a, b) => (b[0] ?? 0) - (a[0] ?? 0));
  expect(inspectBinary(file("module", ...inOrder))).toMatchObject({
    malformed: null,
    unknown: [],
    language: { name: language, by },
  });
});

test.each([
  ["Go", "its imports of Go's runtime", '(import "gojs" "runtime.wasmExit" (func (param i32)))'],
  ["AssemblyScript", "its export of AssemblyScript's runtime", '(global (export "__rtti_base") i32 (i32.const 0))'],
  [
    "C or C++",
    "its imports of Emscripten's runtime",
    '(import "env" "emscripten_resize_heap" (func (param i32) (result i32)))',
  ],
])("%s, by %s", async (language, by, wat) => {
  expect(inspectBinary(await assemble(`(module ${wat})`))).toMatchObject({ language: { name: language, by } });
});

test("what is written in the text format has no mark", async () => {
  expect(inspectBinary(await assemble('(module (func $main (export "_start")))'))).toMatchObject({
    language: null,
  });
});
