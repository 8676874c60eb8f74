import {
  createReader,
  encodeName,
  encodeSection,
  encodeUnsigned,
  readList,
  readSections,
  sectionIds,
} from "@wasi-kit/wasm/binary";
import type { SectionRange } from "@wasi-kit/wasm/binary";
import { concatBytes } from "../text/bytes.ts";

/** In the export section: what is exported. */
export const functionKind = 0x00;
export const tableKind = 0x01;

/** Something to export. */
interface AddedExport {
  /** Its name, if no other export has it; it gets underscores else. */
  readonly name: string;
  readonly kind: typeof functionKind | typeof tableKind;
  readonly index: number;
}

/** The sections that come after the export section. */
const laterSections: ReadonlySet<number> = new Set([
  sectionIds.start,
  sectionIds.element,
  sectionIds["data count"],
  sectionIds.code,
  sectionIds.data,
]);

/**
 * Adds exports to a module.
 *
 * @returns the bytes, and the names that the exports have now
 * @throws MalformedError
 * @see https://webassembly.github.io/spec/core/binary/modules.html#export-section
 */
export function addExports(module: Uint8Array, added: readonly AddedExport[]): { bytes: Uint8Array; names: string[] } {
  if (added.length === 0) return { bytes: module, names: [] };
  const sections = [...readSections(module)];
  const found = sections.find(({ id }) => id === sectionIds.export);
  const section = found ?? emptySectionAt(sections.find(({ id }) => laterSections.has(id))?.start ?? module.length);
  const { count, taken, entries } = readExports(module, section);
  const names = added.map(({ name }) => {
    let free = name;
    while (taken.has(free)) free += "_";
    return free;
  });
  const replacement = encodeSection(sectionIds.export, [
    ...encodeUnsigned(count + added.length),
    ...entries,
    ...added.flatMap(({ kind, index }, i) => [...encodeName(names[i] as string), kind, ...encodeUnsigned(index)]),
  ]);
  return {
    bytes: concatBytes([module.subarray(0, section.start), replacement, module.subarray(section.end)]),
    names,
  };
}

const emptySectionAt = (at: number): SectionRange => ({ id: sectionIds.export, start: at, content: at, end: at });

/** The entries of an export section, as bytes, with the names in them. */
function readExports(
  module: Uint8Array,
  { content, end }: SectionRange,
): { count: number; taken: ReadonlySet<string>; entries: Uint8Array } {
  if (content === end) return { count: 0, taken: new Set(), entries: new Uint8Array() };
  const reader = createReader(module, content, end);
  const count = reader.u32();
  const entries = module.subarray(reader.at, end);
  const names = readList(createReader(module, content, end), (it) => {
    const name = it.name();
    it.u8();
    it.u32();
    return name;
  });
  return { count, taken: new Set(names), entries };
}
