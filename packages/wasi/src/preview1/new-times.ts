import { fstflags } from "../abi/flags.ts";
import type { NewTimes } from "../fs/file-system.ts";
import { WasiError } from "../wasi-error.ts";

const { atim: setAtim, atim_now: nowAtim, mtim: setMtim, mtim_now: nowMtim } = fstflags;
const allFlags = setAtim | nowAtim | setMtim | nowMtim;

/**
 * The times that a guest asks to set.
 *
 * @param flags - a set of `fstflags`
 * @param now - the current time, in nanoseconds
 * @throws WasiError `inval` for flags that are unknown or contradict each other
 */
export function newTimes(atim: bigint, mtim: bigint, flags: number, now: () => bigint): NewTimes {
  const hasBoth = (one: number, other: number): boolean => (flags & one) !== 0 && (flags & other) !== 0;
  if (flags & ~allFlags || hasBoth(setAtim, nowAtim) || hasBoth(setMtim, nowMtim)) throw new WasiError("inval");
  return {
    ...(flags & setAtim ? { atim: BigInt.asUintN(64, atim) } : flags & nowAtim ? { atim: now() } : {}),
    ...(flags & setMtim ? { mtim: BigInt.asUintN(64, mtim) } : flags & nowMtim ? { mtim: now() } : {}),
  };
}
