import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTree } from "../helpers/tree.ts";
import type { SourceLocation } from "../../src/debug/frame.ts";
import { parseSourceMap, textOfDataUrl } from "../../src/debug/source-map.ts";
import { readSourceMap, sourcePath } from "../../src/node/source-map.ts";

// Offset 10 is line 1, column 1 of a; 20 is line 3, column 5 of b; 30 has no source.
const mappings = "UAAA,UCEI,U;";
const map = (more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ version: 3, sources: ["a.wat", "b.wat"], names: [], mappings, ...more });

/** What is found in a map; nothing where it is none. */
const findIn = (json: string, module: string | undefined, offsets: readonly number[]): (SourceLocation | undefined)[] =>
  parseSourceMap(json, (source, root) => sourcePath(source, root, module))?.(offsets) ?? [];

test("an offset has the place of the last one before it that has any", () => {
  const [a, b] = [
    { file: "a.wat", line: 1, column: 1 },
    { file: "b.wat", line: 3, column: 5 },
  ];
  const places = findIn(map(), undefined, [0, 9, 10, 19, 20, 29, 30, 1000]);
  expect(places).toEqual([undefined, undefined, a, a, b, b, undefined, undefined]);
});

test("a second line, which a module does not have, is not taken for the first", () => {
  expect(findIn(map({ mappings: ";UAAA" }), undefined, [5, 10])).toEqual([undefined, undefined]);
});

test("a source is where it was relative to the module, or else shown as the map has it", () => {
  const folder = makeTree({ src: { "a.wat": "" }, build: {} });
  const module = join(folder, "build/module.wasm");
  const files = (json: string): (string | undefined)[] => findIn(json, module, [10, 20]).map((it) => it?.file);
  const there = join(folder, "src/a.wat");
  expect(files(map({ sources: ["../src/a.wat", "~lib/b.ts"] }))).toEqual([there, "~lib/b.ts"]);
  expect(files(map({ sourceRoot: "..", sources: ["src/a.wat", "src/b.wat"] }))).toEqual([there, "src/b.wat"]);
  expect(files(map({ sourceRoot: "../src/", sources: [there, "a.wat"] }))).toEqual([there, there]);
  expect(files(map({ sourceRoot: 7, sources: ["a\0", null] }))).toEqual(["a\0", "null"]);
});

test.each([
  ["in Base64", `data:application/json;base64,${Buffer.from(map()).toString("base64")}`],
  ["with a character set", `data:application/json;charset=utf-8;base64,${Buffer.from(map()).toString("base64")}`],
  ["escaped", `data:application/json,${encodeURIComponent(map())}`],
])("a data: URL, %s", (_, url) => {
  expect(readSourceMap(url, "/module.wasm")).toBeUndefined();
  expect(textOfDataUrl(url)).toBe(map());
});

test("a file in the module's folder", () => {
  const folder = makeTree({ build: { "x y.map": map(), maps: { "x.map": map() } } });
  const module = join(folder, "build/module.wasm");
  for (const url of ["x y.map", "./x%20y.map", "maps/x.map", "maps/../x y.map"]) {
    expect(readSourceMap(url, module)).toBe(map());
  }
  expect(readSourceMap("x y.map", undefined)).toBeUndefined();
});

test.each([
  ["is not there", "missing.map"],
  ["is elsewhere", "../outside.map"],
  ["has an absolute path", "/etc/hostname"],
  ["is a folder", "folder"],
  ["is the folder itself", "."],
  // Reading it would wait for somebody to write.
  ["is a pipe", "pipe"],
  // Reading it would never end.
  ["is a device", "zero"],
  ["is too large", "large.map"],
  ["is on the web", "http://localhost:1/x.map"],
  ["has a file: URL", "file:///etc/hostname"],
])("a file that %s is not read", (_, url) => {
  const folder = makeTree({
    "outside.map": map(),
    build: { folder: {}, zero: { to: "/dev/zero" }, "large.map": " ".repeat(2 ** 23 + 1) },
  });
  execFileSync("sh", ["-c", `mkfifo "${join(folder, "build/pipe")}"`]);
  expect(readSourceMap(url, join(folder, "build/module.wasm"))).toBeUndefined();
});

test.each<[what: string, json: string]>([
  ["without sources", map({ sources: undefined })],
  ["whose sources only have a length", map({ sources: { length: 2 ** 53 } })],
  ["whose mappings are no text", map({ mappings: ["UAAA"] })],
  ["of sections, which are for scripts put together", JSON.stringify({ version: 3, sections: [] })],
  ["that is too large", `${map()}${" ".repeat(2 ** 23)}`],
])("a map %s is empty", (_, json) => {
  expect(findIn(json, undefined, [10])).toEqual([]);
});

test.each(["U", "UZZZ", "UAAAAAAAAAAA", "!!!!", "gggggggg", "é,,,;;;,,", "UDDD,UDDD", "U".repeat(100_000)])(
  "mappings that make no sense lead nowhere: %.20s",
  (nonsense) => {
    const places = findIn(map({ mappings: nonsense }), undefined, [10, 20]);
    for (const place of places) expect(place === undefined || place.line >= 1).toBe(true);
  },
);
