import { build } from "./build.ts";
import type { BuildTarget, BuildResult } from "./build.ts";
import { languages } from "./languages/index.ts";

/** A build of several that is over, with its result or its error. */
export type FinishedBuild<T extends BuildTarget> =
  | { target: T; built: BuildResult; milliseconds: number }
  | { target: T; error: unknown };

/**
 * Builds several programs, languages side by side. A compiler is loaded once,
 * whichever builds fail.
 *
 * @param onEnd - called with each as it ends
 */
export async function buildAll<T extends BuildTarget>(
  targets: readonly T[],
  onEnd: (ended: FinishedBuild<T>) => void,
): Promise<void> {
  const workers = Object.entries(languages).flatMap(([language, { parallelBuilds }]) => {
    const waiting = targets.filter((it) => it.language === language).values();
    return Array.from({ length: parallelBuilds }, async () => {
      for (const target of waiting) onEnd(await buildOne(target));
    });
  });
  await Promise.all(workers);
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
