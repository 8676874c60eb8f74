import { MalformedError } from "../binary/malformed-error.ts";
import type { SourceLocation } from "./frame.ts";
import { readFileNames } from "./dwarf-files.ts";
import type { StringsOf } from "./dwarf-files.ts";
import { runSequence } from "./dwarf-program.ts";
import type { LineRow } from "./dwarf-program.ts";
import { readHeader, readUnits } from "./dwarf-unit.ts";
import type { LineUnit } from "./dwarf-unit.ts";
import type { FindLocations } from "./find-locations.ts";

/** A larger section is not read, since it would take seconds. That of a small program in Rust has 80 kB. */
const maxBytes = 2 ** 24;
/** How many sequences are kept. One may have as few as eight bytes, and what is kept of it takes many more. */
const maxSequences = 2 ** 18;

/** The rows of a function, or of a part of one. */
interface Sequence {
  readonly unit: LineUnit;
  /** Where it begins in the section. */
  readonly start: number;
  /** The addresses that its rows lie between. */
  readonly lowest: number;
  readonly end: number;
}

/**
 * Reads the line-number information of DWARF 4 and 5: a table a compilation
 * unit, each packed into a program that writes it row by row, in sequences. In
 * WebAssembly an address counts from the content of the code section.
 *
 * No row is kept: all programs are run once, to learn which addresses a sequence
 * covers, and to find an address only those that cover it are run again. A unit
 * that is malformed is skipped.
 *
 * @param section - `.debug_line`
 * @returns finds locations by address; a relative file is relative to the folder that the compiler ran in
 * @see https://dwarfstd.org/dwarf5std.html section 6.2, which the numbers below refer to
 * @see https://yurydelendik.github.io/webassembly-dwarf/
 */
export function readLines(section: Uint8Array, stringsOf: StringsOf): FindLocations {
  const sequences = section.length > maxBytes ? [] : readSequences(section);
  const fileName = readFileNames(section, stringsOf);
  return (addresses) => {
    const locations = new Map<number, SourceLocation | undefined>();
    const sorted = addresses.toSorted((a, b) => a - b);
    for (const { unit, start, lowest, end } of sequences) {
      if (!(sorted[firstFrom(sorted, lowest)]! < end)) continue;
      const onRow = (row: Readonly<LineRow>, until: number): void => {
        for (let i = firstFrom(sorted, row.address); sorted[i]! < until; i++) {
          const address = sorted[i]!;
          // The first row decides, even one that leads nowhere: hostile tables could have any number of them.
          if (locations.has(address)) continue;
          locations.set(address, undefined);
          locations.set(
            address,
            toLocation(row, () => fileName(unit, row.file)),
          );
        }
      };
      skipMalformed(() => runSequence(section, unit, start, onRow));
    }
    return addresses.map((address) => locations.get(address));
  };
}

/** All sequences that cover an address, in their order. */
function readSequences(section: Uint8Array): Sequence[] {
  const sequences: Sequence[] = [];
  for (const bounds of readUnits(section)) {
    skipMalformed(() => {
      const unit = readHeader(section, bounds.start, bounds.end);
      for (let next = unit.program; next < unit.end && sequences.length < maxSequences;) {
        const start = next;
        let [lowest, end] = [Infinity, 0];
        const onRow = (row: Readonly<LineRow>, until: number): void => {
          lowest = Math.min(lowest, row.address);
          end = Math.max(end, until);
        };
        try {
          next = runSequence(section, unit, start, onRow);
        } finally {
          if (lowest < end) sequences.push({ unit, start, lowest, end });
        }
      }
    });
  }
  return sequences;
}

/** Reads what may be malformed, as far as that goes. */
function skipMalformed(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
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
function toLocation(
  { line, column }: Readonly<LineRow>,
  nameFile: () => string | undefined,
): SourceLocation | undefined {
  if (!Number.isSafeInteger(line) || line < 1) return undefined;
  const file = nameFile();
  return file ? { file, line, column: Math.max(column, 1) } : undefined;
}
