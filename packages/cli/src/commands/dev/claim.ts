import { createHash } from "node:crypto";
import { tryLock } from "@wasi-kit/compiler/system";
import type { Release } from "@wasi-kit/compiler/system";
import { UsageError } from "../../command-line/command.ts";

/**
 * Claims folders for this process: two that build the same module whenever it
 * changes would only be in each other's way.
 *
 * @returns what gives them back
 * @throws UsageError if another process has one of them
 */
export async function claim(folders: readonly string[]): Promise<Release> {
  const releases: Release[] = [];
  const release = async (): Promise<void> => {
    for (const it of releases.splice(0)) await it();
  };
  for (const folder of folders) {
    const taken = await tryLock(`dev-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`);
    if (taken) releases.push(taken);
    else {
      await release();
      throw new UsageError(`wasi-kit is at work in ${folder} already.\nGo on in its terminal, or end it there with q.`);
    }
  }
  return release;
}
