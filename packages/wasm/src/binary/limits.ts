import { encodeUnsigned } from "./leb128.ts";
import { MalformedError } from "./malformed-error.ts";
import type { Reader } from "./reader.ts";
import { hex, UnknownFormError } from "./unknown-form-error.ts";

/** How large a memory or a table is, in pages or entries. */
export interface SizeLimits {
  readonly minimum: bigint;
  /** How far it can grow. Absent: no limit of its own. */
  readonly maximum?: bigint | undefined;
  /** Whether threads can share it. */
  readonly shared: boolean;
  /** Whether its addresses have 64 bits. */
  readonly is64: boolean;
  /** The binary logarithm of the size of a page in bytes. Absent: 16. Only the proposal for custom page sizes has it. */
  readonly pageSizeLog2?: number | undefined;
}

/** The size of a page, unless a memory gives another one. */
const defaultPageSizeLog2 = 16;

/** The size of a page in bytes. */
export const pageSizeOf = ({ pageSizeLog2 = defaultPageSizeLog2 }: SizeLimits): number => 2 ** pageSizeLog2;

/** Bits of the byte before the numbers. */
const flags = { maximum: 1, shared: 2, is64: 4, pageSize: 8 } as const;

/**
 * Reads the limits of a memory or a table.
 *
 * @throws MalformedError, or UnknownFormError for flags that are not known here
 * @see https://webassembly.github.io/spec/core/binary/types.html#limits
 */
export function readLimits(reader: Reader): SizeLimits {
  const offset = reader.at;
  const bits = reader.u8();
  if (bits > 15) throw new UnknownFormError(offset, `limits of the form ${hex(bits)}`);
  const is64 = (bits & flags.is64) !== 0;
  const number = (): bigint => (is64 ? reader.u64() : BigInt(reader.u32()));
  return {
    minimum: number(),
    maximum: bits & flags.maximum ? number() : undefined,
    shared: (bits & flags.shared) !== 0,
    is64,
    pageSizeLog2: bits & flags.pageSize ? readPageSizeLog2(reader) : undefined,
  };
}

function readPageSizeLog2(reader: Reader): number {
  const offset = reader.at;
  const exponent = reader.u32();
  if (exponent > defaultPageSizeLog2) {
    throw new MalformedError(offset, `a page of 2^${exponent} bytes, and the largest has 2^${defaultPageSizeLog2}`);
  }
  return exponent;
}

/** Limits as bytes. */
export function encodeLimits({ minimum, maximum, shared, is64, pageSizeLog2 }: SizeLimits): number[] {
  const bits =
    (maximum === undefined ? 0 : flags.maximum) |
    (shared ? flags.shared : 0) |
    (is64 ? flags.is64 : 0) |
    (pageSizeLog2 === undefined ? 0 : flags.pageSize);
  return [
    bits,
    ...encodeUnsigned(minimum),
    ...(maximum === undefined ? [] : encodeUnsigned(maximum)),
    ...(pageSizeLog2 === undefined ? [] : encodeUnsigned(pageSizeLog2)),
  ];
}
