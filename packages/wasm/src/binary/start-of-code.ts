import { MalformedError } from "./malformed-error.ts";
import { readSections, sectionIds } from "./sections.ts";

/**
 * Where the content of a module's code section begins, in bytes from the
 * module's start: what the addresses of DWARF count from. `undefined` if it has
 * none, or if the sections can't be read: the engine may read what this does
 * not, and a trap then has no places.
 */
export function startOfCode(module: Uint8Array): number | undefined {
  try {
    for (const { id, content } of readSections(module)) if (id === sectionIds.code) return content;
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return undefined;
}
