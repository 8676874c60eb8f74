import { stat } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { builderOf, languageOf, modulePath } from "@wasi-kit/manifest";
import type { Command } from "../../command-line/command.ts";
import { programsBelow, oneFolder } from "../../programs/find-programs.ts";
import { print } from "../../ui/output.ts";
import { formatSize } from "../../ui/format.ts";
import { columns } from "../../ui/columns.ts";

/** wasi-kit list */
export const command: Command = {
  usage: ["[DIR] [--json]"],
  about:
    "Lists the programs in a folder and below it: language or command, size of the module, runs, and what each shows.",
  options: { json: { type: "boolean", about: "Print a JSON array" } },
  examples: [
    ["wasi-kit list", "List those below this folder"],
    ["wasi-kit list --json | jq -r '.[].path'", "Their folders, for a script"],
  ],
  async run({ positionals, values }) {
    const folder = oneFolder(positionals);
    const found = await programsBelow([folder]);
    const builders = found.map(({ manifest }) => builderOf(manifest) ?? "none");
    const rows = await Promise.all(
      found.map(async (program) => ({
        path: relative(resolve(folder), program.dir) || program.name,
        language: languageOf(program.manifest) ?? null,
        moduleBytes: (await stat(modulePath(program)).catch(() => null))?.size ?? null,
        runs: Object.keys(program.manifest.runs),
        description: program.manifest.description,
      })),
    );
    print(
      values["json"]
        ? `${JSON.stringify(rows, null, 2)}\n`
        : `${columns([
            ["program", "built by", "module", "runs", "what it shows"],
            ...rows.map((it, i) => [
              it.path,
              builders[i] as string,
              it.moduleBytes === null ? "not built" : formatSize(it.moduleBytes),
              it.runs.join(", "),
              it.description,
            ]),
          ]).join("\n")}\n`,
    );
    return 0;
  },
};
