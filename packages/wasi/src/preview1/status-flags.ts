import { fdflags } from "../abi/flags.ts";
import { openFlags } from "../fs/file-system.ts";
import { WasiError } from "../wasi-error.ts";

const { append, dsync, nonblock, rsync, sync } = fdflags;

// Reads are synchronized like writes. Files never block, so `nonblock` has no effect.
const statusFlags: readonly (readonly [flag: number, openFlag: number])[] = [
  [append, openFlags.append],
  [dsync, openFlags.dsync],
  [nonblock, 0],
  [rsync, openFlags.sync],
  [sync, openFlags.sync],
];

/** How a file writes, as `openFlags`. @param flags - a set of `fdflags` @throws WasiError `inval` for an unknown one */
export function statusFlagsOf(flags: number): number {
  let open = 0;
  let left = flags;
  for (const [flag, openFlag] of statusFlags) {
    if ((flags & flag) !== 0) open |= openFlag;
    left &= ~flag;
  }
  if (left !== 0) throw new WasiError("inval");
  return open;
}
