import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { ManifestError } from "./error.ts";
import { parseManifest } from "./parse.ts";
import type { Manifest } from "./schema.ts";

/** The name of a manifest's file. */
export const manifestName = "wasi.json";

/** A folder with a manifest. */
export interface Program {
  /** The folder, absolute. */
  dir: string;
  /** The folder's name. */
  name: string;
  /** What its wasi.json says. */
  manifest: Manifest;
}

/**
 * Reads and validates the wasi.json of a folder.
 *
 * @throws ManifestError `E_MANIFEST`, with a line for each thing that is wrong
 */
export async function readProgram(folder: string): Promise<Program> {
  const dir = resolve(folder);
  const path = join(folder, manifestName);
  return { dir, name: basename(dir), manifest: await parseManifest(readText(path, folder), path) };
}

function readText(path: string, folder: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      throw new ManifestError(`${path} can't be read (${code}).`, { cause });
    }
    throw new ManifestError(
      `There is no ${manifestName} in ${folder === "." ? "the current folder" : folder}.\nName a folder that has one (\`wasi-kit list\` shows those below the current folder), or have one written: wasi-kit init`,
      { cause },
    );
  }
}
