import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import * as v from "valibot";
import { ManifestError } from "./error.ts";
import { manifestSchema } from "./schema.ts";
import type { Manifest } from "./schema.ts";

/** The name of a manifest's file. */
export const manifestName = "wasi.json";

/** A folder with a manifest. */
export interface Example {
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
export async function readExample(folder: string): Promise<Example> {
  const dir = resolve(folder);
  const path = join(folder, manifestName);
  return { dir, name: basename(dir), manifest: await parseManifest(await readText(path, folder), path) };
}

/**
 * Parses and validates the text of a manifest.
 *
 * @param path - how messages call the file
 * @throws ManifestError `E_MANIFEST`
 */
export async function parseManifest(text: string, path: string): Promise<Manifest> {
  const parsed = v.safeParse(manifestSchema, parseJson(text, path));
  if (parsed.success) return parsed.output;
  const { describeIssues } = await import("./issues.ts");
  throw new ManifestError(
    describeIssues(parsed.issues)
      .map((line) => `${path}: ${line}`)
      .join("\n"),
  );
}

async function readText(path: string, folder: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      throw new ManifestError(`${path} can't be read (${code}).`, { cause });
    }
    throw new ManifestError(
      `There is no ${manifestName} in ${folder}.\nName a folder that has one; \`wasi-kit list\` shows those below the current folder.`,
      { cause },
    );
  }
}

function parseJson(text: string, path: string): unknown {
  const json = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(json);
  } catch (cause) {
    const { message } = cause as SyntaxError;
    // Where the engine names no position, the text ended too early.
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? json.length);
    const before = json.slice(0, offset).split("\n");
    const what = message.replace(/ in JSON at position.*/, "").replace("JSON input", "the file");
    throw new ManifestError(
      `${path}:${before.length}:${(before.at(-1) ?? "").length + 1}: not JSON: ${what}.\n` +
        "JSON has double quotes around every name, and no comments and no comma after the last entry.",
      { cause },
    );
  }
}
