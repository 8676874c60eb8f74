import { stat } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { modulePath } from "@wasi-kit/manifest";
import type { Command } from "../../command-line/command.ts";
import { examplesBelow, oneFolder } from "../../programs/find-programs.ts";
import { print } from "../../ui/output.ts";
import { formatSize } from "../../ui/format.ts";
import { columns } from "../../ui/columns.ts";

/** wasi-kit list */
export const command: Command = {
  usage: ["[DIR] [--json]"],
  about: "Lists the examples in a folder and below it: language, size of the module, runs, and what each shows.",
  options: { json: { type: "boolean", about: "Print a JSON array" } },
  examples: [
    ["wasi-kit list", "List those below this folder"],
    ["wasi-kit list --json | jq -r '.[].path'", "Their folders, for a script"],
  ],
  async run({ positionals, values }) {
    const folder = oneFolder(positionals);
    const found = await examplesBelow([folder]);
    const rows = await Promise.all(
      found.map(async (example) => ({
        path: relative(resolve(folder), example.dir) || example.name,
        language: example.manifest.build?.language ?? null,
        moduleBytes: (await stat(modulePath(example)).catch(() => null))?.size ?? null,
        runs: Object.keys(example.manifest.runs),
        description: example.manifest.description,
      })),
    );
    print(
      values["json"]
        ? `${JSON.stringify(rows, null, 2)}\n`
        : `${columns([
            ["example", "language", "module", "runs", "what it shows"],
            ...rows.map((it) => [
              it.path,
              it.language ?? "none",
              it.moduleBytes === null ? "not built" : formatSize(it.moduleBytes),
              it.runs.join(", "),
              it.description,
            ]),
          ]).join("\n")}\n`,
    );
    return 0;
  },
};
