import { readdirSync } from "node:fs";
import type { Dirent } from "node:fs";
import { dirname, join } from "node:path";
import { manifestName, readProgram } from "./read.ts";
import type { Program } from "./read.ts";

/** Folders that hold results and other people's code, never programs. */
const ignored: ReadonlySet<string> = new Set(["node_modules", "target", "build", "dist"]);

/**
 * All programs in a folder and below it, sorted by path. Folders named
 * node_modules, target, build and dist, hidden ones and links are not entered.
 *
 * @throws ManifestError `E_MANIFEST` if one of them is not valid
 */
export async function findPrograms(folder: string): Promise<Program[]> {
  const paths = await findManifests(folder);
  return Promise.all(paths.toSorted().map((path) => readProgram(dirname(path))));
}

/** The paths of each wasi.json in a folder and below it, valid or not, in no order. */
export async function findManifests(folder: string): Promise<string[]> {
  return manifestsBelow(folder);
}

const manifestsBelow = (folder: string): string[] =>
  entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === manifestName) return [path];
    const isEntered = entry.isDirectory() && !entry.name.startsWith(".") && !ignored.has(entry.name);
    return isEntered ? manifestsBelow(path) : [];
  });

/** What is in a folder. One that can't be read has nothing. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
