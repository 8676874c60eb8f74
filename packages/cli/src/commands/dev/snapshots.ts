import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runChild } from "@wasi-kit/compiler/system";
import { projectCommands } from "@wasi-kit/runner/commands";
import { say } from "../../ui/output.ts";

/** Lets vitest update the snapshots of a program, and prints whether it could. */
export async function updateSnapshots(dir: string): Promise<void> {
  const vitest = findVitest(dir);
  if (vitest === undefined) {
    say(
      "error",
      `vitest is not installed in ${dir}, and writes the snapshots. Type: ${projectCommands(dir).add} vitest`,
    );
    return;
  }
  const { exitCode, stdout, stderr } = await runChild(process.execPath, [vitest, "run", "-u"], { cwd: dir });
  if (exitCode === 0) say("ok", "the snapshots are up to date");
  else say("error", `The snapshots can't be written:\n${(stdout + stderr).trim()}`);
}

function findVitest(dir: string): string | undefined {
  try {
    return join(dirname(createRequire(join(dir, "wasi.json")).resolve("vitest/package.json")), "vitest.mjs");
  } catch {
    return undefined;
  }
}
