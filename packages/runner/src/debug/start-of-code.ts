import { MalformedError, readSections } from "../binary.ts";
import type { LoadedModule } from "../module.ts";

const codeSection = 10;

/**
 * Where the content of a module's code section begins in its bytes; undefined
 * where that is not known. A module that the engine reads and this does not
 * runs all the same, without places in traps.
 */
export function startOfCode({ original }: LoadedModule): number | undefined {
  if (!original || "startOfCode" in original) return original?.startOfCode;
  try {
    for (const { id, content } of readSections(original)) if (id === codeSection) return content;
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return undefined;
}
