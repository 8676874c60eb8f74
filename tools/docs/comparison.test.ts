import { join } from "node:path";
import { expect, test } from "vitest";
import { isTrue } from "./comparison.ts";
import type { Figures } from "./comparison.ts";
import { countCalls } from "./count-calls.ts";
import { root } from "../root.ts";

const moduleOf = (name: string): string => join(root, "examples", name, "build", `${name.split("/")[1]}.wasm`);

test.each([
  ["wat/hello", [], 0, 1], // fd_write
  ["wat/exit-code", [], 0, 2], // args_sizes_get, args_get
  ["wat/exit-code", ["3"], 3, 3], // and proc_exit, which does not return
])("%s %j ends with %i after %i calls", (name, args, exitCode, expected) => {
  const counts = [1, 2, 3].map(() => countCalls(moduleOf(name), { args }, exitCode));
  expect(counts).toEqual([expected, expected, expected]);
});

test("the calls of a run that ended otherwise are not told", () => {
  expect(() => countCalls(moduleOf("wat/exit-code"), { args: ["x"] }, 0)).toThrow(/with 2 instead of 0: usage/);
});

const figures: readonly Figures[] = [
  { path: "wat/hello", language: "wat", lines: 14, module: { size: "0.2 kB", calls: "1" } },
  { path: "rust/hello", language: "rust", lines: 3, module: { size: "40.4 kB", calls: "1" } },
  { path: "zig/hello", language: "zig", lines: 4, module: { size: "45.8 kB", calls: "4" } },
];
const page = `| scenario | language | lines | module | calls | start |
|---|---|--:|--:|--:|--:|
| **hello** | [WAT](wat/hello) | 14 | 0.2 kB | 1 | 0.2 ms |
|  | [Rust](rust/hello) | 3 | 40.4 kB | 1 | 0.3 ms |
|  | [Zig](zig/hello) | 4 | 45.8 kB | 4 | 0.4 ms |

Built with rustc 1.95.0, zig 0.17.1.`;
const withRust = (version: string) =>
  new Map([
    ["rust" as const, version],
    ["zig" as const, "zig 0.17.1"],
  ]);

test.each([
  ["nothing changed", page, "rustc 1.95.0"],
  ["a time is another", page.replace("0.2 ms", "9.9 ms"), "rustc 1.95.0"],
  ["a size is a little off", page.replace("40.4", "41.9"), "rustc 1.95.0"],
  ["another Rust made other modules", page.replace("40.4 kB | 1 ", "80.4 kB | 2 "), "rustc 1.63.0"],
])("a page is true where %s", (_, text, rust) => {
  expect(isTrue(text, figures, withRust(rust))).toBe(true);
});

test("what can't be built on a machine is not compared, but for its lines", () => {
  const [wat, rust, { module: _, ...zig }] = figures as [Figures, Figures, Figures];
  const without = (lines: number): Figures[] => [wat, rust, { ...zig, lines, module: undefined }];
  const compilers = new Map([["rust" as const, "rustc 1.95.0"]]);
  expect(isTrue(page.replace("45.8", "99.9"), without(4), compilers)).toBe(true);
  expect(isTrue(page, without(5), compilers)).toBe(false);
});

test.each([
  ["it is empty", "", "rustc 1.95.0"],
  ["a row is missing", page.replace(/\n.*rust\/hello.*/, ""), "rustc 1.95.0"],
  ["a row is too many", page.replace(/\n(.*rust\/hello.*)/, "\n$1\n$1"), "rustc 1.95.0"],
  ["an example has another name", page.replaceAll("hello", "helo"), "rustc 1.95.0"],
  ["lines are not those", page.replace("| 14 |", "| 15 |"), "rustc 1.95.0"],
  ["calls are not those", page.replace("kB | 1 |", "kB | 2 |"), "rustc 1.95.0"],
  ["a size is far off", page.replace("40.4", "45"), "rustc 1.95.0"],
  ["a size is no number", page.replace("40.4", "small"), "rustc 1.95.0"],
  ["another Rust made it from other lines", page.replace("| 3 |", "| 4 |"), "rustc 1.63.0"],
  ["another Rust has nothing to do with it", page.replace("0.2 kB", "0.4 kB"), "rustc 1.63.0"],
  ["another Rust has nothing to do with Zig", page.replace("45.8 kB", "99.9 kB"), "rustc 1.63.0"],
])("a page is stale where %s", (_, text, rust) => {
  expect(isTrue(text, figures, withRust(rust))).toBe(false);
});
