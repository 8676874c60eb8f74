import { skipConstant } from "../binary/constant.ts";
import { MalformedError } from "../binary/malformed-error.ts";
import type { Reader } from "../binary/reader.ts";
import { sectionIds } from "../binary/sections.ts";
import { hex, UnknownFormError } from "../binary/unknown-form-error.ts";
import { inspectSections } from "./read-sections.ts";
import type { SectionReader } from "./read-sections.ts";
import type { ByteRange, InspectionState } from "./state.ts";
import { memoryType, readGlobalType, readMemoryType, readTableType, readTypes } from "./types.ts";

/** What can be imported and exported, by its number. */
const kinds = ["function", "table", "memory", "global", "tag"] as const;
type ExternKind = (typeof kinds)[number];

/** A core module while it is read. */
interface ModuleState extends InspectionState {
  /** Function types as text, by their indices; null for other types. */
  readonly types: (string | null)[];
  /** The types of all definitions of a kind, imported ones first; null if the type is not known. */
  readonly spaces: Readonly<Record<ExternKind, (string | null)[]>>;
  /** What is exported, to be given its type when all are known. */
  readonly exported: { name: string; kind: ExternKind; index: number }[];
  /** How many data segments were announced. */
  dataCount?: number;
}

/**
 * Reads a core module into its inspection. Code is not read.
 *
 * @throws MalformedError if the format is broken; what was read before that is in the inspection
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export function readCoreModule(state: InspectionState, range: ByteRange): void {
  const module: ModuleState = {
    ...state,
    types: [],
    spaces: { function: [], table: [], memory: [], global: [], tag: [] },
    exported: [],
  };
  try {
    inspectSections(module, range, sectionReaders, "ordered");
    checkCounts(module, range[1]);
  } finally {
    finalize(module);
  }
}

/** The sections, in the order that they must have. */
const sectionReaders: readonly SectionReader<ModuleState>[] = [
  section("type", { readEntry: (reader, { types }) => readTypes(reader, types) }),
  section("import", { readEntry: readImport }),
  section("function", { readEntry: (reader, module) => define(module, "function", reader) }),
  section("table", { readEntry: readTable }),
  section("memory", { readEntry: (reader, module) => define(module, "memory", reader) }),
  section("tag", { readEntry: (reader, module) => define(module, "tag", reader) }),
  section("global", { readEntry: readGlobal }),
  section("export", { readEntry: readExport }),
  section("start", { readAll: (reader, { inspection }) => void (inspection.start = reader.u32()) }),
  section("element"),
  section("data count", { readAll: (reader, module) => void (module.dataCount = reader.u32()) }),
  section("code"),
  section("data", { readEntry: readData }),
];

function section(
  name: keyof typeof sectionIds,
  how: Omit<SectionReader<ModuleState>, "id" | "name"> = {},
): SectionReader<ModuleState> {
  return { id: sectionIds[name], name, ...how };
}

/** How a type of each kind is read, to be shown as text. */
const readType: Readonly<Record<ExternKind, (reader: Reader, module: ModuleState) => string | null>> = {
  function: (reader, { types }) => types[reader.u32()] ?? null,
  table: readTableType,
  memory(reader, { inspection }) {
    const memory = readMemoryType(reader);
    inspection.memories.push(memory);
    return memoryType(memory);
  },
  global: readGlobalType,
  tag(reader, { types }) {
    const offset = reader.at;
    const attribute = reader.u8();
    if (attribute !== 0) throw new UnknownFormError(offset, `a tag with the attribute ${hex(attribute)}`);
    return types[reader.u32()] ?? null;
  },
};

function define(module: ModuleState, kind: ExternKind, reader: Reader): string | null {
  const signature = readType[kind](reader, module);
  module.spaces[kind].push(signature);
  return signature;
}

function readKind(reader: Reader): ExternKind {
  const offset = reader.at;
  const number = reader.u8();
  const kind = kinds[number];
  if (!kind) throw new UnknownFormError(offset, `an import or export of the kind ${hex(number)}`);
  return kind;
}

function readImport(reader: Reader, module: ModuleState): void {
  const { imports, memories } = module.inspection;
  const from = reader.name();
  const name = reader.name();
  const kind = readKind(reader);
  imports.push({ module: from, name, kind, signature: define(module, kind, reader) });
  const memory = memories.at(-1);
  if (kind === "memory" && memory) memory.imported = { module: from, name };
}

function readTable(reader: Reader, module: ModuleState): void {
  // A table of references that can't be null begins with two bytes, and ends with what it is filled with.
  const isFilled = module.bytes[reader.at] === 0x40;
  if (isFilled) reader.bytes(2);
  define(module, "table", reader);
  if (isFilled) skipConstant(reader);
}

function readGlobal(reader: Reader, module: ModuleState): void {
  define(module, "global", reader);
  skipConstant(reader);
}

function readExport(reader: Reader, { exported }: ModuleState): void {
  exported.push({ name: reader.name(), kind: readKind(reader), index: reader.u32() });
}

/** Bits of the number before a data segment. */
const dataFlags = { passive: 1, memory: 2 } as const;

function readData(reader: Reader, { inspection }: ModuleState): void {
  const offset = reader.at;
  const flags = reader.u32();
  if (flags > 2) throw new UnknownFormError(offset, `a data segment of the form ${hex(flags)}`);
  if (flags & dataFlags.memory) reader.u32();
  if (!(flags & dataFlags.passive)) skipConstant(reader);
  inspection.counts.dataBytes += reader.bytes(reader.u32()).length;
}

/** A file that was cut between two sections lacks what its earlier sections announce. */
function checkCounts({ inspection, spaces, dataCount }: ModuleState, end: number): void {
  const entries = (name: string): number =>
    inspection.sections.find((it) => it.name === name && !it.custom)?.count ?? 0;
  const imported = inspection.imports.filter(({ kind }) => kind === "function").length;
  const own = spaces.function.length - imported;
  if (inspection.unknown.length === 0 && entries("code") !== own) {
    throw new MalformedError(end, `the code of ${own} functions is announced, and there is that of ${entries("code")}`);
  }
  if (dataCount !== undefined && entries("data") !== dataCount) {
    throw new MalformedError(end, `${dataCount} data segments are announced, and there are ${entries("data")}`);
  }
}

/** What is known once all is read. */
function finalize({ inspection, types, spaces, exported }: ModuleState): void {
  inspection.counts.types = types.length;
  inspection.counts.functions = spaces.function.length;
  inspection.counts.tables = spaces.table.length;
  inspection.counts.memories = spaces.memory.length;
  inspection.counts.globals = spaces.global.length;
  inspection.counts.tags = spaces.tag.length;
  for (const { name, kind, index } of exported) {
    inspection.exports.push({ name, kind, signature: spaces[kind][index] ?? null });
    if (kind === "memory") inspection.memories[index]?.exported.push(name);
  }
}
