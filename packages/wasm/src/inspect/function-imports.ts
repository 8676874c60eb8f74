import { MalformedError } from "../binary/malformed-error.ts";
import { createReader, readList } from "../binary/reader.ts";
import type { Reader } from "../binary/reader.ts";
import { readSections, sectionIds } from "../binary/sections.ts";
import { UnknownFormError } from "../binary/unknown-form-error.ts";
import { readGlobalType, readMemoryType, readTableType, readTypes } from "./types.ts";

/** A function that a module imports. */
export interface FunctionImport {
  readonly module: string;
  readonly name: string;
  /** As text: `(i32, i64) -> i32`. */
  readonly signature: string;
}

/**
 * The functions that a module imports, in their order. Nothing after the import
 * section is read, so that it takes a few microseconds, whatever the module's size.
 *
 * @returns undefined if the sections are malformed or have forms that are not known here
 * @see https://webassembly.github.io/spec/core/binary/modules.html#import-section
 */
export function functionImports(module: Uint8Array): FunctionImport[] | undefined {
  const types: (string | null)[] = [];
  try {
    for (const { id, content, end } of readSections(module)) {
      const reader = createReader(module, content, end);
      if (id === sectionIds.type) readList(reader, (it) => readTypes(it, types));
      if (id === sectionIds.import) return readList(reader, (it) => readImport(it, types)).flatMap((it) => it ?? []);
    }
    return [];
  } catch (error) {
    if (error instanceof MalformedError || error instanceof UnknownFormError) return undefined;
    throw error;
  }
}

/** Reads what follows the names of an import that is no function. */
const skipOthers: Readonly<Record<number, (reader: Reader) => unknown>> = {
  1: readTableType,
  2: readMemoryType,
  3: readGlobalType,
  4: (reader) => [reader.u8(), reader.u32()],
};

function readImport(reader: Reader, types: readonly (string | null)[]): FunctionImport | undefined {
  const module = reader.name();
  const name = reader.name();
  const offset = reader.at;
  const kind = reader.u8();
  if (kind !== 0) {
    const skip = skipOthers[kind];
    if (!skip) throw new UnknownFormError(offset, `an import of the kind ${kind}`);
    skip(reader);
    return undefined;
  }
  const signature = types[reader.u32()];
  if (signature === undefined || signature === null) throw new MalformedError(offset, "a function of no type");
  return { module, name, signature };
}
