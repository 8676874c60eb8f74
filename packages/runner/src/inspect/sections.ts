import { createReader, MalformedError, readSections } from "../binary.ts";
import type { Reader } from "../binary.ts";
import { readCustomSection } from "./custom.ts";
import type { InspectedSection, Inspection } from "./inspection.ts";
import { NotKnownError } from "./not-known.ts";

/** Where something begins and ends, in bytes from the file's start. */
export type Range = readonly [from: number, to: number];

/** What is being read: its bytes, and what is known of it so far. */
export interface Subject {
  readonly bytes: Uint8Array;
  readonly inspection: Inspection;
  /** The names that its functions have in its `name` section. */
  readonly functionNames: string[];
  /** The numbers of the sections that were read to their ends. */
  readonly done: Set<number>;
}

/** How a section is read. Without `entry` and `whole`, its entries are counted and no more. */
export interface Form<S extends Subject> {
  readonly id: number;
  readonly name: string;
  /** Reads one of its entries. */
  readonly entry?: (reader: Reader, subject: S) => void;
  /** Reads a section that is no list. */
  readonly whole?: (reader: Reader, subject: S) => void;
}

/**
 * Reads the sections of a module or a component from its preamble on. What is
 * not known is noted, and the rest of its section left out.
 *
 * @param forms - in the order that the sections must have
 * @throws MalformedError where the format is broken
 */
export function readSectionsOf<S extends Subject>(
  subject: S,
  [from, to]: Range,
  forms: readonly Form<S>[],
  order: "ordered" | "any order",
): void {
  const { bytes, inspection, done } = subject;
  let last = -1;
  for (const section of readSections(bytes, from, to)) {
    const place = forms.findIndex(({ id }) => id === section.id);
    const form = forms[place];
    const listed: InspectedSection = {
      name: section.name ?? form?.name ?? `number ${section.id}`,
      custom: section.id === 0,
      offset: section.start,
      bytes: section.end - section.start,
      count: null,
    };
    inspection.sections.push(listed);
    if (form && order === "ordered") {
      if (place <= last) throw new MalformedError(section.start, `the ${form.name} section is not in its place`);
      last = place;
    }
    try {
      const reader = createReader(bytes, section.content, section.end);
      if (section.id === 0) readCustomSection(section, reader, subject);
      else if (form) readSection(form, reader, subject, listed);
      else throw new NotKnownError(section.start, `a section with the number ${section.id}`);
      done.add(section.id);
    } catch (error) {
      if (!(error instanceof NotKnownError)) throw error;
      inspection.notKnown.push({ offset: error.offset, message: error.message });
    }
  }
}

function readSection<S extends Subject>(form: Form<S>, reader: Reader, subject: S, listed: InspectedSection): void {
  if (form.whole) form.whole(reader, subject);
  else {
    listed.count = reader.u32();
    if (!form.entry) return;
    for (let left = listed.count; left > 0; left--) form.entry(reader, subject);
  }
  if (!reader.isAtEnd) throw new MalformedError(reader.at, `the ${form.name} section goes on behind its content`);
}
