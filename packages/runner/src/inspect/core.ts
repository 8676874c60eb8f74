import { MalformedError } from "../binary.ts";
import type { Reader } from "../binary.ts";
import { skipConstant } from "./constant.ts";
import { hex, NotKnownError } from "./not-known.ts";
import { readSectionsOf } from "./sections.ts";
import type { Form, Range, Subject } from "./sections.ts";
import { memoryType, readGlobalType, readMemoryType, readTableType, readTypes } from "./types.ts";

/** What can be imported and exported, by its number. */
const kinds = ["function", "table", "memory", "global", "tag"] as const;
type Kind = (typeof kinds)[number];

/** A core module while it is read. */
interface Module extends Subject {
  /** Function types as text, by their indices; null for other types. */
  readonly types: (string | null)[];
  /** The types of all there is of a kind, imported ones first; null where one can't be told. */
  readonly spaces: Readonly<Record<Kind, (string | null)[]>>;
  /** What is exported, to be given its type when all are known. */
  readonly exported: { name: string; kind: Kind; index: number }[];
  /** How many data segments were announced. */
  dataCount?: number;
}

/**
 * Reads a core module into its inspection. Code is not read.
 *
 * @throws MalformedError where the format is broken; what was read before that is in the inspection
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export function readCoreModule(subject: Subject, range: Range): void {
  const module: Module = {
    ...subject,
    types: [],
    spaces: { function: [], table: [], memory: [], global: [], tag: [] },
    exported: [],
  };
  try {
    readSectionsOf(module, range, forms, "ordered");
    checkCounts(module, range[1]);
  } finally {
    settle(module);
  }
}

/** The sections, in their order. */
const forms: readonly Form<Module>[] = [
  { id: 1, name: "type", entry: (reader, { types }) => readTypes(reader, types) },
  { id: 2, name: "import", entry: readImport },
  { id: 3, name: "function", entry: (reader, module) => define(module, "function", reader) },
  { id: 4, name: "table", entry: readTable },
  { id: 5, name: "memory", entry: (reader, module) => define(module, "memory", reader) },
  { id: 13, name: "tag", entry: (reader, module) => define(module, "tag", reader) },
  { id: 6, name: "global", entry: readGlobal },
  { id: 7, name: "export", entry: readExport },
  { id: 8, name: "start", whole: (reader, { inspection }) => void (inspection.start = reader.u32()) },
  { id: 9, name: "element" },
  { id: 12, name: "data count", whole: (reader, module) => void (module.dataCount = reader.u32()) },
  { id: 10, name: "code" },
  { id: 11, name: "data", entry: readData },
];

/** How a type of each kind is read, to be shown as text. */
const readType: Readonly<Record<Kind, (reader: Reader, module: Module) => string | null>> = {
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
    if (attribute !== 0) throw new NotKnownError(offset, `a tag with the attribute ${hex(attribute)}`);
    return types[reader.u32()] ?? null;
  },
};

function define(module: Module, kind: Kind, reader: Reader): string | null {
  const signature = readType[kind](reader, module);
  module.spaces[kind].push(signature);
  return signature;
}

function readKind(reader: Reader): Kind {
  const offset = reader.at;
  const number = reader.u8();
  const kind = kinds[number];
  if (!kind) throw new NotKnownError(offset, `an import or export of the kind ${hex(number)}`);
  return kind;
}

function readImport(reader: Reader, module: Module): void {
  const { imports, memories } = module.inspection;
  const from = reader.name();
  const name = reader.name();
  const kind = readKind(reader);
  imports.push({ module: from, name, kind, signature: define(module, kind, reader) });
  const memory = memories.at(-1);
  if (kind === "memory" && memory) memory.imported = { module: from, name };
}

function readTable(reader: Reader, module: Module): void {
  // A table of references that can't be null begins with two bytes, and ends with what it is filled with.
  const isFilled = module.bytes[reader.at] === 0x40;
  if (isFilled) reader.bytes(2);
  define(module, "table", reader);
  if (isFilled) skipConstant(reader);
}

function readGlobal(reader: Reader, module: Module): void {
  define(module, "global", reader);
  skipConstant(reader);
}

function readExport(reader: Reader, { exported }: Module): void {
  exported.push({ name: reader.name(), kind: readKind(reader), index: reader.u32() });
}

/** Bits of the number before a data segment. */
const dataFlags = { passive: 1, memory: 2 } as const;

function readData(reader: Reader, { inspection }: Module): void {
  const offset = reader.at;
  const flags = reader.u32();
  if (flags > 2) throw new NotKnownError(offset, `a data segment of the form ${hex(flags)}`);
  if (flags & dataFlags.memory) reader.u32();
  if (!(flags & dataFlags.passive)) skipConstant(reader);
  inspection.counts.dataBytes += reader.bytes(reader.u32()).length;
}

/** A file that is cut between two sections is told by what is missing. */
function checkCounts({ inspection, spaces, dataCount }: Module, end: number): void {
  const entries = (name: string): number =>
    inspection.sections.find((it) => it.name === name && !it.custom)?.count ?? 0;
  const imported = inspection.imports.filter(({ kind }) => kind === "function").length;
  const own = spaces.function.length - imported;
  if (inspection.notKnown.length === 0 && entries("code") !== own) {
    throw new MalformedError(end, `the code of ${own} functions is announced, and there is that of ${entries("code")}`);
  }
  if (dataCount !== undefined && entries("data") !== dataCount) {
    throw new MalformedError(end, `${dataCount} data segments are announced, and there are ${entries("data")}`);
  }
}

/** What can be said when all is read. */
function settle({ inspection, types, spaces, exported }: Module): void {
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
