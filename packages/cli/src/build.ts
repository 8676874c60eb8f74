import { existsSync } from "node:fs";
import { relative } from "node:path";
import type { BuildTarget, Ended } from "@wasi-kit/compiler";
import { resolveBuild } from "@wasi-kit/manifest";
import type { Example } from "@wasi-kit/manifest";
import { progress, say } from "./say.ts";
import { formatSize, formatTime } from "./format.ts";

/** How many builds ended how. */
export type Count = Record<"built" | "current" | "failed", number>;

/** Builds programs, and says what came of each that was not up to date. */
export async function buildAndTell(targets: readonly BuildTarget[]): Promise<Count> {
  const { buildAll } = await import("@wasi-kit/compiler");
  const count: Count = { built: 0, current: 0, failed: 0 };
  await buildAll(targets, (ended) => {
    progress("");
    count[tell(ended)]++;
    const done = count.built + count.current + count.failed;
    if (done < targets.length) progress(`building: ${done} of ${targets.length} done`);
  });
  return count;
}

function tell(ended: Ended<BuildTarget>): keyof Count {
  if ("error" in ended) {
    const { error } = ended;
    if (!(error instanceof Error && "exitCode" in error)) throw error;
    say("error", error.message);
    return "failed";
  }
  const { size, wasCurrent } = ended.built;
  if (wasCurrent) return "current";
  const module = relative(process.cwd(), ended.target.module);
  say("ok", `built ${module} (${formatSize(size)}, ${formatTime(ended.milliseconds)})`);
  return "built";
}

/**
 * Builds those of some programs that are not up to date, before they are run. A
 * module whose source is not there is run as it is.
 *
 * @returns whether all modules are what their sources make
 */
export async function buildFirst(examples: readonly Example[]): Promise<boolean> {
  const buildable = examples.flatMap((it) => resolveBuild(it) ?? []).filter(({ source }) => existsSync(source));
  if (buildable.length === 0) return true;
  // The compilers are loaded if there is something for them to do.
  const { isCurrent } = await import("@wasi-kit/compiler/current");
  const current = await Promise.all(buildable.map(isCurrent));
  const stale = buildable.filter((_, i) => !current[i]);
  if (stale.length === 0) return true;
  const { failed } = await buildAndTell(stale.map((it) => ({ ...it, log: (line: string) => say("warn", line) })));
  return failed === 0;
}
