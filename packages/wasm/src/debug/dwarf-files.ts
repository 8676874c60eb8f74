import { MalformedError } from "../binary/malformed-error.ts";
import { createReader } from "../binary/reader.ts";
import type { Reader } from "../binary/reader.ts";
import { unsigned } from "./dwarf-unit.ts";
import type { LineUnit } from "./dwarf-unit.ts";

/** Sections that hold text for others. */
type StringSection = ".debug_str" | ".debug_line_str";

/** The content of a section; empty if there is no such section. */
export type StringsOf = (section: StringSection) => Uint8Array;

const maxPathBytes = 4096;

/** A file, or a directory, whose `directory` is 0. */
interface FileEntry {
  path: () => string;
  directory: number;
}

/** The path of a file of a unit, by its index. */
export type FileName = (unit: LineUnit, index: number) => string | undefined;

/** Returns a function that gives the paths of files. Each path is read from its unit's tables when it is first needed. */
export function readFileNames(section: Uint8Array, stringsOf: StringsOf): FileName {
  const known = new Map<LineUnit, Map<number, string | undefined>>();
  return (unit, index) => {
    const names = known.get(unit) ?? new Map<number, string | undefined>();
    known.set(unit, names);
    if (!names.has(index)) names.set(index, readFileName(section, unit, index, stringsOf));
    return names.get(index);
  };
}

function readFileName(section: Uint8Array, unit: LineUnit, index: number, stringsOf: StringsOf): string | undefined {
  const tables = unit.version === 5 ? tables5(stringsOf) : tables4;
  const reader = createReader(section, unit.tables, unit.program);
  pick(tables.directories(reader), 0);
  const file = pick(tables.files(reader), index);
  const path = file?.path();
  // The first directory is the one that the compiler ran in.
  if (!file || !path || path.startsWith("/") || file.directory === 0) return path;
  const directory = pick(tables.directories(createReader(section, unit.tables, unit.program)), file.directory);
  return directory && `${directory.path()}/${path}`;
}

/** The entry of an index. Reads all entries, since the next table comes after them. */
function pick(entries: Iterable<FileEntry | undefined>, index: number): FileEntry | undefined {
  let [at, found]: [number, FileEntry | undefined] = [0, undefined];
  for (const entry of entries) if (at++ === index) found = entry;
  return found;
}

/** The two tables of a header, in their order. */
interface FileTables {
  directories: (reader: Reader) => Iterable<FileEntry | undefined>;
  files: (reader: Reader) => Iterable<FileEntry | undefined>;
}

/** DWARF 4, 6.2.4: lists that end with an empty name, both counted from 1. */
const tables4: FileTables = {
  *directories(reader) {
    yield undefined;
    for (let path = text(reader); path !== ""; path = text(reader)) yield { path: () => path, directory: 0 };
  },
  *files(reader) {
    yield undefined;
    for (let path = text(reader); path !== ""; path = text(reader)) {
      yield { path: () => path, directory: Number(reader.u64()) };
      reader.u64(); // when it was changed
      reader.u64(); // its size
    }
  },
};

/** 6.2.4.1, Standard Content Descriptions. */
const contentType = { path: 1, directoryIndex: 2 } as const;

/** 6.2.4: first what each entry consists of, then the entries, counted from 0. */
function tables5(stringsOf: StringsOf): FileTables {
  const entries = function* (reader: Reader): Generator<FileEntry> {
    const format = Array.from({ length: reader.u8() }, () => [reader.u32(), reader.u32()] as const);
    const count = reader.u32();
    // Entries of no bytes at all could be as many as there are numbers.
    if (format.length === 0 && count > 0) throw new MalformedError(reader.at, "entries without a content");
    for (let i = 0; i < count; i++) {
      const entry = { path: () => "", directory: 0 };
      for (const [type, form] of format) {
        const value = readForm(reader, form, stringsOf);
        if (type === contentType.path) entry.path = () => String(value());
        if (type === contentType.directoryIndex) entry.directory = Number(value());
      }
      yield entry;
    }
  };
  return { directories: entries, files: entries };
}

/** Reads what an entry has of a form. Text of other sections is looked up when it is asked for. */
type ReadForm = (reader: Reader, stringsOf: StringsOf) => () => string | number;

/** 7.5.6, Form Encodings: those that 6.2.4.1 allows. */
const forms: Readonly<Record<number, ReadForm>> = {
  0x05: (reader) => constant(unsigned(reader, 2)), // DW_FORM_data2
  0x06: (reader) => constant(unsigned(reader, 4)), // DW_FORM_data4
  0x07: (reader) => constant(unsigned(reader, 8)), // DW_FORM_data8
  0x08: (reader) => constant(text(reader)), // DW_FORM_string
  0x09: (reader) => constant(reader.bytes(reader.u32()).length), // DW_FORM_block
  0x0b: (reader) => constant(reader.u8()), // DW_FORM_data1
  0x0e: (reader, stringsOf) => textAt(unsigned(reader, 4), () => stringsOf(".debug_str")), // DW_FORM_strp
  0x0f: (reader) => constant(Number(reader.u64())), // DW_FORM_udata
  0x1e: (reader) => constant(unsigned(reader, 16)), // DW_FORM_data16
  0x1f: (reader, stringsOf) => textAt(unsigned(reader, 4), () => stringsOf(".debug_line_str")), // DW_FORM_line_strp
};

const constant =
  <T>(value: T) =>
  (): T =>
    value;
const textAt = (offset: number, strings: () => Uint8Array) => (): string => text(createReader(strings(), offset));

function readForm(reader: Reader, form: number, stringsOf: StringsOf): () => string | number {
  const read = forms[form];
  if (!read) throw new MalformedError(reader.at, `a form of ${form}`);
  return read(reader, stringsOf);
}

/** A path, which ends with a NUL; one that is longer than a system's can be is cut. */
function text(reader: Reader): string {
  const bytes: number[] = [];
  for (let byte = reader.u8(); byte !== 0; byte = reader.u8()) if (bytes.length < maxPathBytes) bytes.push(byte);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}
