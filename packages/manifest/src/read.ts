import { readFileSync } from "node:fs";
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
  return { dir, name: basename(dir), manifest: await parseManifest(readText(path, folder), path) };
}

/**
 * Parses and validates the text of a manifest.
 *
 * @param path - how messages call the file
 * @throws ManifestError `E_MANIFEST`
 */
export async function parseManifest(text: string, path: string): Promise<Manifest> {
  const parsed = v.safeParse(manifestSchema, parseJson(text, path));
  if (parsed.success) {
    const [, name] = unusableName.exec(text) ?? [];
    if (name === undefined) return parsed.output;
    throw new ManifestError(`${path}: ${name}: this name can't be used, for a variable, a directory or a run.`);
  }
  const { describeIssues } = await import("./issues.ts");
  throw new ManifestError(
    describeIssues(parsed.issues, manifestSchema)
      .map((line) => `${path}: ${line}`)
      .join("\n"),
  );
}

// The schema library leaves these out of records without a word, for what they mean to JavaScript.
const unusableName = /"(__proto__|constructor|prototype)"\s*:/;

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

function parseJson(text: string, path: string): unknown {
  const json = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(json);
  } catch (cause) {
    const { message } = cause as SyntaxError;
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? offsetOfToken(json));
    const before = json.slice(0, offset).split("\n");
    const what = message
      .replace(/( in JSON)? at position.*/s, "")
      .replace(/^(Unexpected token '.+?'), .*/s, "$1")
      .replace("JSON input", "the file");
    throw new ManifestError(
      `${path}:${before.length}:${(before.at(-1) ?? "").length + 1}: not JSON: ${what}.\n` +
        "JSON has double quotes around every name, and no comments and no comma after the last entry.",
      { cause },
    );
  }
}

/**
 * Where the token stands that is not JSON. The engine quotes it without saying
 * where, so: at the end of the shortest beginning of the text that has it.
 */
function offsetOfToken(json: string): number {
  let before = 0;
  let after = json.length;
  while (before < after) {
    const middle = Math.floor((before + after) / 2);
    if (hasBadToken(json.slice(0, middle + 1))) after = middle;
    else before = middle + 1;
  }
  return before;
}

function hasBadToken(json: string): boolean {
  try {
    JSON.parse(json);
    return false;
  } catch (error) {
    return (error as SyntaxError).message.startsWith("Unexpected token");
  }
}
