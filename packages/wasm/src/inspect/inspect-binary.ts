import { MalformedError } from "../binary/malformed-error.ts";
import { isWasm, versions } from "../binary/preamble.ts";
import { createReader } from "../binary/reader.ts";
import { sectionIds } from "../binary/sections.ts";
import { hex, UnknownFormError } from "../binary/unknown-form-error.ts";
import { readComponent } from "./component.ts";
import { readCoreModule } from "./core.ts";
import type { BinaryInspection, SourceLanguage } from "./inspection.ts";
import { sourceLanguage } from "./language.ts";
import type { ByteRange, InspectionState } from "./state.ts";
import { moduleKind, wasiVersions } from "./wasi.ts";

/**
 * Says what a module is, holds and imports, from its bytes alone: it is not
 * compiled, let alone run, and need not be one that this Node.js can run. It is
 * read, not validated: code is not looked at.
 *
 * Bytes that are cut short or broken do not throw: `malformed` says where and
 * how, and the rest is what could be read until there.
 *
 * @example
 * const { kind, imports, exports } = inspectBinary(readFileSync("hello.wasm"));
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */
export function inspectBinary(bytes: Uint8Array): BinaryInspection {
  return inspectRange(bytes, [0, bytes.length], 0);
}

/** How many components may be in one another. Deeper ones are not read. */
const maxDepth = 16;

function inspectRange(bytes: Uint8Array, range: ByteRange, depth: number): BinaryInspection {
  const inspection = createInspection(range);
  const state: InspectionState = { bytes, inspection, functionNames: [], completeSections: new Set() };
  try {
    read(state, range, depth);
  } catch (error) {
    if (error instanceof UnknownFormError) inspection.unknown.push({ offset: error.offset, message: error.message });
    else if (error instanceof MalformedError) inspection.malformed = { offset: error.offset, message: error.message };
    else throw error;
  }
  finalize(state);
  return inspection;
}

function read(state: InspectionState, range: ByteRange, depth: number): void {
  const { bytes, inspection } = state;
  const preamble = createReader(bytes, ...range);
  if (!isWasm(preamble.bytes(4))) throw new MalformedError(range[0], "expected \\0asm, with which a module begins");
  const version = preamble.bytes(4).reduceRight((value, byte) => value * 0x100 + byte, 0);
  if (version === versions.module) return readCoreModule(state, range);
  if (version !== versions.component) {
    throw new MalformedError(preamble.at - 4, `a version ${hex(version)} of WebAssembly, which is not known`);
  }
  inspection.kind = "component";
  readComponent(state, range, (inner) => {
    if (depth === maxDepth)
      throw new UnknownFormError(inner[0], `components in components, more than ${maxDepth} deep`);
    const inside = inspectRange(bytes, inner, depth + 1);
    inspection.modules.push(inside);
    if (inside.malformed) throw new MalformedError(inside.malformed.offset, inside.malformed.message);
  });
}

/** What follows from all that was read. */
function finalize({ bytes, inspection, functionNames, completeSections }: InspectionState): void {
  const { imports, exports, sections, modules, debug } = inspection;
  inspection.wasi = wasiVersions(inspection.kind === "component" ? [...imports, ...exports] : imports);
  if (inspection.kind === null && areExportsKnown(inspection, completeSections))
    inspection.kind = moduleKind(inspection);
  debug.functionNames = functionNames.length;

  const data = sections.find(({ name, custom }) => name === "data" && !custom);
  inspection.language =
    sourceLanguage({
      inspection,
      functionNames,
      data: data ? bytes.subarray(data.offset, data.offset + data.size) : new Uint8Array(),
    }) ?? languageOfModules(modules);
}

function languageOfModules(modules: readonly BinaryInspection[]): SourceLanguage | null {
  const language = modules.find((it) => it.language !== null)?.language;
  return language ? { name: language.name, by: "one of its modules" } : null;
}

/** Whether the exports were read, or there are none. */
function areExportsKnown({ malformed, sections }: BinaryInspection, complete: ReadonlySet<number>): boolean {
  if (complete.has(sectionIds.export)) return true;
  return malformed
    ? afterExports.some((id) => complete.has(id))
    : !sections.some(({ name, custom }) => name === "export" && !custom);
}

/** Sections that come after the exports: once one of them was read, no exports follow. */
const afterExports = [
  sectionIds.start,
  sectionIds.element,
  sectionIds["data count"],
  sectionIds.code,
  sectionIds.data,
] as const;

function createInspection([from, to]: ByteRange): BinaryInspection {
  return {
    kind: null,
    wasi: [],
    language: null,
    size: to - from,
    sections: [],
    counts: { types: 0, functions: 0, tables: 0, memories: 0, globals: 0, tags: 0, dataBytes: 0 },
    memories: [],
    imports: [],
    exports: [],
    start: null,
    producers: {},
    targetFeatures: [],
    debug: { functionNames: 0, dwarf: [], sourceMapUrl: null, externalUrl: null },
    modules: [],
    unknown: [],
    malformed: null,
  };
}
