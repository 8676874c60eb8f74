import { join, relative } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { startOfCode } from "../../src/binary/start-of-code.ts";
import { assemble } from "../helpers/assemble.ts";
import { leb128, line, lineUnit, pooled, tables4, tables5, withSection } from "../helpers/dwarf.ts";
import { makeTree } from "../helpers/tree.ts";
import { locate } from "../../src/debug/locate.ts";
import { debugFiles } from "../../src/node/debug-files.ts";

const trap = await assemble('(module (func $inner unreachable) (func (export "_start") (call $inner)))');
const code = startOfCode(trap) ?? 0;

const program = [
  ...line.setAddress(2),
  ...line.advanceLine(2),
  ...line.setColumn(3),
  ...line.copy,
  ...line.special(3, 4),
  ...line.special(9, 1),
  ...line.endSequence,
];
const strings = pooled(0x1f);
const dwarf = {
  4: lineUnit(4, program, tables4(["src"], [["main.rs", 1]])),
  5: lineUnit(
    5,
    program,
    tables5(
      ["/home", "src"],
      [
        ["other.rs", 0],
        ["main.rs", 1],
      ],
      strings,
    ),
  ),
} as const;
const withDwarf = (section: Uint8Array): Uint8Array =>
  withSection(withSection(trap, ".debug_line", section), ".debug_line_str", Uint8Array.from(strings.bytes));

/** A module that names its source map. */
const withMap = (url: string, module = trap): Uint8Array =>
  withSection(module, "sourceMappingURL", Uint8Array.from([...leb128(url.length), ...Buffer.from(url)]));
const mapOf = (source: string): string =>
  JSON.stringify({ version: 3, sources: [source], names: [], mappings: "AAEE" });
const inline = (json: string): string => `data:application/json;base64,${Buffer.from(json).toString("base64")}`;

const offsets = [code + 1, code + 2, code + 5, code + 1000];
const rust = { file: "src/main.rs", column: 3 };
const inRust = [undefined, { ...rust, line: 3 }, { ...rust, line: 7 }, undefined];
const inText = offsets.map(() => ({ file: "text.wat", line: 3, column: 3 }));

const compile = (bytes: Uint8Array): WebAssembly.Module => new WebAssembly.Module(bytes as BufferSource);

/** Locates in a module that is loaded from its bytes, as if they had been in a file. */
function find(bytes: Uint8Array, path?: string): ReturnType<typeof locate> {
  return locate({ module: compile(bytes), path, startOfCode: startOfCode(bytes) }, offsets, debugFiles);
}

test.each([4, 5] as const)("DWARF %i, whose addresses count from the content of the code section", (version) => {
  expect(find(withDwarf(dwarf[version]))).toEqual(inRust);
});

test("a source map, which goes before DWARF where it has a place", () => {
  expect(find(withMap(inline(mapOf("text.wat"))))).toEqual(inText);
  const json = JSON.stringify({ version: 3, sources: ["text.wat"], mappings: `${"A".repeat(4)};` });
  expect(find(withMap(inline(json), withDwarf(dwarf[4]))).map((it) => it?.file)).toEqual(offsets.map(() => "text.wat"));
  const empty = JSON.stringify({ version: 3, sources: [], mappings: "" });
  expect(find(withMap(inline(empty), withDwarf(dwarf[4])))).toEqual(inRust);
});

test("of a compiled module without its bytes, the source map is read, and DWARF can't be", () => {
  const compiled = (bytes: Uint8Array): ReturnType<typeof locate> =>
    locate({ module: compile(bytes) }, offsets, debugFiles);
  expect(compiled(withMap(inline(mapOf("text.wat"))))).toEqual(inText);
  expect(compiled(withDwarf(dwarf[4]))).toEqual(offsets.map(() => undefined));
});

test("without files, as in a browser, there are DWARF and the source map that is in the module", () => {
  const found = (bytes: Uint8Array): ReturnType<typeof locate> =>
    locate({ module: compile(bytes), startOfCode: startOfCode(bytes) }, offsets);
  expect(found(withDwarf(dwarf[4]))).toEqual(inRust);
  expect(found(withMap(inline(mapOf("text.wat"))))).toEqual(inText);
  expect(found(withMap("text.wasm.map"))).toEqual(offsets.map(() => undefined));
});

test("a source below the working directory is shown relative to it, another one as it is", () => {
  const folder = makeTree({ "x.wat": "", build: {} });
  const files = (source: string): (string | undefined)[] =>
    find(withMap(inline(mapOf(source))), join(folder, "build/x.wasm")).map((it) => it?.file);
  expect(files("../x.wat")).toEqual(offsets.map(() => join(folder, "x.wat")));
  const here = join(import.meta.dirname, "locate.slow.test.ts");
  expect(files(here)).toEqual(offsets.map(() => relative(process.cwd(), here)));
});

test("a custom section that is called like another kind of section is none", () => {
  const odd = withSection(withSection(withDwarf(dwarf[4]), "code", new Uint8Array(9)), "10", new Uint8Array(9));
  expect(find(odd)).toEqual(inRust);
});

test.each<[what: string, module: Uint8Array]>([
  ["a URL that is cut short", withSection(trap, "sourceMappingURL", Uint8Array.of(100, 1))],
  ["a URL that is empty", withSection(trap, "sourceMappingURL", new Uint8Array())],
  ["a path with a NUL", withMap("a%00b")],
  ["a path that is not escaped as it should be", withMap("%ff")],
  ["a map that is no JSON", withMap(inline("{"))],
  ["a map that is nothing", withMap(inline("null"))],
  ["a map whose sources can't be text", withMap(inline('{"sources":[{"toString":1}],"mappings":"AAAA"}'))],
  [
    "a map with a source of sources",
    withMap(inline(`{"sources":[${"[".repeat(1e5)}${"]".repeat(1e5)}],"mappings":"AAAA"}`)),
  ],
  ["an empty section", withDwarf(new Uint8Array())],
  ["a section that is cut short", withDwarf(dwarf[4].subarray(0, 30))],
  ["a unit larger than its section", withDwarf(dwarf[4].with(3, 0x70))],
])("%s leaves frames without a place", (_, module) => {
  expect(find(module, join(import.meta.dirname, "x.wasm"))).toEqual(offsets.map(() => undefined));
});

// Whoever made the module may have made these sections to make us fail.
test("no change of any bytes makes it throw, or tell a place that is none", () => {
  const change = fc.record({ at: fc.nat(), to: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), size: fc.nat(4) });
  const damage = fc.record({
    version: fc.constantFrom(4, 5),
    changes: fc.array(change, { maxLength: 6 }),
    cut: fc.oneof(fc.constant(0), fc.nat(200)),
  });
  fc.assert(
    fc.property(damage, ({ version, changes, cut }) => {
      const section = Uint8Array.from(dwarf[version as 4 | 5]);
      for (const { at, to, size } of changes) section.fill(to, at % section.length, (at % section.length) + size);
      const places = find(withDwarf(section.subarray(0, Math.max(section.length - cut, 0))));
      expect(places).toHaveLength(offsets.length);
      for (const place of places) expect(place === undefined || (place.file !== "" && place.line > 0)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
