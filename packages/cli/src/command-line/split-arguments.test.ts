import { parseArgs } from "node:util";
import { expect, test } from "vitest";
import { splitArguments } from "./split-arguments.ts";

const options = { dir: { type: "string" }, trace: { type: "boolean" } } as const;
const split = (line: string) => {
  const argv = line === "" ? [] : line.split(" ");
  const { tokens } = parseArgs({ args: argv, options, strict: false, tokens: true, allowPositionals: true });
  const { own, rest } = splitArguments(argv, tokens, (it) => it.endsWith(".wasm"));
  return [own.join(" "), rest?.join(" ")];
};

test.each([
  ["", "", undefined],
  ["folder --trace", "folder --trace", undefined],
  ["folder --trace -- --dir x", "folder --trace", "--dir x"],
  ["a.wasm", "a.wasm", undefined],
  ["a.wasm --trace", "a.wasm", "--trace"],
  ["--trace --dir b.wasm a.wasm b.wasm --dir", "--trace --dir b.wasm a.wasm", "b.wasm --dir"],
  ["a.wasm -- x -- y", "a.wasm", "x -- y"],
  ["a.wasm x -- y", "a.wasm", "x -- y"],
  ["a.wasm --", "a.wasm", ""],
  ["--dir=x -- a.wasm -- y", "--dir=x", "a.wasm -- y"],
])("%j is %j for wasi-kit, and %j for the guest", (line, own, rest) => {
  expect(split(line)).toEqual([own, rest]);
});

test("a command that takes no module has all of its line", () => {
  const tokens = ["a.wasm", "b"].map((value, index) => ({ kind: "positional", value, index }));
  expect(splitArguments(["a.wasm", "b"], tokens)).toEqual({ own: ["a.wasm", "b"], rest: undefined });
});
