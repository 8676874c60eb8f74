import { expect, test } from "vitest";
import { parseSignature } from "../../src/inspect/signature.ts";

test.each<[text: string, parameters: string[], results: string[]]>([
  ["() -> ()", [], []],
  ["(i32, i64) -> f64", ["i32", "i64"], ["f64"]],
  ["(funcref) -> (i32, i32)", ["funcref"], ["i32", "i32"]],
  ["((ref null 3)) -> (ref null 3)", ["(ref null 3)"], ["(ref null 3)"]],
])("%s", (text, parameters, results) => {
  expect(parseSignature(text)).toEqual({ parameters, results });
});
