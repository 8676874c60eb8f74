import { expect, test } from "vitest";
import { readFunctions } from "./wat-instructions.ts";

/** The instructions of each function, with their lines and columns where they are asked for. */
const names = (text: string): string[] =>
  readFunctions(text).map(({ instructions }) => instructions.map((it) => it.text).join(" "));

test.each<[what: string, text: string, instructions: string]>([
  ["in sequence", "i32.const 1 drop", "i32.const drop end"],
  [
    "folded: operands come first",
    "(drop (i32.add (i32.const 1) (i32.const 2)))",
    "i32.const i32.const i32.add drop end",
  ],
  ["a block", "block $a nop end $a", "block nop end end"],
  ["a folded block", "(block $a (result i32) nop (loop (nop)))", "block nop loop nop end end end"],
  ["an if", "i32.const 1 if $a nop else $a nop nop end", "i32.const if nop else nop nop end end"],
  [
    "a folded if: its condition comes first",
    "(if $a (result i32) (i32.eqz (i32.const 1)) (then (nop)) (else nop))",
    "i32.const i32.eqz if nop else nop end end",
  ],
  [
    "an else with nothing in it",
    "(if (i32.const 1) (then) (else)) i32.const 1 if else end",
    "i32.const if end i32.const if end end",
  ],
  ["types", "(local i32 i64) (call_indirect (param i32) (result i32) (i32.const 1))", "i32.const call_indirect end"],
  ["a select of a type", "select (result i32) drop", "select drop end"],
  [
    "operands that are words",
    "ref.null func ref.null extern f32.const nan f64.const -inf f64.const inf f32.const nan:0x1 v128.const i32x4 1 2 3 4",
    "ref.null ref.null f32.const f64.const f64.const f32.const v128.const end",
  ],
  ["memory arguments", "i32.load offset=4 align=2 (i32.store8 offset=1 (nop))", "i32.load nop i32.store8 end"],
  ["comments", ';; drop\n(; nop (; " ;) drop ;) nop ;; (\n(;;)drop', "nop drop end"],
  ["strings", '(export "drop") (export ")\\")") nop', "nop end"],
])("%s", (_, text, instructions) => {
  expect(names(`(module (func ${text}))`)).toEqual([instructions]);
});

test("functions that are imported, and what else is called func, have no instructions", () => {
  const text = `(module $drop
    (type (func (param i32)))
    (import "a" "b" (func $b (param i32)))
    (func $c (export "c") (import "a" "c") (param i32))
    (func $first nop)
    (table funcref (elem $first)) (elem func $first) (global funcref (ref.func $first)) (export "first" (func $first))
    (data (i32.const 0) "(func nop)")
    (func (import "a" "d"))
    (func $second))`;
  expect(names(text)).toEqual(["nop end", "end"]);
});

test("a module without its parentheses", () => {
  expect(names('(func nop) (memory 1) (func (export "f") drop)')).toEqual(["nop end", "drop end"]);
});

test("lines and columns count from 0, and a word is where its first letter is", () => {
  const text = "(module\r\n  (func $grüße\n    (;\n;) (drop\n      (i32.const 1))))";
  const [found] = readFunctions(text);
  expect(found).toEqual({
    start: { text: "func", line: 1, column: 3 },
    instructions: [
      { text: "i32.const", line: 4, column: 7 },
      { text: "drop", line: 3, column: 4 },
      { text: "end", line: 4, column: 20 },
    ],
  });
});

test("a module of one long line, or of deep nesting, is read in a moment", () => {
  const [line] = readFunctions(`(module (func ${"nop ".repeat(200_000)}))`);
  expect(line?.instructions).toHaveLength(200_001);
  const depth = 100_000;
  const [nested] = readFunctions(`(func ${"(drop ".repeat(depth)}${")".repeat(depth)})`);
  expect(nested?.instructions).toHaveLength(depth + 1);
});

test.each(["", "(", ")", "())", "(func", "(module (func (if", "(;", '"', "(func (then nop))", "(func nop"])(
  "text that is not valid does no harm: %j",
  (text) => {
    expect(() => readFunctions(text)).not.toThrow();
  },
);
