import type { RecordedValue } from "./recording.ts";

/** Values between a guest and functions of the host, as JSON has them. An object is known by its number alone. */
export interface HostValues {
  encode(value: unknown): RecordedValue;
  /** What a function returned: none is undefined, and several are an array. */
  encodeResults(result: unknown): RecordedValue[];
  decode(value: RecordedValue): unknown;
  decodeResults(results: readonly RecordedValue[]): unknown;
}

/** Values in which the same object has the same number: in the order in which they are first seen, from 1 on. */
export function createHostValues(): HostValues {
  const numbers = new Map<unknown, number>();
  const objects: unknown[] = [];
  const add = (value: unknown): number => {
    numbers.set(value, objects.push(value));
    return objects.length;
  };
  /** A guest can only pass an object on and compare it, so that any other one will do. */
  const objectOf = (ref: number): unknown => {
    while (objects.length < ref) add({});
    return objects[ref - 1];
  };
  const encode = (value: unknown): RecordedValue => {
    if (value === null) return null;
    if (typeof value === "bigint") return { bigint: `${value}` };
    if (typeof value !== "number") return { ref: numbers.get(value) ?? add(value) };
    if (Object.is(value, -0)) return { number: "-0" };
    return Number.isFinite(value) ? value : { number: `${value}` };
  };
  const decode = (value: RecordedValue): unknown => {
    if (value === null || typeof value === "number") return value;
    if ("bigint" in value) return BigInt(value.bigint);
    return "number" in value ? Number(value.number) : objectOf(value.ref);
  };
  return {
    encode,
    decode,
    encodeResults: (result) => (result === undefined ? [] : Array.isArray(result) ? result : [result]).map(encode),
    decodeResults: (results) => (results.length > 1 ? results.map(decode) : results.map(decode)[0]),
  };
}
