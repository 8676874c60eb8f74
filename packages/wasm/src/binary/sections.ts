import { encodeUnsigned } from "./leb128.ts";
import { preambleSize } from "./preamble.ts";
import { createReader } from "./reader.ts";

/**
 * The outer form of a module: its sections. What a section means is for its reader to say.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#sections
 */

/** The sections of a core module, by the names that the specification gives them. */
export const sectionIds = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  "data count": 12,
  tag: 13,
} as const;

/** Where a section is. Offsets are in bytes from the file's start. */
export interface SectionRange {
  /** What kind of section it is: in a core module, one of {@link sectionIds}. */
  readonly id: number;
  /** A custom section's name. */
  readonly name?: string;
  /** Where its header begins. */
  readonly start: number;
  /** Where its content begins; a custom section's, after its name. */
  readonly content: number;
  readonly end: number;
}

/**
 * The sections of a module, in their order. A component holds modules: `from`
 * and `to` are where one of them begins and ends.
 *
 * @throws MalformedError if a section ends beyond the module's end
 */
export function* readSections(module: Uint8Array, from = 0, to: number = module.length): Generator<SectionRange> {
  const reader = createReader(module, from + preambleSize, to);
  while (!reader.isAtEnd) {
    const start = reader.at;
    const id = reader.u8();
    const size = reader.u32();
    const content = reader.at;
    reader.bytes(size);
    const end = reader.at;
    if (id !== sectionIds.custom) yield { id, start, content, end };
    else {
      const inside = createReader(module, content, end);
      const name = inside.name();
      yield { id, name, start, content: inside.at, end };
    }
  }
}

/** A section as bytes: its id, its size and its content. */
export function encodeSection(id: number, content: readonly number[]): Uint8Array {
  return Uint8Array.from([id, ...encodeUnsigned(content.length), ...content]);
}

/**
 * A custom section as bytes, to be put at the end of a module.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#custom-section
 */
export function encodeCustomSection(name: string, content: readonly number[]): Uint8Array {
  return encodeSection(sectionIds.custom, [...encodeName(name), ...content]);
}

/** A text in UTF-8, with its size before it. */
export function encodeName(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...encodeUnsigned(bytes.length), ...bytes];
}
