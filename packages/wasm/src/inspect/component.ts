import { readList } from "../binary/reader.ts";
import type { Reader } from "../binary/reader.ts";
import { hex, UnknownFormError } from "../binary/unknown-form-error.ts";
import { inspectSections } from "./read-sections.ts";
import type { SectionReader } from "./read-sections.ts";
import type { ByteRange, InspectionState } from "./state.ts";

/** A component while it is read. */
interface ComponentState extends InspectionState {
  /** Reads a module or a component inside it. */
  readonly readInner: (range: ByteRange) => void;
}

/**
 * Reads a component into its inspection: the names and kinds of what it imports
 * and exports, and the modules in it. Its own types are not read.
 *
 * @param readInner - reads a module or a component inside it
 * @throws MalformedError if the format is broken; what was read before that is in the inspection
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */
export function readComponent(state: InspectionState, range: ByteRange, readInner: (range: ByteRange) => void): void {
  inspectSections({ ...state, readInner }, range, sectionReaders, "any order");
}

const sectionReaders: readonly SectionReader<ComponentState>[] = [
  { id: 1, name: "core module", readAll: nested },
  { id: 2, name: "core instance" },
  { id: 3, name: "core type" },
  { id: 4, name: "component", readAll: nested },
  { id: 5, name: "instance" },
  { id: 6, name: "alias" },
  { id: 7, name: "type" },
  { id: 8, name: "canon" },
  { id: 9, name: "start", readAll: skip },
  { id: 10, name: "import", readEntry: readImport },
  { id: 11, name: "export", readEntry: readExport },
  { id: 12, name: "value" },
];

function skip(reader: Reader): void {
  reader.bytes(reader.end - reader.at);
}

function nested(reader: Reader, { readInner }: ComponentState): void {
  readInner([reader.at, reader.end]);
  skip(reader);
}

const number = (reader: Reader): unknown => reader.u32();

/** What can be imported and exported, and how its type is skipped. */
const externTypes: readonly { kind: string; skip: (reader: Reader) => unknown }[] = [
  {
    kind: "core module",
    skip(reader) {
      reader.u8();
      reader.u32();
    },
  },
  { kind: "function", skip: number },
  { kind: "value", skip: bound((reader) => reader.s64()) },
  { kind: "type", skip: bound(() => {}) },
  { kind: "component", skip: number },
  { kind: "instance", skip: number },
];

/** A bound is another thing's index, or what `read` reads. */
function bound(read: (reader: Reader) => unknown): (reader: Reader) => unknown {
  return (reader) => (choice(reader, "a bound") === 0 ? reader.u32() : read(reader));
}

/** A byte that is 0 or 1. */
function choice(reader: Reader, what: string): number {
  const offset = reader.at;
  const byte = reader.u8();
  if (byte > 1) throw new UnknownFormError(offset, `${what} of the form ${hex(byte)}`);
  return byte;
}

function readKind(reader: Reader): (typeof externTypes)[number] {
  const offset = reader.at;
  const byte = reader.u8();
  const type = externTypes[byte];
  if (!type) throw new UnknownFormError(offset, `an import or export of the kind ${hex(byte)}`);
  return type;
}

function readImport(reader: Reader, { inspection }: ComponentState): void {
  const name = readName(reader);
  const type = readKind(reader);
  type.skip(reader);
  inspection.imports.push({ module: null, name, kind: type.kind, signature: null });
}

function readExport(reader: Reader, { inspection }: ComponentState): void {
  const name = readName(reader);
  const { kind } = readKind(reader);
  // What is of core WebAssembly has its own kind in a second byte; only modules can be exported.
  if (kind === "core module") reader.u8();
  reader.u32();
  if (choice(reader, "an export's type") === 1) readKind(reader).skip(reader);
  inspection.exports.push({ name, kind, signature: null });
}

const attributes = { versionSuffix: 1, last: 2 } as const;

/** A name, with the rest of its version if that is stored separately: `wasi:cli/run@0.2` and `.3`. */
function readName(reader: Reader): string {
  const offset = reader.at;
  const form = reader.u8();
  if (form > 2) throw new UnknownFormError(offset, `a name of the form ${hex(form)}`);
  const name = reader.name();
  if (form < 2) return name;
  const suffixes = readList(reader, (each) => {
    const at = each.at;
    const attribute = each.u8();
    if (attribute > attributes.last) throw new UnknownFormError(at, `a name's attribute ${hex(attribute)}`);
    const value = each.name();
    return attribute === attributes.versionSuffix ? value : "";
  });
  return [name, ...suffixes].join("");
}
