import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../tools/root.ts";
import { table } from "../page.ts";
import type { Page } from "../page.ts";
import type { NamedCommand } from "./commands.ts";

/** The files that declare codes, and the errors that have them. */
const sources: readonly (readonly [file: string, error: string, thrownBy: string])[] = [
  ["packages/runner/src/error.ts", "WasiKitError", "`@wasi-kit/runner`, if a run could not start"],
  ["packages/compiler/src/error.ts", "BuildError", "`@wasi-kit/compiler`, if a module can't be built"],
  ["packages/manifest/src/error.ts", "ManifestError", "`@wasi-kit/manifest`, for a `wasi.json` that is not valid"],
  ["packages/create-wasi-kit/src/error.ts", "CreateError", "`create-wasi-kit`, if a project can't be created"],
];

/** The page on error codes and exit codes. */
export function errorsPage(commands: readonly NamedCommand[]): Page {
  const blocks = sources.flatMap(([file, error, thrownBy]) => {
    const codes = codesOf(readFileSync(join(root, file), "utf8"));
    return [`## \`${error}\``, `Thrown by ${thrownBy}.`, table(["code", "what failed"], codes)];
  });
  const exits = commands
    .filter(({ command }) => command.exitCodes)
    .flatMap(({ name, command }) => [
      `### \`wasi-kit ${name}\``,
      table(["exit code", "meaning"], command.exitCodes ?? []),
    ]);
  const intro = [
    "# Error codes and exit codes",
    "An error that a package throws has a `code`, for programs, and a message, for people: what failed, on which file, and what to do next. A run that started never throws: its result says how it ended.",
  ];
  const ends = [
    "## Exit codes of the command line",
    "A command without a table exits with 0, or with 1 or 2 if it failed.",
  ];
  return { path: "reference/errors.md", text: `${[...intro, ...blocks, ...ends, ...exits].join("\n\n")}\n` };
}

/** The codes in a source, with the comments above them. A class with a single code has its own comment. */
function codesOf(source: string): string[][] {
  const documented = [...source.matchAll(/\/\*\* ([^\n]*?) \*\/\n\s*(?:\| ")?(E_[A-Z_]+)/g)];
  const rows = documented.map(([, comment = "", code = ""]) => [`\`${code}\``, comment]);
  if (rows.length > 0) return rows;
  const [, comment = ""] = /\/\*\* ([^\n]*?) \*\/\nexport class/.exec(source) ?? [];
  return [...source.matchAll(/E_[A-Z_]+/g)].map(([code]) => [`\`${code}\``, comment]);
}
