import { resolveBuild } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";

/**
 * Builds a program whose module is not up to date. If its sources are missing,
 * the module is used as it is.
 *
 * @throws BuildError `E_COMPILE`, `E_TOOLCHAIN`
 */
export async function buildIfStale(example: Program): Promise<void> {
  const target = resolveBuild(example);
  if (!target) return;
  const { isCurrent, sourceFiles } = await import("@wasi-kit/compiler/current");
  if ((await sourceFiles(target)).length === 0 || (await isCurrent(target))) return;
  // The compilers take long to load, and most of the time there is nothing to compile.
  const { build } = await import("@wasi-kit/compiler");
  await build({ ...target, log: (line) => console.warn(line) });
}
