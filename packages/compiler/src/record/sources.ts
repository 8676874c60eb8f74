import { existsSync, statSync } from "node:fs";
import type { ResolvedBuild } from "@wasi-kit/manifest";

/** A module, what it is built from and by what. */
export type Buildable = ResolvedBuild & {
  /** Whether it keeps names, files and lines for the frames of a trap. Default: whether it does now. */
  debug?: boolean;
};

/**
 * The files that a module is built from, as far as they are known before a build and are there: the source of a
 * language, or the files that the inputs of a command match. Absolute paths, sorted. Without any there is nothing to
 * build: the module is used as it is.
 */
export async function sourceFiles(buildable: Buildable): Promise<string[]> {
  if (!("command" in buildable)) {
    const { source } = buildable;
    return existsSync(source) && statSync(source).isFile() ? [source] : [];
  }
  const { dir, module, inputs } = buildable;
  const { glob } = await import("tinyglobby");
  const found = await glob(inputs, { cwd: dir, absolute: true, ignore: ["**/node_modules/**"] });
  // A pattern such as * matches what the build itself writes.
  return found.filter((path) => path !== module).toSorted();
}
