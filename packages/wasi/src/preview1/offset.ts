import type { ErrnoName } from "../abi/errno.ts";
import { WasiError } from "../wasi-error.ts";

/**
 * An offset or size of a guest's, in bytes, as a number.
 *
 * @param tooLarge - what one gets that no file can have: beyond 2^53 - 1, or negative for who reads it as signed
 */
export function asOffset(value: bigint, tooLarge: ErrnoName): number {
  const unsigned = BigInt.asUintN(64, value);
  if (unsigned > BigInt(Number.MAX_SAFE_INTEGER)) throw new WasiError(tooLarge);
  return Number(unsigned);
}
