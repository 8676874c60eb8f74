import { skipConstant } from "./constant.ts";
import { readLimits } from "./limits.ts";
import type { SizeLimits } from "./limits.ts";
import type { Reader } from "./reader.ts";

/** A table: its size, and where in the module's bytes that is said. What is before it and after it says what the table holds. */
export interface TableEntry {
  readonly size: SizeLimits;
  readonly start: number;
  readonly sizeStart: number;
  readonly sizeEnd: number;
  readonly end: number;
}

/** The codes before a heap type: a reference that can be null, and one that can't. */
const nullableReference = 0x63;
const reference = 0x64;
/** What a table begins with that says what it is filled with. */
const filled = 0x40;

/**
 * Reads an entry of the table section.
 *
 * @throws MalformedError, or UnknownFormError for what is not known here
 * @see https://webassembly.github.io/spec/core/binary/modules.html#table-section
 */
export function readTable(reader: Reader): TableEntry {
  const start = reader.at;
  let type = reader.u8();
  const isFilled = type === filled;
  if (isFilled) {
    reader.u8();
    type = reader.u8();
  }
  if (type === nullableReference || type === reference) reader.s64();
  const sizeStart = reader.at;
  const size = readLimits(reader);
  const sizeEnd = reader.at;
  if (isFilled) skipConstant(reader);
  return { size, start, sizeStart, sizeEnd, end: reader.at };
}
