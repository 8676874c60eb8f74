import { readList } from "../binary/reader.ts";
import type { Reader } from "../binary/reader.ts";
import { pageSizeOf, readLimits } from "../binary/limits.ts";
import { hex, UnknownFormError } from "../binary/unknown-form-error.ts";
import type { InspectedMemory } from "./inspection.ts";

/**
 * Types of a core module, read and put into the words of the text format.
 *
 * @see https://webassembly.github.io/spec/core/binary/types.html
 */

const numberTypes: Readonly<Record<number, string>> = {
  0x7f: "i32",
  0x7e: "i64",
  0x7d: "f32",
  0x7c: "f64",
  0x7b: "v128",
};

/** Types within structures and arrays alone. */
const packedTypes: Readonly<Record<number, string>> = { 0x78: "i8", 0x77: "i16" };

const heapTypes: Readonly<Record<number, string>> = {
  0x70: "func",
  0x6f: "extern",
  0x6e: "any",
  0x6d: "eq",
  0x6c: "i31",
  0x6b: "struct",
  0x6a: "array",
  0x69: "exn",
  0x68: "cont",
  0x71: "none",
  0x72: "noextern",
  0x73: "nofunc",
  0x74: "noexn",
  0x75: "nocont",
};

/** References to these that may be null have short names of their own; others are `…ref`. */
const shortNames: Readonly<Record<string, string>> = {
  none: "nullref",
  noextern: "nullexternref",
  nofunc: "nullfuncref",
  noexn: "nullexnref",
  nocont: "nullcontref",
};

/** Reads an entry of the type section, a type or a group of them, and appends it: function types as text, others as null. */
export function readTypes(reader: Reader, types: (string | null)[]): void {
  const offset = reader.at;
  const form = reader.u8();
  if (form !== 0x4e) types.push(readSubtype(reader, offset, form));
  else for (let left = reader.u32(); left > 0; left--) types.push(readSubtype(reader, reader.at, reader.u8()));
}

/** Reads an entry of the type section, and counts its types of structures and arrays, which are in the heap of the engine. */
export function readGcTypes(reader: Reader): number {
  const types: (string | null)[] = [];
  readTypes(reader, types);
  return types.filter((it) => it === null).length;
}

function readSubtype(reader: Reader, offset: number, form: number): string | null {
  if (form !== 0x50 && form !== 0x4f) return readComposite(reader, offset, form);
  readList(reader, (each) => each.u32());
  const at = reader.at;
  return readComposite(reader, at, reader.u8());
}

function readComposite(reader: Reader, offset: number, form: number): string | null {
  switch (form) {
    case 0x60:
      return functionType(readList(reader, readValueType), readList(reader, readValueType));
    case 0x5f:
      readList(reader, readField);
      return null;
    case 0x5e:
      readField(reader);
      return null;
    default:
      throw new UnknownFormError(offset, `a type of the form ${hex(form)}`);
  }
}

const functionType = (parameters: string[], results: string[]): string =>
  `(${parameters.join(", ")}) -> ${results.length === 1 ? results[0] : `(${results.join(", ")})`}`;

function readField(reader: Reader): void {
  const start = reader.at;
  const code = reader.u8();
  if (packedTypes[code] === undefined) readValueTypeOf(reader, start, code);
  readMutability(reader);
}

/** The type of a value. */
function readValueType(reader: Reader): string {
  return readValueTypeOf(reader, reader.at, reader.u8());
}

function readValueTypeOf(reader: Reader, offset: number, code: number): string {
  const number = numberTypes[code];
  if (number) return number;
  if (code === 0x63) return `(ref null ${readHeapType(reader)})`;
  if (code === 0x64) return `(ref ${readHeapType(reader)})`;
  const heap = heapTypes[code];
  if (heap) return shortNames[heap] ?? `${heap}ref`;
  throw new UnknownFormError(offset, `a value type ${hex(code)}`);
}

/** What a reference refers to: a type by its index, or one that has a name. */
function readHeapType(reader: Reader): string {
  const offset = reader.at;
  const number = reader.s64();
  if (number >= 0n) return String(number);
  const name = number >= -64n ? heapTypes[Number(number + 128n)] : undefined;
  if (name) return name;
  throw new UnknownFormError(offset, `a reference to ${hex(Number(BigInt.asUintN(7, number)))}`);
}

/** The type of a global: `"i32"`, `"mut i32"`. */
export function readGlobalType(reader: Reader): string {
  const type = readValueType(reader);
  return `${readMutability(reader)}${type}`;
}

function readMutability(reader: Reader): "" | "mut " {
  const offset = reader.at;
  const mutability = reader.u8();
  if (mutability > 1) throw new UnknownFormError(offset, `a mutability ${hex(mutability)}`);
  return mutability === 1 ? "mut " : "";
}

/** The type of a table: `"funcref, 1 to 10"`. */
export function readTableType(reader: Reader): string {
  const elements = readValueType(reader);
  const { minimum, maximum } = readLimits(reader);
  return `${elements}, ${extentOf(Number(minimum), maximum === undefined ? null : Number(maximum))}`;
}

/** The type of a memory, before it is known what it is imported and exported as. */
export function readMemoryType(reader: Reader): InspectedMemory {
  const limits = readLimits(reader);
  const { minimum, maximum, shared, is64 } = limits;
  const pageBytes = pageSizeOf(limits);
  const minimumPages = Number(minimum);
  const maximumPages = maximum === undefined ? null : Number(maximum);
  return {
    minimumPages,
    maximumPages,
    pageBytes,
    minimumBytes: minimumPages * pageBytes,
    maximumBytes: maximumPages === null ? null : maximumPages * pageBytes,
    shared,
    is64,
    imported: null,
    exported: [],
  };
}

/** A memory's type as text: `"1 to 2 pages"`, `"1 or more pages, shared"`. */
export function memoryType({ minimumPages, maximumPages, pageBytes, shared, is64 }: InspectedMemory): string {
  const extent = extentOf(minimumPages, maximumPages);
  return [
    `${extent} ${extent === "1" ? "page" : "pages"}`,
    ...(pageBytes === defaultPageBytes ? [] : [`${pageBytes} ${pageBytes === 1 ? "byte" : "bytes"} each`]),
    ...(shared ? ["shared"] : []),
    ...(is64 ? ["64-bit"] : []),
  ].join(", ");
}

const extentOf = (minimum: number, maximum: number | null): string =>
  maximum === null ? `${minimum} or more` : minimum === maximum ? `${minimum}` : `${minimum} to ${maximum}`;

const defaultPageBytes = 65_536;
