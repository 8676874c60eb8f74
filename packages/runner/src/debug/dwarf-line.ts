import { createReader, MalformedError } from "../binary.ts";
import type { Reader } from "../binary.ts";
import type { Place } from "../frame.ts";

/** Sections that hold text for others. */
type StringSection = ".debug_str" | ".debug_line_str";

/** The content of a section, empty where there is none. */
type StringsOf = (section: StringSection) => Uint8Array;

/** A larger section is not read, since it would take seconds. That of a small program in Rust has 80 kB. */
const mostBytes = 2 ** 24;

/**
 * Finds addresses in the line-number information of DWARF 4 and 5: a table a
 * compilation unit, each packed into a program that writes it row by row. In
 * WebAssembly an address counts from the content of the code section.
 *
 * A unit that makes no sense is passed over. The time taken grows with the size
 * of the section, and no more is kept than a row of it.
 *
 * @param section - `.debug_line`
 * @returns for each address its place, or undefined; a relative file is
 * relative to the folder that the compiler ran in
 * @see https://dwarfstd.org/dwarf5std.html section 6.2, which the numbers below refer to
 * @see https://yurydelendik.github.io/webassembly-dwarf/
 */
export function findLines(
  section: Uint8Array,
  stringsOf: StringsOf,
  addresses: readonly number[],
): (Place | undefined)[] {
  if (section.length > mostBytes) return [];
  const places = new Map<number, Place | undefined>();
  const sorted = addresses.toSorted((a, b) => a - b);
  for (const { start, end } of readUnits(section)) {
    try {
      const unit = readHeader(section, start, end);
      runProgram(section, unit, sorted, (address, row) => {
        // The first row decides, even one that leads nowhere: hostile tables could have any number of them.
        if (places.has(address)) return;
        places.set(address, undefined);
        places.set(
          address,
          toPlace(row, () => fileName(section, unit, row.file, stringsOf)),
        );
      });
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }
  return addresses.map((address) => places.get(address));
}

/** Where units begin, behind their size, and end. Stops at one that is cut short. */
function* readUnits(section: Uint8Array): Generator<{ start: number; end: number }> {
  for (let at = 0; section.length - at >= 4;) {
    const start = at + 4;
    // 7.4: a size of 0xfffffff0 and above announces the 64-bit format, which no compiler writes for 32-bit memories.
    at = start + unsigned(createReader(section, at), 4);
    if (at > section.length) return;
    yield { start, end: at };
  }
}

/** What a unit says of its program. */
interface Unit {
  version: number;
  /** Where the tables of directories and files begin. */
  tables: number;
  /** Where the program begins, and ends. */
  program: number;
  end: number;
  minimumInstructionLength: number;
  lineBase: number;
  lineRange: number;
  /** The first special opcode. */
  opcodeBase: number;
  /** How many numbers follow a standard opcode. */
  operandCounts: Uint8Array;
}

/** 6.2.4, The Line Number Program Header. */
function readHeader(section: Uint8Array, start: number, end: number): Unit {
  const reader = createReader(section, start, end);
  const version = unsigned(reader, 2);
  if (version !== 4 && version !== 5) throw new MalformedError(start, `a line table of version ${version}`);
  if (version === 5) reader.bytes(2); // the sizes of an address, and of a segment selector
  const headerLength = unsigned(reader, 4);
  const program = reader.at + headerLength;
  if (program > end) throw new MalformedError(start, "a header that is larger than its unit");
  const minimumInstructionLength = reader.u8();
  reader.bytes(2); // the most operations in an instruction, which is for other machines; and default_is_stmt
  const lineBase = (reader.u8() << 24) >> 24;
  const lineRange = reader.u8();
  if (lineRange === 0) throw new MalformedError(start, "a line range of 0");
  const opcodeBase = reader.u8();
  const operandCounts = Uint8Array.of(0, ...reader.bytes(Math.max(opcodeBase - 1, 0)));
  const tables = reader.at;
  return { version, tables, program, end, minimumInstructionLength, lineBase, lineRange, opcodeBase, operandCounts };
}

/** 6.2.2, State Machine Registers: those that matter here. */
interface Row {
  address: number;
  file: number;
  line: number;
  column: number;
}

const initial: Row = { address: 0, file: 1, line: 1, column: 0 };

/** 6.2.5.2, Standard Opcodes, and 6.2.5.3, Extended Opcodes: those that matter here. */
const opcode = {
  extended: 0,
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  constAddPc: 8,
  fixedAdvancePc: 9,
} as const;
const extended = { endSequence: 1, setAddress: 2 } as const;

/** Runs a program, and tells the row for each address that lies in what it describes. */
function runProgram(
  section: Uint8Array,
  unit: Unit,
  sorted: readonly number[],
  tell: (address: number, row: Readonly<Row>) => void,
): void {
  const reader = createReader(section, unit.program, unit.end);
  let row = { ...initial };
  let previous: Row | undefined;
  // What a linker removed begins at 0, if it is an older linker. There is the number of functions, and no code.
  let isRemoved = false;

  /** A row holds for all addresses from its own up to the next one's. */
  const append = (): void => {
    if (previous === undefined) isRemoved = row.address === 0;
    else if (!isRemoved && row.address > previous.address) {
      for (let i = firstFrom(sorted, previous.address); sorted[i]! < row.address; i++) tell(sorted[i]!, previous);
    }
    previous = { ...row };
  };
  /** 6.2.5.1, Special Opcodes. */
  const advance = (adjusted: number): void => {
    row.address += Math.floor(adjusted / unit.lineRange) * unit.minimumInstructionLength;
  };
  const standard: Readonly<Record<number, () => void>> = {
    [opcode.copy]: append,
    [opcode.advancePc]: () => (row.address += reader.u32() * unit.minimumInstructionLength),
    [opcode.advanceLine]: () => (row.line += Number(reader.s64())),
    [opcode.setFile]: () => (row.file = reader.u32()),
    [opcode.setColumn]: () => (row.column = reader.u32()),
    [opcode.constAddPc]: () => advance(255 - unit.opcodeBase),
    [opcode.fixedAdvancePc]: () => (row.address += unsigned(reader, 2)),
  };

  while (!reader.isAtEnd) {
    const code = reader.u8();
    if (code >= unit.opcodeBase) {
      advance(code - unit.opcodeBase);
      row.line += unit.lineBase + ((code - unit.opcodeBase) % unit.lineRange);
      append();
    } else if (code === opcode.extended) {
      const size = reader.u32();
      if (size === 0) continue;
      const kind = reader.u8();
      const operand = unsigned(reader, size - 1);
      if (kind === extended.setAddress) row.address = operand;
      if (kind === extended.endSequence) {
        append();
        row = { ...initial };
        previous = undefined;
      }
    } else if (standard[code]) standard[code]();
    else for (let i = 0; i < (unit.operandCounts[code] ?? 0); i++) reader.u64();
  }
}

/** The index of the first number that is not below another. */
function firstFrom(sorted: readonly number[], lowest: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < lowest) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** A line of 0 belongs to no source; a column of 0 is the line's left edge (6.2.2). */
function toPlace({ line, column }: Readonly<Row>, nameFile: () => string | undefined): Place | undefined {
  if (!Number.isSafeInteger(line) || line < 1) return undefined;
  const file = nameFile();
  return file ? { file, line, column: Math.max(column, 1) } : undefined;
}

const longestPath = 4096;

/** A file, or a directory (which lies in none). */
interface Entry {
  path: () => string;
  directory: number;
}

/** The path of a file: its tables are read when one of its rows is wanted, and nothing of them is kept. */
function fileName(section: Uint8Array, unit: Unit, index: number, stringsOf: StringsOf): string | undefined {
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

/** The entry of an index. Reads all there are, since the next table stands behind them. */
function pick(entries: Iterable<Entry | undefined>, index: number): Entry | undefined {
  let [at, found]: [number, Entry | undefined] = [0, undefined];
  for (const entry of entries) if (at++ === index) found = entry;
  return found;
}

/** The two tables of a header, in their order. */
interface Tables {
  directories: (reader: Reader) => Iterable<Entry | undefined>;
  files: (reader: Reader) => Iterable<Entry | undefined>;
}

/** DWARF 4, 6.2.4: lists that end with an empty name, both counted from 1. */
const tables4: Tables = {
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
function tables5(stringsOf: StringsOf): Tables {
  const entries = function* (reader: Reader): Generator<Entry> {
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

/** A number of so many bytes, the lowest first. */
function unsigned(reader: Reader, size: number): number {
  return reader.bytes(size).reduceRight((value, byte) => value * 0x100 + byte, 0);
}

/** A path, which ends with a NUL; one that is longer than a system's can be is cut. */
function text(reader: Reader): string {
  const bytes: number[] = [];
  for (let byte = reader.u8(); byte !== 0; byte = reader.u8()) if (bytes.length < longestPath) bytes.push(byte);
  return Buffer.from(bytes).toString();
}
