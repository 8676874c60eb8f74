import { dirname } from "node:path";
import { findManifests, ManifestError, readProgram } from "@wasi-kit/manifest";
import type { Command } from "../../command-line/command.ts";
import { checkFolder, noManifest } from "../../programs/find-programs.ts";
import { count } from "../../ui/format.ts";
import { paint, print } from "../../ui/output.ts";

/** What is wrong with a wasi.json. */
interface CheckedManifest {
  path: string;
  valid: boolean;
  /** A line each, without the path. */
  problems: string[];
}

/** wasi-kit check */
export const command: Command = {
  usage: ["[DIR…] [--json]"],
  about:
    "Checks each wasi.json in the folders and below them: whether it is JSON, and says what a wasi.json can say.\n" +
    "Builds and runs nothing. All problems are listed, each with the key that it is about.",
  options: { json: { type: "boolean", about: "Print a JSON array, an object a wasi.json" } },
  examples: [
    ["wasi-kit check", "Check the wasi.json in this folder, and all below it"],
    ["wasi-kit check --json | jq -r '.[].problems[]'", "What is wrong, for a script"],
  ],
  exitCodes: [
    ["0", "All are valid"],
    ["1", "One or more are not"],
    ["2", "The command line is not valid, or there is no wasi.json"],
  ],
  async run({ positionals, values }) {
    const folders = positionals.length > 0 ? positionals : ["."];
    folders.forEach(checkFolder);
    const paths = (await Promise.all(folders.map(manifestsIn))).flat();
    const checked = await Promise.all(paths.map(check));
    print(values["json"] ? `${JSON.stringify(checked, null, 2)}\n` : describe(checked));
    return checked.every(({ valid }) => valid) ? 0 : 1;
  },
};

/** @throws UsageError if there is none, as other commands have it */
async function manifestsIn(folder: string): Promise<string[]> {
  const found = await findManifests(folder);
  if (found.length === 0) throw noManifest(folder);
  return found.toSorted();
}

async function check(path: string): Promise<CheckedManifest> {
  try {
    await readProgram(dirname(path));
    return { path, valid: true, problems: [] };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return { path, valid: false, problems: error.message.replaceAll(`${path}: `, "").split("\n") };
  }
}

function describe(checked: readonly CheckedManifest[]): string {
  const out = process.stdout;
  const invalid = checked.filter(({ valid }) => !valid);
  const lines = invalid.flatMap(({ path, problems }) => [
    `${paint(out, "error", "not valid")} ${path}`,
    ...problems.map((line) => `  ${line}`),
  ]);
  const summary =
    invalid.length === 0
      ? paint(out, "ok", `${count(checked.length, "manifest")}, all valid.`)
      : paint(out, "error", `${invalid.length} of ${count(checked.length, "manifest")} not valid.`);
  return `${[...lines, summary].join("\n")}\n`;
}
