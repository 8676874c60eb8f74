import { expect, test } from "vitest";
import { normalize } from "./normalize.ts";

const place = "src/main.rs:3:5";

test.each<[what: string, lines: string[], same: string[]]>([
  [
    "Rust 1.63",
    [`thread 'main' panicked at 'it is over', ${place}`],
    [`thread 'main' panicked at ${place}:`, "it is over"],
  ],
  [
    "Rust 1.73",
    [`thread 'main' panicked at ${place}:`, "it is over"],
    [`thread 'main' panicked at ${place}:`, "it is over"],
  ],
  [
    "Rust 1.95",
    ["", `thread 'main' (1) panicked at ${place}:`, "it is over"],
    [`thread 'main' panicked at ${place}:`, "it is over"],
  ],
  [
    "Rust 1.95 after other output",
    ["before", "", `thread 'main' (1) panicked at ${place}:`],
    ["before", `thread 'main' panicked at ${place}:`],
  ],
  [
    "Node.js 20",
    ['Import #0 module="a" error: it is not there'].map((it) => `TypeError: ${it}`),
    ['TypeError: Import #0 "a": it is not there'],
  ],
  ["Node.js 22", ['TypeError: Import #0 module="a": it is not there'], ['TypeError: Import #0 "a": it is not there']],
  ["Node.js 24", ['TypeError: Import #0 "a": it is not there'], ['TypeError: Import #0 "a": it is not there']],
  ["anything else", ["", "thread of thought (1)", ""], ["", "thread of thought (1)", ""]],
  ["nothing", [], []],
])("what %s says is written as", (_, lines, same) => {
  expect(normalize(lines)).toEqual(same);
});
