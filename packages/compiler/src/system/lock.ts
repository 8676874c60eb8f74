import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Where this user's locks are. */
const folder = (): string => join(tmpdir(), `wasi-kit-${process.getuid?.() ?? userInfo().username}`);

/** Whether a process runs a task of that name, or died while it did. */
export const isLocked = (name: string): boolean => existsSync(join(folder(), `${name}.lock`));

/**
 * Runs a task while no other process of this user does one of the same name.
 * The lock of a process that died is taken over after ten seconds.
 *
 * @param log - told once if another process has to be waited for
 */
export async function withLock<T>(name: string, log: (line: string) => void, task: () => Promise<T>): Promise<T> {
  await mkdir(folder(), { recursive: true, mode: 0o700 });
  const release = await acquire(join(folder(), name), log);
  try {
    return await task();
  } finally {
    await release();
  }
}

async function acquire(path: string, log: (line: string) => void): Promise<() => Promise<void>> {
  const { default: lockfile } = await import("proper-lockfile");
  const options = { realpath: false, stale: 10_000 };
  try {
    return await lockfile.lock(path, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    log("Another build is installing what is missing: waiting for it.");
    return lockfile.lock(path, { ...options, retries: { forever: true, minTimeout: 200, maxTimeout: 1000 } });
  }
}
