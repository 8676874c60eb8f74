import { expect, test } from "vitest";
import { quote } from "./quote.ts";

test.each<[text: string, quoted: string]>([
  ["plain", "plain"],
  ["日本語-🦀.txt", "日本語-🦀.txt"],
  ["", '""'],
  ["two words", '"two words"'],
  [" ", '" "'],
  ["no\u00a0break", '"no\u00a0break"'],
  ['say "hi"', '"say \\"hi\\""'],
  ["it's", `"it's"`],
  ["back\\slash", '"back\\\\slash"'],
  ["line\nend", '"line\\nend"'],
  ["\x1b[31m", '"\\u001b[31m"'],
  ["\x7f", '"\\u007f"'],
  ["\u009b31m", '"\\u009b31m"'],
  ["\u202egnp.txt", '"\\u202egnp.txt"'],
  ["\u2028", '"\\u2028"'],
  ["\ufeff", '"\\ufeff"'],
  ["\u{e0041}", '"\\udb40\\udc41"'],
])("%j is shown as %s, which can be read back", (text, quoted) => {
  expect(quote(text)).toBe(quoted);
  expect(quoted.startsWith('"') ? JSON.parse(quoted) : quoted).toBe(text);
});
