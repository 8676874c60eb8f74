import type { Filestat, NewTimes } from "../../fs/file-system.ts";

/** A time that a guest set, and the time that the host's file has since then. */
interface KnownTime {
  readonly set: bigint;
  readonly shown: bigint;
}

/** The times that guests set, to the nanosecond. */
export interface ExactTimes {
  /** The attributes of a file, with the exact times that a guest set. */
  correct(stat: Filestat): Filestat;
  /**
   * Sets times.
   *
   * @param look - returns the file's attributes on the host
   * @param set - sets both times on the host, in seconds since 1970
   */
  set(times: NewTimes, look: () => Filestat, set: (atime: number, mtime: number) => void): void;
}

/**
 * `node:fs` takes times as floating-point seconds, so the host's file gets a time
 * that is exact to about a microsecond. As long as the file still has that time,
 * the guest reads the nanoseconds that it set.
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
/** Before 1.52 (Node.js 20 and 22) libuv truncates times to microseconds. */
const truncatesTimes = major === 1 && minor < 52;

/**
 * The floating-point seconds that make the host's time the nearest one. Such
 * numbers are a quarter of a microsecond apart. If libuv truncates, adding a quarter
 * of a microsecond keeps the result in the right one, however the number was rounded.
 */
const seconds = (nanoseconds: bigint): number =>
  truncatesTimes
    ? (Number(nanoseconds / 1000n) + 0.25) / 1e6
    : Number(nanoseconds / second) + Number(nanoseconds % second) / 1e9;

const second = 1_000_000_000n;
