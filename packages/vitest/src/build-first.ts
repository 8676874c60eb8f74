import { existsSync } from "node:fs";
import { resolveBuild } from "@wasi-kit/manifest";
import type { Example } from "@wasi-kit/manifest";

/**
 * Builds an example whose module is not up to date. Without its source the
 * module is taken as it is.
 *
 * @throws BuildError `E_COMPILE`, `E_TOOLCHAIN`
 */
export async function buildFirst(example: Example): Promise<void> {
  const target = resolveBuild(example);
  if (!target || !existsSync(target.source)) return;
  const { isCurrent } = await import("@wasi-kit/compiler/current");
  if (await isCurrent(target)) return;
  // The compilers are loaded if there is something for them to do.
  const { build } = await import("@wasi-kit/compiler");
  await build({ ...target, log: (line) => console.warn(line) });
}
