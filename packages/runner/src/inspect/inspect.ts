import { bytesOf } from "@wasi-kit/wasi";
import { createReader, MalformedError } from "../binary.ts";
import { checkMagic, isMagic, moduleName, readModule } from "../module.ts";
import { readComponent } from "./component.ts";
import { readCoreModule } from "./core.ts";
import type { Inspection, Language } from "./inspection.ts";
import { languageOf } from "./language.ts";
import { hex, NotKnownError } from "./not-known.ts";
import type { Range, Subject } from "./sections.ts";
import { capabilitiesOf, kindOf, otherImportsOf, wasiVersions } from "./wasi.ts";

/**
 * Says what a module is, holds and asks for, from its bytes alone: it is not
 * compiled, let alone run, and need not be one that this Node.js can run. It is
 * read, not validated: code is not looked at.
 *
 * A file that is cut short or broken does not throw either: `malformed` says
 * where and how, and the rest is what could be read until there.
 *
 * @param source - the path of a `.wasm` file, or its bytes
 * @throws WasiKitError `E_MODULE_NOT_FOUND`, or `E_NOT_WASM` where the bytes don't begin as WebAssembly does
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export async function inspect(source: string | URL | ArrayBuffer | ArrayBufferView): Promise<Inspection> {
  const name = moduleName(source);
  const bytes = bytesOf(source) ?? readModule(source as string | URL, name);
  checkMagic(bytes, name);
  return inspectBytes(bytes);
}

/** What bytes that begin as a file of WebAssembly does hold. */
export function inspectBytes(bytes: Uint8Array): Inspection {
  return inspectRange(bytes, [0, bytes.length], 0);
}

/** Components hold components; what lies deeper than this is not looked into. */
const deepest = 16;

function inspectRange(bytes: Uint8Array, range: Range, depth: number): Inspection {
  const inspection = createInspection(range);
  const subject: Subject = { bytes, inspection, functionNames: [], done: new Set() };
  try {
    read(subject, range, depth);
  } catch (error) {
    if (error instanceof NotKnownError) inspection.notKnown.push({ offset: error.offset, message: error.message });
    else if (error instanceof MalformedError) inspection.malformed = { offset: error.offset, message: error.message };
    else throw error;
  }
  conclude(subject);
  return inspection;
}

function read(subject: Subject, range: Range, depth: number): void {
  const { bytes, inspection } = subject;
  const preamble = createReader(bytes, ...range);
  if (!isMagic(preamble.bytes(4))) throw new MalformedError(range[0], "expected \\0asm, with which a module begins");
  const kindOfFile = Buffer.from(preamble.bytes(4)).readUInt32LE();
  if (kindOfFile === preambles.module) return readCoreModule(subject, range);
  if (kindOfFile !== preambles.component) {
    throw new MalformedError(preamble.at - 4, `a version ${hex(kindOfFile)} of WebAssembly, which is not known`);
  }
  inspection.kind = "component";
  readComponent(subject, range, (part) => {
    if (depth === deepest) throw new NotKnownError(part[0], `components in components, more than ${deepest} deep`);
    const inside = inspectRange(bytes, part, depth + 1);
    inspection.parts.push(inside);
    if (inside.malformed) throw new MalformedError(inside.malformed.offset, inside.malformed.message);
  });
}

/** The version (16 bits) and the layer (16 bits) in a preamble. */
const preambles = { module: 0x0000_0001, component: 0x0001_000d } as const;

/** What follows from all that was read. */
function conclude({ bytes, inspection, functionNames, done }: Subject): void {
  const { imports, exports, sections, parts, debug } = inspection;
  inspection.wasi = wasiVersions(inspection.kind === "component" ? [...imports, ...exports] : imports);
  if (inspection.kind === null && areExportsKnown(inspection, done)) inspection.kind = kindOf(inspection);
  inspection.capabilities = capabilitiesOf(imports);
  inspection.otherImports = otherImportsOf(imports);
  debug.functionNames = functionNames.length;

  const data = sections.find(({ name, custom }) => name === "data" && !custom);
  inspection.language =
    languageOf({
      inspection,
      functionNames,
      data: data ? bytes.subarray(data.offset, data.offset + data.bytes) : new Uint8Array(),
    }) ?? languageOfParts(parts);
}

function languageOfParts(parts: readonly Inspection[]): Language | null {
  const language = parts.find((part) => part.language !== null)?.language;
  return language ? { name: language.name, by: "one of its parts" } : null;
}

/** Whether the exports were read, or there are none. */
function areExportsKnown({ malformed, sections }: Inspection, done: ReadonlySet<number>): boolean {
  if (done.has(exportSection)) return true;
  return malformed
    ? behindExports.some((id) => done.has(id))
    : !sections.some(({ name, custom }) => name === "export" && !custom);
}

const exportSection = 7;
const behindExports = [8, 9, 10, 11, 12];

function createInspection([from, to]: Range): Inspection {
  return {
    kind: null,
    wasi: [],
    language: null,
    bytes: to - from,
    sections: [],
    counts: { types: 0, functions: 0, tables: 0, memories: 0, globals: 0, tags: 0, dataBytes: 0 },
    memories: [],
    imports: [],
    exports: [],
    capabilities: [],
    otherImports: [],
    start: null,
    producers: {},
    targetFeatures: [],
    debug: { functionNames: 0, dwarf: [], sourceMapUrl: null, externalUrl: null },
    parts: [],
    notKnown: [],
    malformed: null,
  };
}
