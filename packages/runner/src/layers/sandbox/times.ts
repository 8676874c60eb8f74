import { lutimesSync } from "node:fs";
import { CallError } from "../../guest.ts";
import { errno, errnoOf } from "../../preview1/errno.ts";
import { fstflags } from "../../preview1/flags.ts";
import { filestat } from "../../preview1/layouts.ts";
import { scratch } from "../../scratch.ts";

/** A time that a guest set, and what the host's file shows for it. */
interface Kept {
  set: bigint;
  shown: bigint;
}

/** The times that the guest of a run set. */
export interface Times {
  /** Puts the exact times into the attributes that node:wasi left in scratch. */
  correct(): void;
  /**
   * Sets times.
   *
   * @param stat - leaves the attributes in scratch
   * @param path - of the file on the host; `undefined` where it has none any more
   * @param fallback - sets them in whole seconds
   */
  set(
    atim: bigint,
    mtim: bigint,
    flags: number,
    stat: () => number,
    path: Buffer | undefined,
    fallback: () => number,
  ): number;
}

const fields = ["atim", "mtim"] as const;

/**
 * node:wasi sets times in whole seconds, and node:fs in microseconds, from
 * floating seconds; nothing in Node sets nanoseconds. So the host's file gets
 * microseconds, and for the rest of the run the guest is told the nanoseconds
 * that it set, as long as the file still shows what the host made of them.
 */
export function createTimes(): Times {
  const kept = new Map<string, Record<(typeof fields)[number], Kept>>();
  const { view, out } = scratch;
  const read = (field: "dev" | "ino" | "atim" | "mtim"): bigint => view.getBigUint64(out + filestat[field], true);
  const key = (): string => `${read("dev")}:${read("ino")}`;

  const correct = (): void => {
    if (kept.size === 0) return;
    const known = kept.get(key());
    if (!known) return;
    for (const field of fields) {
      const { set, shown } = known[field];
      if (read(field) === shown) view.setBigUint64(out + filestat[field], set, true);
    }
  };

  return {
    correct,
    set(atim, mtim, flags, stat, path, fallback) {
      const { atim: setAtim, atim_now: nowAtim, mtim: setMtim, mtim_now: nowMtim } = fstflags;
      const all = setAtim | nowAtim | setMtim | nowMtim;
      const isBoth = (one: number, other: number): boolean => (flags & one) !== 0 && (flags & other) !== 0;
      if (flags & ~all || isBoth(setAtim, nowAtim) || isBoth(setMtim, nowMtim)) return errno.inval;

      succeed(stat());
      correct();
      const now = BigInt(Date.now()) * 1_000_000n;
      const wanted = {
        atim: flags & setAtim ? BigInt.asUintN(64, atim) : flags & nowAtim ? now : read("atim"),
        mtim: flags & setMtim ? BigInt.asUintN(64, mtim) : flags & nowMtim ? now : read("mtim"),
      };
      if (path) succeed(attempt(() => lutimesSync(path, seconds(wanted.atim), seconds(wanted.mtim))));
      else succeed(fallback());
      succeed(stat());
      kept.set(key(), {
        atim: { set: wanted.atim, shown: read("atim") },
        mtim: { set: wanted.mtim, shown: read("mtim") },
      });
      return errno.success;
    },
  };
}

// A floating number of seconds is off by an eighth of a microsecond, and older versions
// of libuv cut to whole ones: a quarter more stays in the right one either way.
const seconds = (nanoseconds: bigint): number => (Number(nanoseconds / 1000n) + 0.25) / 1e6;

function succeed(code: number): void {
  if (code !== errno.success) throw new CallError(code);
}

/** Calls node:fs, and gives the errno for what it throws. */
export function attempt(call: () => void): number {
  try {
    call();
    return errno.success;
  } catch (error) {
    return errnoOf(error);
  }
}
