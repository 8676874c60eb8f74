import { dirname, join } from "node:path";
import { manifestName, readExample } from "./read.ts";
import type { Example } from "./read.ts";

/** Folders that hold results and other people's code, never examples. */
const ignored = ["**/node_modules/**", "**/target/**", "**/build/**", "**/dist/**"];

/**
 * All examples in a folder and below it, sorted by path. Folders named
 * node_modules, target, build and dist, and hidden ones, are not entered.
 *
 * @throws ManifestError `E_MANIFEST` where one of them is not valid
 */
export async function findExamples(folder: string): Promise<Example[]> {
  const { glob } = await import("tinyglobby");
  const paths = await glob(`**/${manifestName}`, { cwd: folder, ignore: ignored, expandDirectories: false });
  return Promise.all(paths.toSorted().map((path) => readExample(join(folder, dirname(path)))));
}
