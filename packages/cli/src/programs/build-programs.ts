import { relative } from "node:path";
import type { BuildTarget, FinishedBuild } from "@wasi-kit/compiler";
import { isCurrent, sourceFiles } from "@wasi-kit/compiler/current";
import { resolveBuild } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
import { progress, say } from "../ui/output.ts";
import { formatSize, formatTime } from "../ui/format.ts";

/** How many builds ended in which way. */
export type BuildCounts = Record<"built" | "current" | "failed", number> & {
  /** The highest that stands for a failure; 0 if there is none. */
  exitCode: number;
};

/**
 * Builds the programs that are not up to date, and prints a line for each.
 *
 * @param onBuilt - called with each that was built
 */
export async function buildAndReport(
  targets: readonly BuildTarget[],
  onBuilt?: (target: BuildTarget) => void,
): Promise<BuildCounts> {
  const current = await Promise.all(targets.map(async (it) => !it.force && (await isCurrent(it))));
  const stale = targets.filter((_, i) => !current[i]);
  const count: BuildCounts = { built: 0, current: targets.length - stale.length, failed: 0, exitCode: 0 };
  if (stale.length === 0) return count;
  // The compilers are loaded if there is something for them to do.
  const { buildAll } = await import("@wasi-kit/compiler");
  await buildAll(stale, (ended) => {
    progress("");
    if ("error" in ended) {
      count.exitCode = Math.max(count.exitCode, reportFailure(ended.error, ended.target));
      count.failed++;
    } else {
      const how = reportBuild(ended);
      count[how]++;
      if (how === "built") onBuilt?.(ended.target);
    }
    const done = count.built + count.current + count.failed;
    if (done < targets.length) progress(`building: ${done} of ${targets.length} done`);
  });
  return count;
}

/** Prints an error, and returns its exit code. */
function reportFailure(error: unknown, target: BuildTarget): number {
  // The user ended it.
  if (target.signal?.aborted) return 1;
  if (!(error instanceof Error && "exitCode" in error)) throw error;
  say("error", error.message);
  return error.exitCode as number;
}

function reportBuild(ended: Exclude<FinishedBuild<BuildTarget>, { error: unknown }>): "built" | "current" {
  const { size, wasCurrent } = ended.built;
  if (wasCurrent) return "current";
  const module = relative(process.cwd(), ended.target.module);
  say("ok", `built ${module} (${formatSize(size)}, ${formatTime(ended.milliseconds)})`);
  return "built";
}

/**
 * Builds the programs that are not up to date, before they are run. A module
 * whose sources are missing is run as it is.
 *
 * @returns whether all modules are what their sources make
 */
export async function buildStale(programs: readonly Program[]): Promise<boolean> {
  const builds = programs.flatMap((it) => resolveBuild(it) ?? []);
  const files = await Promise.all(builds.map(sourceFiles));
  const targets = builds
    .filter((_, i) => files[i]!.length > 0)
    .map((it) => ({ ...it, log: (line: string) => say("warn", line) }));
  return targets.length === 0 || (await buildAndReport(targets)).failed === 0;
}
