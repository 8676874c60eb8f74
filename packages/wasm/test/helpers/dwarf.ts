/** A module with a custom section at its end. */
export function withSection(module: Uint8Array, name: string, content: Uint8Array): Uint8Array {
  const inside = [...leb128(name.length), ...Buffer.from(name), ...content];
  return Uint8Array.from([...module, 0, ...leb128(inside.length), ...inside]);
}

export function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...leb128(Math.floor(value / 0x80))];
}

/** A number of two or four bytes. */
const u16 = (value: number): number[] => [value & 0xff, value >> 8];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const text = (value: string): number[] => [...Buffer.from(value), 0];

/** Instructions of a line-number program. */
export const line = {
  setAddress: (address: number): number[] => [0, 5, 2, ...u32(address)],
  endSequence: [0, 1, 1],
  copy: [1],
  advancePc: (by: number): number[] => [2, ...leb128(by)],
  advanceLine: (by: number): number[] => [3, by & 0x7f],
  setFile: (index: number): number[] => [4, ...leb128(index)],
  setColumn: (column: number): number[] => [5, ...leb128(column)],
  constAddPc: [8],
  fixedAdvancePc: (by: number): number[] => [9, ...u16(by)],
  /** Goes on by so many bytes and lines, and appends a row. */
  special: (address: number, lines: number): number[] => [address * lineRange + (lines - lineBase) + opcodeBase],
};

// As LLVM has them, and one opcode more: a number of operands for one that nobody knows.
const [lineBase, lineRange, opcodeBase] = [-5, 14, 14];
const operandCounts = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 2];

/** A unit of `.debug_line`. The program of a removed or a hostile one may be anything. */
export function lineUnit(version: number, program: readonly number[], tables: readonly number[]): Uint8Array {
  const header = [
    1,
    ...(version < 4 ? [] : [1]),
    1,
    lineBase & 0xff,
    lineRange,
    opcodeBase,
    ...operandCounts,
    ...tables,
  ];
  const unit = [...u16(version), ...(version < 5 ? [] : [4, 0]), ...u32(header.length), ...header, ...program];
  return Uint8Array.from([...u32(unit.length), ...unit]);
}

/** The tables of version 4: directories, and files with the number of their directory. */
export function tables4(directories: readonly string[], files: readonly [path: string, directory: number][]): number[] {
  return [
    ...directories.flatMap(text),
    0,
    ...files.flatMap(([path, directory]) => [...text(path), ...leb128(directory), 0, 0]),
    0,
  ];
}

/** Those of version 5; `path` is how paths are encoded. */
export function tables5(
  directories: readonly string[],
  files: readonly [path: string, directory: number][],
  path: { form: number; encode: (path: string) => number[] },
): number[] {
  // What an entry consists of: a path; a path, a directory and a checksum.
  const formats = [
    [1, 1, path.form],
    [3, 1, path.form, 2, 0x0b, 5, 0x1e],
  ];
  const checksum = Array.from({ length: 16 }, () => 0xaa);
  const paths = directories.map((it) => path.encode(it));
  const entries = files.map(([name, directory]) => [...path.encode(name), directory, ...checksum]);
  return [paths, entries].flatMap((table, i) => [...formats[i]!, ...leb128(table.length), ...table.flat()]);
}

/** Paths in the tables themselves. */
export const inline = { form: 0x08, encode: text };

/** Paths in a section of strings (0x0e for `.debug_str`, 0x1f for `.debug_line_str`), which is `bytes` in the end. */
export function pooled(form: 0x0e | 0x1f): { form: number; encode: (path: string) => number[]; bytes: number[] } {
  const bytes = text("first");
  const encode = (path: string): number[] => {
    const at = bytes.length;
    bytes.push(...text(path));
    return u32(at);
  };
  return { form, encode, bytes };
}
