import { availableParallelism } from "node:os";
import { build } from "./build.ts";
import type { BuildTarget, Built } from "./build.ts";
import type { Language } from "@wasi-kit/manifest";

/** How many builds of a language go on at a time: cargo is a process, the others are compiled in this one. */
const parallel: Readonly<Record<Language, number>> = {
  wat: 1,
  assemblyscript: 1,
  rust: availableParallelism(),
};

/** What came of one build of several. */
export type Ended<T extends BuildTarget> =
  | { target: T; built: Built; milliseconds: number }
  | { target: T; error: unknown };

/**
 * Builds several programs, languages side by side. A compiler is loaded once,
 * whichever builds fail.
 *
 * @param tell - called with each as it ends
 */
export async function buildAll<T extends BuildTarget>(
  targets: readonly T[],
  tell: (ended: Ended<T>) => void,
): Promise<void> {
  const workers = Object.entries(parallel).flatMap(([language, count]) => {
    const waiting = targets.filter((it) => it.language === language).values();
    return Array.from({ length: count }, async () => {
      for (const target of waiting) tell(await buildOne(target));
    });
  });
  await Promise.all(workers);
}

async function buildOne<T extends BuildTarget>(target: T): Promise<Ended<T>> {
  const started = performance.now();
  try {
    const built = await build(target);
    return { target, built, milliseconds: performance.now() - started };
  } catch (error) {
    return { target, error };
  }
}
