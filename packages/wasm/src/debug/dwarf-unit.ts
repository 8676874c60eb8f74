import { MalformedError } from "../binary/malformed-error.ts";
import { createReader } from "../binary/reader.ts";
import type { Reader } from "../binary/reader.ts";

// The units of a line-number section: each is a header and a table.

/** Where the units begin, after their size, and where they end. Stops at one that is cut short. */
export function* readUnits(section: Uint8Array): Generator<{ start: number; end: number }> {
  for (let at = 0; section.length - at >= 4;) {
    const start = at + 4;
    // 7.4: a size of 0xfffffff0 and above announces the 64-bit format, which no compiler writes for 32-bit memories.
    at = start + unsigned(createReader(section, at), 4);
    if (at > section.length) return;
    yield { start, end: at };
  }
}

/** The header of a unit, as far as it is needed. */
export interface LineUnit {
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
export function readHeader(section: Uint8Array, start: number, end: number): LineUnit {
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

/** A number of so many bytes, the lowest first. */
export function unsigned(reader: Reader, size: number): number {
  return reader.bytes(size).reduceRight((value, byte) => value * 0x100 + byte, 0);
}
