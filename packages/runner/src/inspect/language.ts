import type { Inspection, Language } from "./inspection.ts";

/** What a language is told by. */
export interface Clues {
  readonly inspection: Inspection;
  /** The names of functions, where they were kept. */
  readonly functionNames: readonly string[];
  /** The content of the data section. */
  readonly data: Uint8Array;
}

/**
 * The language that a module was written in, told by what its compiler left
 * behind. Nothing has to be: a module written in the text format has no mark.
 */
export function languageOf(clues: Clues): Language | null {
  for (const [by, find] of marks) {
    const name = find(clues);
    if (name) return { name, by };
  }
  return null;
}

type Find = (clues: Clues) => string | undefined;

/** What tells a language, in words and in code; the first that finds one says which. */
const marks: readonly (readonly [by: string, find: Find])[] = [
  // Before the producers section, in which TinyGo has C99.
  ["functions of TinyGo's runtime", when("Go", hasFunction("tinygo_"))],
  ["its producers section", declaredLanguage],
  ["its imports of Go's runtime", when("Go", hasImport("runtime.wasmExit", "syscall/js."))],
  [
    "its go:buildid section",
    when("Go", ({ inspection }) => inspection.sections.some((it) => it.name === "go:buildid")),
  ],
  ["functions of AssemblyScript's library", when("AssemblyScript", hasFunction("~lib/"))],
  ["its export of AssemblyScript's runtime", when("AssemblyScript", hasExport("__rtti_base"))],
  ["paths of AssemblyScript's library in its data", when("AssemblyScript", hasData(Buffer.from("~lib/", "utf16le")))],
  ["paths of Rust's library in its data", when("Rust", hasData("library/core/src/", "library/std/src/"))],
  ["its compiler, clang", when("C or C++", hasProducer("clang"))],
  ["its imports of Emscripten's runtime", when("C or C++", hasImport("emscripten_"))],
];

/** DWARF has C by its standards: C99, C11, C_plus_plus_14. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^C_plus_plus/, "C++"],
  [/^C\d+$/, "C"],
];

function declaredLanguage({ inspection }: Clues): string | undefined {
  const declared = (inspection.producers["language"] ?? []).map(
    ({ name }) => families.find(([pattern]) => pattern.test(name))?.[1] ?? name,
  );
  // Of several, C and C++ are those of libraries below: Rust's and Swift's own stand on wasi-libc.
  return (
    declared.find((name) => name !== "C" && name !== "C++") ?? declared.find((name) => name === "C++") ?? declared[0]
  );
}

function when(language: string, isSeen: (clues: Clues) => boolean): Find {
  return (clues) => (isSeen(clues) ? language : undefined);
}

function hasFunction(start: string): (clues: Clues) => boolean {
  return ({ functionNames }) => functionNames.some((name) => name.startsWith(start));
}

function hasExport(wanted: string): (clues: Clues) => boolean {
  return ({ inspection }) => inspection.exports.some(({ name }) => name === wanted);
}

function hasImport(...starts: string[]): (clues: Clues) => boolean {
  return ({ inspection }) => inspection.imports.some(({ name }) => starts.some((start) => name.startsWith(start)));
}

function hasProducer(wanted: string): (clues: Clues) => boolean {
  return ({ inspection }) =>
    Object.values(inspection.producers).some((values) => values.some(({ name }) => name.startsWith(wanted)));
}

function hasData(...wanted: (string | Buffer)[]): (clues: Clues) => boolean {
  return ({ data: { buffer, byteOffset, length } }) => {
    const data = Buffer.from(buffer, byteOffset, length);
    return wanted.some((bytes) => data.includes(bytes));
  };
}
