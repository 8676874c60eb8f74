/** What a module or a component is, holds and imports: plain data, fit for JSON. */
export interface BinaryInspection {
  /** What it is; null if it is malformed, or has an unknown form, before the part that says so. */
  kind: ModuleKind | null;
  /**
   * The versions of WASI that it imports: `"preview1"`, `"wasi_unstable"` (the one before), or a number such as
   * `"0.2.0"`, as the names of interfaces have it (`wasi:cli/environment@0.2.0`). Empty: it imports none.
   */
  wasi: string[];
  /** The language that it was written in, and what shows that; null if nothing does. */
  language: SourceLanguage | null;
  /** In bytes. */
  size: number;
  /** Its sections, in their order. */
  sections: InspectedSection[];
  /** How many there are of what a module holds, imported ones included. A component holds modules instead. */
  counts: EntryCounts;
  /** Its memories, imported ones first. */
  memories: InspectedMemory[];
  /** What it imports, in its order. */
  imports: InspectedImport[];
  /** What it exports, in its order. */
  exports: InspectedExport[];
  /** The index of the function that runs when it is instantiated, before any export is called; null if there is none. */
  start: number | null;
  /** What it was made with, as in its `producers` section: language, processed-by, sdk. */
  producers: Record<string, { name: string; version: string }[]>;
  /** The features of WebAssembly that it was compiled for, as in its `target_features` section: `"+simd128"`. */
  targetFeatures: string[];
  /** What it holds for debuggers and traces. */
  debug: DebugInformation;
  /** The modules and components that a component holds. */
  modules: BinaryInspection[];
  /** Forms that are not known here. What follows one in its section was not read. */
  unknown: BinaryIssue[];
  /** Where it breaks the format, and how; null if it does not. Everything else is what could be read until there. */
  malformed: BinaryIssue | null;
}

/**
 * A `command` is a program: it exports a function `_start`. A `reactor` is a library that uses WASI: it imports it,
 * or exports a function `_initialize`, and has no `_start`. A `module` has nothing to do with WASI, and a `component`
 * is of another format: that of WASI 0.2 and later.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/application-abi.md
 */
export type ModuleKind = "command" | "reactor" | "component" | "module";

/** A language, and what shows that a module was written in it. */
export interface SourceLanguage {
  name: string;
  by: string;
}

/** A section, and its size. */
export interface InspectedSection {
  /** What it is called: `"type"`, `"code"`, …; a custom section's own name. */
  name: string;
  /** Whether it is a custom section. */
  custom: boolean;
  /** Where it begins, in bytes from the file's start. */
  offset: number;
  /** In bytes, its header included. */
  size: number;
  /** How many entries it has; null if it is no list, or is not known. */
  count: number | null;
}

/** How many of each there are. */
export interface EntryCounts {
  types: number;
  functions: number;
  tables: number;
  memories: number;
  globals: number;
  tags: number;
  /** The bytes that memories are given from data segments. */
  dataBytes: number;
}

/** A memory. Numbers above 2^53, which only a 64-bit one can have, are rounded. */
export interface InspectedMemory {
  /** Its size at the start. */
  minimumPages: number;
  /** How far it can grow; null if it sets no limit. */
  maximumPages: number | null;
  /** The size of a page in bytes: 65536, unless it says otherwise. */
  pageBytes: number;
  minimumBytes: number;
  maximumBytes: number | null;
  /** Whether threads can share it. */
  shared: boolean;
  /** Whether its addresses have 64 bits. */
  is64: boolean;
  /** What it is imported as; null if it is defined here. */
  imported: { module: string; name: string } | null;
  /** The names under which it is exported. */
  exported: string[];
}

/** Something that a module imports. */
export interface InspectedImport {
  /** The module that it is from; null in a component, whose imports have one name. */
  module: string | null;
  name: string;
  kind: string;
  /** Its type as text: `"(i32, i32) -> i32"`; null if it is not known, as in a component. */
  signature: string | null;
}

/** Something that a module exports. */
export interface InspectedExport {
  name: string;
  kind: string;
  /** Its type as text: `"(i32, i32) -> i32"`; null if it is not known, as in a component. */
  signature: string | null;
}

/** What there is for debuggers and traces. */
export interface DebugInformation {
  /** How many functions have a name in the `name` section. */
  functionNames: number;
  /** The sections of DWARF, such as `".debug_line"`. */
  dwarf: string[];
  /** Where its source map is. */
  sourceMapUrl: string | null;
  /** Where the rest of its debug information is. */
  externalUrl: string | null;
}

/** A problem at an offset. */
export interface BinaryIssue {
  /** Where, in bytes from the file's start. */
  offset: number;
  message: string;
}
