import { createHash } from "node:crypto";
import { mkdir, rmdir } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { UsageError } from "../../command-line/command.ts";

/**
 * Claims folders for this process: two that build the same module whenever it
 * changes would only be in each other's way.
 *
 * @returns what gives them back
 * @throws UsageError if another process has one of them
 */
export async function claim(folders: readonly string[]): Promise<() => Promise<void>> {
  const place = join(tmpdir(), `wasi-kit-${process.getuid?.() ?? userInfo().username}`);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const releases: (() => Promise<void>)[] = [];
  const release = async (): Promise<void> => {
    for (const it of releases.splice(0)) await it();
    // It stays while others have something there.
    await rmdir(place).catch(() => {});
  };
  for (const folder of folders) {
    const name = `dev-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`;
    try {
      releases.push(await lockfile.lock(join(place, name), { realpath: false, stale: 10_000 }));
    } catch (error) {
      await release();
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      throw new UsageError(
        `Another wasi-kit dev is at work in ${folder}.\nGo on in its terminal, or end it there with q.`,
      );
    }
  }
  return release;
}
