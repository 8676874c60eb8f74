import type { ParseError } from "jsonc-parser";
import * as v from "valibot";
import { ManifestError } from "./error.ts";
import { manifestSchema } from "./schema.ts";
import type { Manifest } from "./schema.ts";

/**
 * Parses and validates the text of a manifest.
 *
 * @param path - how messages call the file
 * @throws ManifestError `E_MANIFEST`
 */
export async function parseManifest(text: string, path: string): Promise<Manifest> {
  const parsed = v.safeParse(manifestSchema, await parseJson(text, path));
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

async function parseJson(text: string, path: string): Promise<unknown> {
  const json = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new ManifestError(
      `${path}:${await describeSyntaxError(json)}.\n` +
        "JSON has double quotes around every name, and no comments and no comma after the last entry.",
      { cause },
    );
  }
}

/** The line and the column of the first mistake, and what it is. The engine's own message may have no place. */
async function describeSyntaxError(json: string): Promise<string> {
  const { parse, printParseErrorCode } = await import("jsonc-parser");
  const errors: ParseError[] = [];
  parse(json, errors, { disallowComments: true });
  const [{ error, offset }] = errors as [ParseError];
  const before = json.slice(0, offset).split("\n");
  const what = printParseErrorCode(error)
    .replaceAll(/\B[A-Z]/g, " $&")
    .toLowerCase();
  return `${before.length}:${before.at(-1)!.length + 1}: not JSON: ${what}`;
}
