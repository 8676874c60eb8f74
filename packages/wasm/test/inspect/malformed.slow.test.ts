import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { assemble, wasi } from "../helpers/assemble.ts";
import { custom, file, list, name, section, u32 } from "../helpers/bytes.ts";
import { outside } from "../helpers/outside.ts";
import { inspectBinary } from "../../src/inspect/inspect-binary.ts";
import type { BinaryInspection } from "../../src/inspect/inspection.ts";

const isSearch = process.env["WASI_KIT_FUZZ_RUNS"] !== undefined;
const numRuns = Number(process.env["WASI_KIT_FUZZ_RUNS"] ?? 3000);
// Every test run tries the same bytes; a search asks for more, and tries others.
const seed = isSearch ? {} : { seed: 1 };
const everyNth = isSearch ? 1 : 50;

/** A module with an entry in every section, and little code. */
let small: Uint8Array;

beforeAll(async () => {
  small = await assemble(`(module
    ${wasi({ args_get: "i32 i32", fd_write: "i32 i32 i32 i32", proc_exit: "i32" })}
    (import "env" "shared" (global $shared (mut i32)))
    (memory (export "memory") 1 200)
    (table 2 funcref)
    (global $count (mut i64) (i64.const 300))
    (func $init)
    (func $main (export "_start") (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 0)))
    (start $init)
    (elem (i32.const 0) $init $main)
    (data (i32.const 16) "hello\\n")
    (data "later"))`);
});

test.each(["small", "source-map"] as const)("a module that is cut short: %s", { timeout: 600_000 }, (which) => {
  const whole = which === "small" ? small : outside[which];
  const all = inspectBinary(whole);
  expect(all.malformed).toBeNull();
  // Code is not read: within it, one cut is like another.
  const code = all.sections.find((it) => it.name === "code");
  const isWithin = (size: number): boolean =>
    code !== undefined && size > code.offset + 10 && size < code.offset + code.size;
  const problems: string[] = [];
  for (let size = 4; size < whole.length; size++) {
    if (isWithin(size) && size % everyNth !== 0) continue;
    const cut = whole.subarray(0, size);
    const found = inspectBinary(cut);
    const problem = problemOf(cut, found) ?? notTheStartOf(found, all);
    if (problem) problems.push(`cut at ${size}: ${problem}`);
  }
  expect(problems).toEqual([]);
});

test.each([0, 1, 2, 3])("of %i bytes, nothing tells that it was WebAssembly", (size) => {
  expect(inspectBinary(small.subarray(0, size))).toMatchObject({ kind: null, malformed: { offset: 0 } });
});

test(`${numRuns} modules with bytes that are others`, { timeout: 3_600_000 }, () => {
  const change = fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)));
  const modules = fc
    .tuple(
      fc.constantFrom(small, outside["source-map"].subarray(0, 600)),
      fc.array(change, { minLength: 1, maxLength: 3 }),
    )
    .map(([bytes, changes]) => {
      const changed = Uint8Array.from(bytes);
      for (const [at, byte] of changes) changed[4 + (at % (changed.length - 4))] = byte;
      return changed;
    });
  const property = fc.property(modules, (bytes) => {
    const problem = problemOf(bytes, inspectBinary(bytes));
    if (problem) throw new Error(problem);
  });
  const details = fc.check(property, { numRuns, ...seed });
  expect(details.failed ? fc.defaultReportMessage(details) : "").toBe("");
});

/** What is wrong with what was said of a file. Where this Node.js takes it for a module, it has to agree. */
function problemOf(bytes: Uint8Array, found: BinaryInspection): string | undefined {
  const { imports, exports, sections, malformed, unknown } = found;
  const issue = malformed ?? unknown.at(-1);
  if (issue && !(issue.offset >= 4 && issue.offset <= bytes.length)) return `there is no byte ${issue.offset}`;
  if (malformed === null && sections.reduce((sum, it) => sum + it.size, 8) !== bytes.length)
    return "sections are missing";
  if (!WebAssembly.validate(bytes as BufferSource)) return;
  if (malformed) return `Node.js takes it for valid: ${JSON.stringify(malformed)}`;
  const module = new WebAssembly.Module(bytes as BufferSource);
  const mine = JSON.stringify([
    imports.map((it) => [it.module, it.name, it.kind]),
    exports.map((it) => [it.name, it.kind]),
  ]);
  const theirs = JSON.stringify([
    WebAssembly.Module.imports(module).map((it) => [it.module, it.name, it.kind]),
    WebAssembly.Module.exports(module).map((it) => [it.name, it.kind]),
  ]);
  if (mine !== theirs) return `Node.js finds ${theirs}, and not ${mine}`;
}

/** What a cut file says that the whole one does not. */
function notTheStartOf(found: BinaryInspection, all: BinaryInspection): string | undefined {
  for (const what of ["imports", "exports", "sections"] as const) {
    const start = all[what].slice(0, found[what].length);
    if (what !== "sections" && JSON.stringify(found[what]) !== JSON.stringify(start)) return `other ${what}`;
    if (found[what].length > start.length) return `more ${what}`;
  }
  // The function section announces code, so that nothing short of it can look whole.
  const hasFunctions = found.sections.some((it) => it.name === "function");
  const hasCode = found.sections.some((it) => it.name === "code");
  if (hasFunctions && !hasCode && found.malformed === null) return "looks whole";
  if (found.kind !== null && found.kind !== all.kind && found.malformed) return `is a ${found.kind}`;
}

const emptyFunction = [2, 0, 0x0b];

test.each<[what: string, bytes: Uint8Array, offset: number, message: string]>([
  [
    "a preamble that is cut short",
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0),
    4,
    "expected 4 more bytes, and there are 2",
  ],
  [
    "a version to come",
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0),
    4,
    "a version 0x02 of WebAssembly, which is not known",
  ],
  [
    "a component of an earlier version",
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 12, 0, 1, 0),
    4,
    "a version 0x1000c of WebAssembly, which is not known",
  ],
  [
    "sections in another order",
    file("module", section(3, list()), section(1, list())),
    11,
    "the type section is not in its place",
  ],
  [
    "a section twice",
    file("module", section(1, list()), section(1, list())),
    11,
    "the type section is not in its place",
  ],
  [
    "a section that goes on",
    file("module", section(1, [...list(), 5])),
    11,
    "the type section goes on after its content",
  ],
  [
    "more entries than there are",
    file("module", section(1, [...u32(0xffff_ffff), 0x60, 0, 0])),
    18,
    "expected 1 more bytes, and there are 0",
  ],
  [
    "a name that is not UTF-8",
    file("module", section(2, list([1, 0xff, 1, 0x61, 0, 0]))),
    12,
    "a name that is not UTF-8",
  ],
  ["a custom section without a name", file("module", section(0, [])), 10, "expected 1 more bytes, and there are 0"],
  [
    "a number that is too large",
    file("module", section(8, [0xff, 0xff, 0xff, 0xff, 0x1f])),
    10,
    "a number of more than 32 bits",
  ],
  [
    "a page that is too large",
    file("module", section(5, list([8, 1, 17]))),
    13,
    "a page of 2^17 bytes, and the largest has 2^16",
  ],
  [
    "functions without code",
    file("module", section(1, list([0x60, 0, 0])), section(3, list([0]))),
    18,
    "the code of 1 functions is announced, and there is that of 0",
  ],
  [
    "code without functions",
    file("module", section(10, list(emptyFunction))),
    14,
    "the code of 0 functions is announced, and there is that of 1",
  ],
  [
    "data that is announced and missing",
    file("module", section(12, [2])),
    11,
    "2 data segments are announced, and there are 0",
  ],
])("%s", (_, bytes, offset, message) => {
  expect(WebAssembly.validate(bytes as BufferSource)).toBe(false);
  expect(inspectBinary(bytes)).toMatchObject({ malformed: { offset, message } });
});

test("what stands before the place where a file breaks is told", () => {
  const whole = [
    section(1, list([0x60, 0, 0])),
    section(2, list([...name("wasi_unstable"), ...name("fd_close"), 0, 0])),
  ];
  const found = inspectBinary(file("module", ...whole, section(3, list([0])), [7, 100]));
  expect(found).toMatchObject({
    kind: null,
    wasi: ["wasi_unstable"],
    language: null,
    counts: { functions: 2 },
    imports: [{ name: "fd_close" }],
    exports: [],
  });
});

test("what a file of very many small things says is read once, not over and over", () => {
  const many = 100_000;
  const times = (...entry: number[]): Uint8Array => Buffer.alloc(entry.length * many, Uint8Array.from(entry));
  const bytes = Buffer.concat([
    file("module"),
    largeSection(1, u32(1), [0x4e], u32(many), times(0x60, 0, 0)),
    largeSection(2, u32(many), times(...name("m"), ...name("f"), 0, 0)),
    largeSection(5, list([0, 1])),
    largeSection(7, u32(many), times(...name("e"), 2, 0)),
    times(...custom(".debug_x", [])),
  ]);
  const found = inspectBinary(bytes);
  expect(found.malformed).toBeNull();
  expect(found.counts).toMatchObject({ types: many, functions: many });
  expect(found.imports.length).toBe(many);
  expect(found.memories[0]?.exported.length).toBe(many);
  expect(found.debug.dwarf.length).toBe(many);
});

function largeSection(id: number, ...parts: (readonly number[] | Uint8Array)[]): Uint8Array {
  const content = Buffer.concat(parts.map((part) => Uint8Array.from(part)));
  return Buffer.concat([Uint8Array.of(id, ...u32(content.length)), content]);
}
