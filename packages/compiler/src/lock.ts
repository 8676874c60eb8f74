import { mkdir } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import lockfile from "proper-lockfile";

/**
 * Runs a task while no other process of this user does one of the same name.
 * The lock of a process that died is taken over after ten seconds.
 *
 * @param log - told once if another process has to be waited for
 */
export async function locked<T>(name: string, log: (line: string) => void, task: () => Promise<T>): Promise<T> {
  const folder = join(tmpdir(), `wasi-kit-${userInfo().username}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const release = await acquire(join(folder, name), log);
  try {
    return await task();
  } finally {
    await release();
  }
}

async function acquire(path: string, log: (line: string) => void): Promise<() => Promise<void>> {
  const options = { realpath: false, stale: 10_000 };
  try {
    return await lockfile.lock(path, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    log("Another build is installing what is missing: waiting for it.");
    return lockfile.lock(path, { ...options, retries: { forever: true, minTimeout: 200, maxTimeout: 1000 } });
  }
}
