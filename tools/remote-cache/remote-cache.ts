/**
 * Shows on loopback what a remote cache does: a clone builds, another one gets
 * what that has built without a compiler, and builds when the server is gone.
 *
 *     pnpm remote-cache
 *
 * The exit code is 1 if a build or a test failed, or if the second clone built
 * anything itself.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tryRemoteCache } from "./trial.ts";

const folder = mkdtempSync(join(tmpdir(), "wasi-kit-remote-cache-"));
try {
  const { first, second, tests, alone } = await tryRemoteCache(folder, console.log);
  const failed = [first, second, tests, alone].filter(({ exitCode }) => exitCode !== 0);
  for (const { output } of failed) console.error(output);
  const isShared =
    second.modules === 60 && Object.values(second.tasks).every((from) => from === "REMOTE" || from === "LOCAL");
  process.exitCode = failed.length === 0 && isShared ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
