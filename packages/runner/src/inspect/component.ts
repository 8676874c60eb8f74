import type { Reader } from "../binary.ts";
import { hex, NotKnownError } from "./not-known.ts";
import { readSectionsOf } from "./sections.ts";
import type { Form, Range, Subject } from "./sections.ts";
import { readList } from "./types.ts";

/** A component while it is read. */
interface Component extends Subject {
  /** Reads a module or a component inside it. */
  readonly readPart: (range: Range) => void;
}

/**
 * Reads a component into its inspection: the names and kinds of what it imports
 * and exports, and its parts. Its own types are not read.
 *
 * @param readPart - reads a module or a component inside it
 * @throws MalformedError where the format is broken; what was read before that is in the inspection
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */
export function readComponent(subject: Subject, range: Range, readPart: (range: Range) => void): void {
  readSectionsOf({ ...subject, readPart }, range, forms, "any order");
}

const forms: readonly Form<Component>[] = [
  { id: 1, name: "core module", whole: nested },
  { id: 2, name: "core instance" },
  { id: 3, name: "core type" },
  { id: 4, name: "component", whole: nested },
  { id: 5, name: "instance" },
  { id: 6, name: "alias" },
  { id: 7, name: "type" },
  { id: 8, name: "canon" },
  { id: 9, name: "start", whole: skip },
  { id: 10, name: "import", entry: readImport },
  { id: 11, name: "export", entry: readExport },
  { id: 12, name: "value" },
];

function skip(reader: Reader): void {
  reader.bytes(reader.end - reader.at);
}

function nested(reader: Reader, { readPart }: Component): void {
  readPart([reader.at, reader.end]);
  skip(reader);
}

const number = (reader: Reader): unknown => reader.u32();

/** What can be imported and exported, and how its type is read over. */
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
  if (byte > 1) throw new NotKnownError(offset, `${what} of the form ${hex(byte)}`);
  return byte;
}

function readKind(reader: Reader): (typeof externTypes)[number] {
  const offset = reader.at;
  const byte = reader.u8();
  const type = externTypes[byte];
  if (!type) throw new NotKnownError(offset, `an import or export of the kind ${hex(byte)}`);
  return type;
}

function readImport(reader: Reader, { inspection }: Component): void {
  const name = readName(reader);
  const type = readKind(reader);
  type.skip(reader);
  inspection.imports.push({ module: null, name, kind: type.kind, signature: null });
}

function readExport(reader: Reader, { inspection }: Component): void {
  const name = readName(reader);
  const { kind } = readKind(reader);
  // What is of core WebAssembly has its own kind in a second byte; only modules can be exported.
  if (kind === "core module") reader.u8();
  reader.u32();
  if (choice(reader, "an export's type") === 1) readKind(reader).skip(reader);
  inspection.exports.push({ name, kind, signature: null });
}

const attributes = { versionSuffix: 1, last: 2 } as const;

/** A name, the rest of its version included where that stands apart: `wasi:cli/run@0.2` and `.3`. */
function readName(reader: Reader): string {
  const offset = reader.at;
  const form = reader.u8();
  if (form > 2) throw new NotKnownError(offset, `a name of the form ${hex(form)}`);
  const name = reader.name();
  if (form < 2) return name;
  const suffixes = readList(reader, (each) => {
    const at = each.at;
    const attribute = each.u8();
    if (attribute > attributes.last) throw new NotKnownError(at, `a name's attribute ${hex(attribute)}`);
    const value = each.name();
    return attribute === attributes.versionSuffix ? value : "";
  });
  return [name, ...suffixes].join("");
}
