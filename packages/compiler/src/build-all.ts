import { availableParallelism } from "node:os";
import { build } from "./build.ts";
import type { BuildResult } from "./build.ts";
import type { BuildTarget } from "./build-options.ts";
import { languages } from "./languages/index.ts";
import { inParallel } from "./system/in-parallel.ts";

/** A build of several that is over, with its result or its error. */
export type FinishedBuild<T extends BuildTarget> =
  | { target: T; built: BuildResult; milliseconds: number }
  | { target: T; error: unknown };

/**
 * Builds several programs, languages and commands side by side. A compiler is loaded once,
 * whichever builds fail.
 *
 * @param onEnd - called with each as it ends
 */
export async function buildAll<T extends BuildTarget>(
  targets: readonly T[],
  onEnd: (ended: FinishedBuild<T>) => void,
): Promise<void> {
  const queues = [
    ...Object.entries(languages).map(([name, { parallelBuilds }]) => ({
      parallelBuilds,
      its: targets.filter((it) => "language" in it && it.language === name),
    })),
    { parallelBuilds: availableParallelism(), its: targets.filter((it) => "command" in it) },
  ];
  await Promise.all(
    queues.map(({ parallelBuilds, its }) =>
      inParallel(its, parallelBuilds, async (target) => onEnd(await buildOne(target))),
    ),
  );
}

async function buildOne<T extends BuildTarget>(target: T): Promise<FinishedBuild<T>> {
  const started = performance.now();
  try {
    const built = await build(target);
    return { target, built, milliseconds: performance.now() - started };
  } catch (error) {
    return { target, error };
  }
}
