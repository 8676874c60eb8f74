import { expect, test } from "vitest";
import { checkExportedNames } from "./exported-names.ts";
import { checkImportCircles } from "./import-circles.ts";
import { checkPackageArrows } from "./package-arrows.ts";
import type { Arrows, SourcePackage } from "./package-arrows.ts";
import { parseSource } from "./source-file.ts";
import type { SourceFile } from "./source-file.ts";

const parse = (files: Readonly<Record<string, string>>): SourceFile[] =>
  Object.entries(files).map(([path, text]) => parseSource(path, text));

test.each([
  ["values", { "a/x.ts": 'import { y } from "./y.ts";', "a/y.ts": 'export { x } from "./x.ts";' }],
  ["types", { "a/x.ts": 'import type { Y } from "./y.ts";', "a/y.ts": 'import { type X } from "./x.ts";' }],
  ["what is imported late", { "a/x.ts": 'await import("./y.ts");', "a/y.ts": 'import "../a/x.ts";' }],
])("a circle of %s is found", (_, files) => {
  expect(checkImportCircles(parse(files))).toEqual([
    expect.stringMatching(/^a\/x\.ts -> a\/y\.ts -> a\/x\.ts is a circle/),
  ]);
});

test("a file that only leads to a circle is not in it, and two circles that share files are named both", () => {
  const files = parse({
    "a.ts": 'import "./b.ts";',
    "b.ts": 'import "./d.ts"; import "./c.ts";',
    "c.ts": 'import "./d.ts";',
    "d.ts": 'import "./b.ts";',
  });
  expect(checkImportCircles(files)).toEqual([
    "b.ts -> d.ts -> b.ts is a circle. Move what they share to a file of its own.",
    "c.ts -> d.ts -> b.ts -> c.ts is a circle. Move what they share to a file of its own.",
  ]);
});

test("files that lead to the same file are no circle", () => {
  const files = {
    "a.ts": 'import "./b.ts"; import "./c.ts";',
    "b.ts": 'import "./c.ts";',
    "c.ts": 'import "node:fs";',
  };
  expect(checkImportCircles(parse(files))).toEqual([]);
});

test("a name that two files export has to mean the same", () => {
  const files = parse({
    "a.ts": "export interface Row {} export const size = 1; export function f(a: 1): 1; export function f(a: 2) {}",
    "b.ts": "export type Row = 1; export const size = 2; const f = 1;",
    "c.ts": 'export { size } from "./a.ts"; export * from "./b.ts"; import { Row } from "./a.ts"; export type { Row };',
  });
  expect(checkExportedNames(files, { size: "it is the same" })).toEqual([
    "`Row` is declared and exported by a.ts, b.ts. Give it one meaning.",
  ]);
  expect(checkExportedNames(files, { Row: "", size: "", f: "" })).toEqual([
    expect.stringMatching(/^`f` may be exported by several files/),
  ]);
});

const arrows: Arrows = {
  low: {},
  high: { low: "at once" },
  typed: { low: "types only" },
  waiting: { low: "late" },
};

const sourcePackage = (
  name: string,
  files: Readonly<Record<string, string>>,
  dependencies = ["low"],
): SourcePackage => ({
  name,
  folder: `packages/${name}`,
  dependencies,
  files: parse(Object.fromEntries(Object.entries(files).map(([path, text]) => [`packages/${name}/src/${path}`, text]))),
});

test.each<[what: string, SourcePackage]>([
  ["a package that may be loaded at once", sourcePackage("high", { "index.ts": 'import { a } from "low/part";' })],
  ["types", sourcePackage("typed", { "index.ts": 'import type { A } from "low"; export { type B } from "low";' })],
  ["what an import() loads", sourcePackage("waiting", { "index.ts": 'await import("low");' })],
  [
    "what a file imports that is loaded late",
    sourcePackage("waiting", {
      "index.ts": 'await import("./a.ts");',
      "a.ts": 'import "./b.ts";',
      "b.ts": 'import "low";',
    }),
  ],
  ["what is not ours", sourcePackage("low", { "index.ts": 'import fs from "node:fs"; import "lower";' }, ["lower"])],
])("an arrow allows %s", (_, it) => {
  expect(checkPackageArrows([it], arrows)).toEqual([]);
});

test.each<[problem: string, SourcePackage]>([
  [
    "packages/low/src/index.ts imports high. No arrow leads there from low.",
    sourcePackage("low", { "index.ts": 'import type { A } from "high";' }, []),
  ],
  [
    "packages/typed/src/index.ts imports low at once. The arrow from typed is: types only.",
    sourcePackage("typed", { "index.ts": 'import { type A, b } from "low";' }),
  ],
  [
    "packages/waiting/src/a.ts imports low at once. The arrow from waiting is: late.",
    sourcePackage("waiting", { "index.ts": 'import "./a.ts";', "a.ts": 'import "low";' }),
  ],
  [
    "packages/high/src/index.ts imports packages/low/src/index.ts, which is not in its package.",
    sourcePackage("high", { "index.ts": 'import "low"; import "../../low/src/index.ts";' }),
  ],
  ["low depends on high. No arrow leads there.", sourcePackage("low", { "index.ts": "" }, ["high"])],
  ["high does not import low. Remove the arrow.", sourcePackage("high", { "index.ts": "" })],
  [
    "new has no arrows. Draw them in tools/conventions/arrows.ts and ARCHITECTURE.md.",
    sourcePackage("new", { "index.ts": "" }, []),
  ],
])("%s", (problem, it) => {
  expect(checkPackageArrows([it], arrows)).toEqual([problem]);
});

test("what is no TypeScript is an error that names the file", () => {
  expect(() => parseSource("a.ts", "const = 1;")).toThrow(/^a\.ts: /);
});
