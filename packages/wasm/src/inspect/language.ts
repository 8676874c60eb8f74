import type { BinaryInspection, SourceLanguage } from "./inspection.ts";

/** What a compiler may have left its mark in. */
export interface CompiledParts {
  readonly inspection: BinaryInspection;
  /** The names of functions, if the module has them. */
  readonly functionNames: readonly string[];
  /** The content of the data section. */
  readonly data: Uint8Array;
}

/**
 * The language that a module was written in, by what its compiler left in it. A
 * module may have no such mark: one that was written in the text format has none.
 */
export function sourceLanguage(parts: CompiledParts): SourceLanguage | null {
  for (const [by, detect] of marks) {
    const name = detect(parts);
    if (name) return { name, by };
  }
  return null;
}

type Detect = (parts: CompiledParts) => string | undefined;

/** Marks of compilers, in words and in code. The first that is there decides. */
const marks: readonly (readonly [by: string, detect: Detect])[] = [
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
  ["paths of AssemblyScript's library in its data", when("AssemblyScript", hasData("~\0l\0i\0b\0/\0"))],
  ["paths of Rust's library in its data", when("Rust", hasData("library/core/src/", "library/std/src/"))],
  ["its compiler, clang", when("C or C++", hasProducer("clang"))],
  ["its imports of Emscripten's runtime", when("C or C++", hasImport("emscripten_"))],
];

/** DWARF has C by its standards: C99, C11, C_plus_plus_14. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^C_plus_plus/, "C++"],
  [/^C\d+$/, "C"],
];

function declaredLanguage({ inspection }: CompiledParts): string | undefined {
  const declared = (inspection.producers["language"] ?? []).map(
    ({ name }) => families.find(([pattern]) => pattern.test(name))?.[1] ?? name,
  );
  // Of several, C and C++ are those of libraries: Rust and Swift programs are linked with wasi-libc, which is in C.
  return (
    declared.find((name) => name !== "C" && name !== "C++") ?? declared.find((name) => name === "C++") ?? declared[0]
  );
}

function when(language: string, isSeen: (parts: CompiledParts) => boolean): Detect {
  return (parts) => (isSeen(parts) ? language : undefined);
}

function hasFunction(start: string): (parts: CompiledParts) => boolean {
  return ({ functionNames }) => functionNames.some((name) => name.startsWith(start));
}

function hasExport(wanted: string): (parts: CompiledParts) => boolean {
  return ({ inspection }) => inspection.exports.some(({ name }) => name === wanted);
}

function hasImport(...starts: string[]): (parts: CompiledParts) => boolean {
  return ({ inspection }) => inspection.imports.some(({ name }) => starts.some((start) => name.startsWith(start)));
}

function hasProducer(wanted: string): (parts: CompiledParts) => boolean {
  return ({ inspection }) =>
    Object.values(inspection.producers).some((values) => values.some(({ name }) => name.startsWith(wanted)));
}

/** @param wanted - a character for each byte */
function hasData(...wanted: string[]): (parts: CompiledParts) => boolean {
  return ({ data }) => wanted.some((bytes) => includes(data, bytes));
}

function includes(data: Uint8Array, bytes: string): boolean {
  const first = bytes.charCodeAt(0);
  for (let at = data.indexOf(first); at >= 0; at = data.indexOf(first, at + 1)) {
    let i = 1;
    while (i < bytes.length && data[at + i] === bytes.charCodeAt(i)) i++;
    if (i === bytes.length) return true;
  }
  return false;
}
