import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** The lock of a process that died can be taken after so many milliseconds. */
const staleMs = 10_000;

/** How long to wait for a lock that another process has before trying again, in milliseconds. */
const waitMs = 200;

/** The folder of this user's locks. */
const folder = (): string => join(tmpdir(), `wasi-kit-${process.getuid?.() ?? userInfo().username}`);

/** Whether a process has a lock of that name, or died while it had it. */
export const isLocked = (name: string): boolean => existsSync(join(folder(), `${name}.lock`));

/** Gives a lock back. */
export type Release = () => Promise<void>;

/**
 * Takes a lock that one process of this user can have at a time.
 *
 * @returns what gives it back; undefined if another process has it
 */
export async function tryLock(name: string): Promise<Release | undefined> {
  const { default: lockfile } = await import("proper-lockfile");
  for (;;) {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    try {
      const release = await lockfile.lock(join(folder(), name), { realpath: false, stale: staleMs });
      return async () => {
        await release();
        try {
          rmdirSync(folder());
        } catch {
          // There are other locks in it, or another process removed it.
        }
      };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ELOCKED") return undefined;
      // Another process removed the folder, as above.
      if (code !== "ENOENT") throw error;
    }
  }
}

/**
 * Runs a task while no other process of this user runs one of the same name.
 *
 * @param log - called once if it has to wait for another process
 */
export async function withLock<T>(name: string, log: (line: string) => void, task: () => Promise<T>): Promise<T> {
  let release = await tryLock(name);
  if (!release) log("Another build is installing what is missing: waiting for it.");
  while (!release) {
    // Not left to proper-lockfile, which would try forever in a folder that is gone.
    await setTimeout(waitMs);
    release = await tryLock(name);
  }
  try {
    return await task();
  } finally {
    await release();
  }
}
