import type { ErrnoName } from "../abi/errno.ts";
import { WasiError } from "../wasi-error.ts";

/**
 * An offset or size from a guest, in bytes, as a number.
 *
 * @param tooLarge - the errno if no file can be so large: beyond 2^53 - 1, or negative if it is read as signed
 */
export function asOffset(value: bigint, tooLarge: ErrnoName): number {
  const unsigned = BigInt.asUintN(64, value);
  if (unsigned > BigInt(Number.MAX_SAFE_INTEGER)) throw new WasiError(tooLarge);
  return Number(unsigned);
}
