import type { Filestat, NewTimes } from "../../fs/file-system.ts";

/** A time that a guest set, and what the host's file shows for it. */
interface KnownTime {
  readonly set: bigint;
  readonly shown: bigint;
}

/** The times that guests set, to the nanosecond. */
export interface ExactTimes {
  /** What the host says of a file, with the times that a guest set. */
  correct(stat: Filestat): Filestat;
  /**
   * Sets times.
   *
   * @param look - asks the host what the file is
   * @param set - has the host set both times, in seconds since 1970
   */
  set(times: NewTimes, look: () => Filestat, set: (atime: number, mtime: number) => void): void;
}

/**
 * `node:fs` takes times as floating seconds, so the host's file gets whole seconds
 * and no more than about a microsecond of the rest. As long as the file shows what
 * the host made of a time, the guest gets back the nanoseconds that it set.
 */
export function createExactTimes(): ExactTimes {
  const known = new Map<string, { atim: KnownTime; mtim: KnownTime }>();

  const correct = (stat: Filestat): Filestat => {
    const times = known.size > 0 ? known.get(keyOf(stat)) : undefined;
    if (!times) return stat;
    return { ...stat, atim: exact(times.atim, stat.atim), mtim: exact(times.mtim, stat.mtim) };
  };

  return {
    correct,
    set(times, look, set) {
      const { atim, mtim } = { ...correct(look()), ...times };
      set(seconds(atim), seconds(mtim));
      const now = look();
      known.set(keyOf(now), { atim: { set: atim, shown: now.atim }, mtim: { set: mtim, shown: now.mtim } });
    },
  };
}

const keyOf = ({ dev, ino }: Filestat): string => `${dev}:${ino}`;

const exact = ({ set, shown }: KnownTime, now: bigint): bigint => (now === shown ? set : now);

const [major = 0, minor = 0] = process.versions.uv.split(".").map(Number);
/** Before 1.52 (Node.js 20 and 22) libuv cuts times to whole microseconds. */
const cutsTimes = major === 1 && minor < 52;

/**
 * The floating seconds that the host's file comes nearest with: numbers of now
 * stand a quarter of a microsecond apart. Where times are cut, a quarter of one
 * more stays in the right microsecond, however the number was rounded.
 */
const seconds = (nanoseconds: bigint): number =>
  cutsTimes
    ? (Number(nanoseconds / 1000n) + 0.25) / 1e6
    : Number(nanoseconds / second) + Number(nanoseconds % second) / 1e9;

const second = 1_000_000_000n;
