import { MalformedError } from "../binary/malformed-error.ts";
import { createReader } from "../binary/reader.ts";
import type { Reader } from "../binary/reader.ts";
import { readSections, sectionIds } from "../binary/sections.ts";
import { UnknownFormError } from "../binary/unknown-form-error.ts";
import { readCustomSection } from "./custom.ts";
import type { InspectedSection } from "./inspection.ts";
import type { ByteRange, InspectionState } from "./state.ts";

/** How a section is read. Without `readEntry` and `readAll`, its entries are counted and no more. */
export interface SectionReader<State extends InspectionState> {
  readonly id: number;
  readonly name: string;
  /** Reads one entry of a section that is a list. */
  readonly readEntry?: (reader: Reader, state: State) => void;
  /** Reads a section that is no list. */
  readonly readAll?: (reader: Reader, state: State) => void;
}

/**
 * Reads the sections of a module or a component into its inspection, from its
 * preamble on. A form that is not known is noted, and the rest of its section
 * is left out.
 *
 * @param readers - in the order that the sections must have
 * @throws MalformedError if the format is broken
 */
export function inspectSections<State extends InspectionState>(
  state: State,
  [from, to]: ByteRange,
  readers: readonly SectionReader<State>[],
  order: "ordered" | "any order",
): void {
  const { bytes, inspection, completeSections } = state;
  let last = -1;
  for (const section of readSections(bytes, from, to)) {
    const position = readers.findIndex(({ id }) => id === section.id);
    const reader = readers[position];
    const listed: InspectedSection = {
      name: section.name ?? reader?.name ?? `number ${section.id}`,
      custom: section.id === sectionIds.custom,
      offset: section.start,
      size: section.end - section.start,
      count: null,
    };
    inspection.sections.push(listed);
    if (reader && order === "ordered") {
      if (position <= last) throw new MalformedError(section.start, `the ${reader.name} section is not in its place`);
      last = position;
    }
    try {
      const content = createReader(bytes, section.content, section.end);
      if (listed.custom) readCustomSection(listed.name, content, state);
      else if (reader) readSection(reader, content, state, listed);
      else throw new UnknownFormError(section.start, `a section with the number ${section.id}`);
      completeSections.add(section.id);
    } catch (error) {
      if (!(error instanceof UnknownFormError)) throw error;
      inspection.unknown.push({ offset: error.offset, message: error.message });
    }
  }
}

function readSection<State extends InspectionState>(
  { name, readEntry, readAll }: SectionReader<State>,
  reader: Reader,
  state: State,
  listed: InspectedSection,
): void {
  if (readAll) readAll(reader, state);
  else {
    listed.count = reader.u32();
    if (!readEntry) return;
    for (let left = listed.count; left > 0; left--) readEntry(reader, state);
  }
  if (!reader.isAtEnd) throw new MalformedError(reader.at, `the ${name} section goes on after its content`);
}
