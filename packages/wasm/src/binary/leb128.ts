import { MalformedError } from "./malformed-error.ts";

/**
 * Numbers in LEB128: seven bits a byte, the lowest first; the highest bit says that more follow.
 *
 * @see https://webassembly.github.io/spec/core/binary/values.html#integers
 */

/** Encodes an unsigned number. */
export function encodeUnsigned(value: number | bigint): number[] {
  const rest = BigInt(value);
  const low = Number(rest & 0x7fn);
  return rest < 0x80n ? [low] : [low | 0x80, ...encodeUnsigned(rest >> 7n)];
}

/** Where the bytes of a number come from. */
interface ByteSource {
  /** The offset of the next byte, for errors. */
  readonly at: number;
  u8(): number;
}

/**
 * Decodes an unsigned number of at most `bits` bits.
 *
 * @throws MalformedError if it is longer or larger than that
 */
export function decodeUnsigned(source: ByteSource, bits: number): bigint {
  const start = source.at;
  const { value } = decode(source, bits);
  if (value >> BigInt(bits)) throw new MalformedError(start, `a number of more than ${bits} bits`);
  return value;
}

/**
 * Decodes a signed number of at most `bits` bits.
 *
 * @throws MalformedError if it is longer than that
 */
export function decodeSigned(source: ByteSource, bits: number): bigint {
  const { value, size, isNegative } = decode(source, bits);
  return BigInt.asIntN(bits, isNegative ? value - (1n << BigInt(size)) : value);
}

/** The bits of a number, and how many its bytes have room for. */
function decode(source: ByteSource, bits: number): { value: bigint; size: number; isNegative: boolean } {
  let value = 0n;
  for (let shift = 0; ; shift += 7) {
    if (shift >= bits) throw new MalformedError(source.at, `a number of more than ${bits} bits`);
    const byte = source.u8();
    value |= BigInt(byte & 0x7f) << BigInt(shift);
    if (byte < 0x80) return { value, size: shift + 7, isNegative: (byte & 0x40) !== 0 };
  }
}
