import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { hashOf } from "../record/inputs.ts";
import { ownHash } from "../record/own-hash.ts";
import { replaceFile } from "../system/replace-file.ts";

/** A toolchain, with the files that show that it is as it was when it was found: its compiler, its libraries. */
interface Kept {
  readonly files: readonly string[];
}

/** What was found, and its files as they were then. */
interface Remembered<T> {
  toolchain: T;
  stats: (string | null)[];
}

/**
 * Finds a toolchain, or takes what was found before: to ask takes several processes, and a build that has nothing to do
 * should not start one. Another version of this package asks again. What was not found is not remembered.
 *
 * @param language - whose toolchain it is
 * @param decides - what decides on it: commands, variables, settings; if anything there has changed, it is forgotten
 */
export async function rememberToolchain<T extends Kept>(
  language: string,
  decides: unknown,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const folder = await cacheFolder();
  if (folder === undefined) return find();
  const file = join(folder, language, `${hashOf(JSON.stringify([ownHash(), decides]))}.json`);
  const remembered = read<T>(file);
  if (remembered?.toolchain.files.every((path, i) => (statOf(path) ?? null) === remembered.stats[i])) {
    return remembered.toolchain;
  }
  const toolchain = await find();
  if (toolchain) keep(file, { toolchain, stats: toolchain.files.map((path) => statOf(path) ?? null) });
  return toolchain;
}

/** Where wasi-kit keeps what it may lose. Undefined for a user whom the system does not know, who has no home. */
export async function cacheFolder(): Promise<string | undefined> {
  try {
    const { default: envPaths } = await import("env-paths");
    return envPaths("wasi-kit", { suffix: "" }).cache;
  } catch {
    return undefined;
  }
}

function keep(file: string, remembered: Remembered<unknown>): void {
  try {
    replaceFile(file, JSON.stringify(remembered));
  } catch {
    // A home that is not there, or can't be written: then it is looked for each time.
  }
}

function read<T extends Kept>(file: string): Remembered<T> | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Remembered<T>;
  } catch {
    return undefined;
  }
}

/** A file's size and time: a compiler is too large to be read for this. Undefined if there is none that this user can see. */
export function statOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats && `${stats.size} ${stats.mtimeMs}`;
  } catch {
    return undefined;
  }
}
