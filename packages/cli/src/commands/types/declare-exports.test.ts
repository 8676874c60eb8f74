import { expect, test } from "vitest";
import { declareExports } from "./declare-exports.ts";

const exported = (name: string, signature: string | null, kind = "function") => ({ name, kind, signature });
const membersOf = (...exports: ReturnType<typeof exported>[]): string[] =>
  declareExports("m.wasm", exports)
    .split("\n")
    .filter((line) => /^ {2}readonly /.test(line));

test.each([
  ["() -> ()", "() => void"],
  ["(i32, f32, f64) -> i32", "(p0: number, p1: number, p2: number) => number"],
  ["(i64) -> i64", "(p0: bigint) => bigint"],
  ["() -> (i32, i64)", "() => [number, bigint]"],
  ["(externref) -> funcref", "(p0: unknown) => Function | null"],
  ["(v128) -> ()", "never"],
  [null, "(...args: unknown[]) => unknown"],
])("a function %s is %s", (signature, type) => {
  expect(membersOf(exported("f", signature))).toEqual([`  readonly f: ${type};`]);
});

test("memories, tables and globals have their classes; what instantiate calls itself is left out", () => {
  const members = membersOf(
    exported("memory", "1 page", "memory"),
    exported("table", "funcref, 1", "table"),
    exported("g", "i32", "global"),
    exported("_initialize", "() -> ()"),
  );
  expect(members).toEqual([
    "  readonly memory: WebAssembly.Memory;",
    "  readonly table: WebAssembly.Table;",
    "  readonly g: WebAssembly.Global;",
  ]);
});

test("any name is a property, and none can end the file's first line", () => {
  expect(membersOf(exported('a-b"c\n', "() -> ()"))).toEqual([String.raw`  readonly "a-b\"c\n": () => void;`]);
  expect(declareExports("m\n.wasm", []).split("\n")[0]).toBe("// What m .wasm exports. Written by: wasi-kit types");
});
