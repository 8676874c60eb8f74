import { textOf } from "@wasi-kit/wasi";
import type { DescriptorTable } from "@wasi-kit/wasi";
import { rightNames } from "@wasi-kit/wasi/abi";
import { concatBytes, strictUtf8Text, toBase64 } from "../text/bytes.ts";
import type { TracedData, TracedDescriptor, TracedValue } from "./traced-call.ts";

// Single values, as a trace has them.

/** What a descriptor stands for. */
export function descriptorValue(value: number, table: DescriptorTable): TracedDescriptor {
  const fd = value >>> 0;
  const found = table.get(fd);
  if (!found) return { fd };
  if (found.kind === "stream") return { fd, path: found.name };
  const { path, preopen } = found;
  return {
    fd,
    path: path === "" ? preopen.name : `${preopen.name.replace(/\/+$/, "")}/${textOf(path)}`,
    preopen: preopen.name,
  };
}

/** A number if JSON has it exactly, else its digits. */
export const integerValue = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;

/** What is in buffers, of which no more than `maxBytes` are kept. */
export function dataValue(buffers: readonly Uint8Array[], maxBytes: number): TracedData {
  let size = 0;
  for (const { length } of buffers) size += length;
  const kept = firstBytes(maxBytes, buffers);
  // Most often there is one, which need not be copied first.
  const [first = new Uint8Array()] = kept;
  const bytes = kept.length > 1 ? concatBytes(kept) : first;
  const text = strictUtf8Text(bytes);
  return text === undefined ? { size, base64: toBase64(bytes) } : { size, text };
}

/** The first bytes of what is in buffers. */
export function firstBytes(size: number, buffers: readonly Uint8Array[]): readonly Uint8Array[] {
  let left = size;
  if (buffers.length === 1 && buffers[0]!.length <= size) return buffers;
  return buffers.flatMap((buffer) => {
    const part = buffer.subarray(0, left);
    left -= part.length;
    return part.length > 0 ? [part] : [];
  });
}

/** A value that a function of the host got or gave: what JSON does not have, as text. */
export function hostValue(value: unknown): number | string {
  if (typeof value === "bigint") return integerValue(value);
  if (typeof value === "string" || Number.isFinite(value)) return value as number | string;
  return typeof value === "object" && value !== null
    ? "object"
    : typeof value === "function"
      ? "function"
      : String(value);
}

/** The name of a number in one of the ABI's tables; the number itself if it has none. */
export function enumValue(names: Readonly<Record<string, number>>, value: number): string | number {
  for (const name in names) if (names[name] === value) return name;
  return value;
}

/** The flags that are set, by their names; the rest as a number. */
export function flagsValue(names: Readonly<Record<string, number>>, bits: number): readonly TracedValue[] {
  const known = Object.entries(names).filter(([, bit]) => (bits & bit) !== 0);
  const rest = known.reduce((left, [, bit]) => left & ~bit, bits);
  return [...known.map(([name]) => name), ...(rest === 0 ? [] : [rest])];
}

const rightsMask = (1n << BigInt(rightNames.length)) - 1n;

/** The rights that are set, by their names; the rest as a hexadecimal number. */
export const rightsValue: (bits: bigint) => readonly TracedValue[] = memoized((bits: bigint) => {
  const low = Number(bits & rightsMask);
  const rest = BigInt.asUintN(64, bits) & ~rightsMask;
  return [...rightNames.filter((_, i) => low & (1 << i)), ...(rest === 0n ? [] : [`0x${rest.toString(16)}`])];
});

const maxSets = 100;

/** Remembers sets by their bits: a program uses the same few, and `format.ts` remembers how it showed one. */
export function memoized<Bits>(make: (bits: Bits) => readonly TracedValue[]): (bits: Bits) => readonly TracedValue[] {
  const sets = new Map<Bits, readonly TracedValue[]>();
  return (bits) => {
    const known = sets.get(bits);
    if (known) return known;
    const made = make(bits);
    if (sets.size < maxSets) sets.set(bits, made);
    return made;
  };
}
