import { resolve } from "node:path";
import { projectCommands } from "@wasi-kit/runner/commands";
import type { Program } from "@wasi-kit/manifest";
import { auditPrograms } from "./audit-programs.ts";
import { replaceManifest } from "./replace-manifest.ts";
import { describeAudit, describeMinimal, hasFindings, hasUnfixable, summarize } from "./report.ts";
import type { Command } from "../../command-line/command.ts";
import { programsBelow } from "../../programs/find-programs.ts";
import { print, progress } from "../../ui/output.ts";

/** wasi-kit audit */
export const command: Command = {
  usage: ["[DIR…] [--write] [--json]"],
  about:
    "Makes every run of the programs in DIR and below it, and reports what it is granted and does not need, and\n" +
    "what it was refused; then prints the smallest manifest with which outcome, output and changes are the same.\n" +
    "No directory is changed. A run whose exitCode is not 0 shows a refusal, and is left as it is.",
  options: {
    write: { type: "boolean", about: "Put the smallest manifest in place of each wasi.json" },
    json: { type: "boolean", about: "Print a JSON array, an object a run" },
  },
  examples: [
    ["wasi-kit audit --write", "Take away what is not needed"],
    ["wasi-kit audit --json | jq '.[].unneeded[]'", "What is not needed, for a script"],
  ],
  exitCodes: [
    ["0", "There is nothing to report, or --write took it away"],
    ["1", "There is something to report, or a run did not end as expected"],
    ["2", "The command line or a wasi.json is not valid, or can't be written"],
    ["126", "A module can't be run"],
    ["127", "There is no such module"],
    ["130", "Ctrl-C ended it"],
  ],
  async run({ positionals, values }) {
    const programs = unique(await programsBelow(positionals));
    const base = resolve(positionals.length === 1 ? (positionals[0] as string) : ".");
    const total = programs.reduce((sum, { manifest }) => sum + Object.keys(manifest.runs).length, 0);
    let done = 0;
    const audits = await auditPrograms(programs, base, (program, run) =>
      progress(`Auditing ${++done} of ${total}: ${program} ${run}`),
    ).finally(() => progress(""));

    const runs = audits.flatMap((it) => it.runs.map((audit) => ({ program: it.name, ...audit })));
    const reducible = audits.filter(({ before, after }) => before !== after);
    const tell = values["json"] ? () => {} : (text: string) => print(`${text}\n`);
    if (values["json"]) print(`${JSON.stringify(runs, null, 2)}\n`);
    for (const text of runs.map(describeAudit)) if (text !== undefined) tell(`${text}\n`);
    if (values["write"]) {
      for (const { path, before, after } of reducible) {
        replaceManifest(path, before, after);
        tell(`Wrote ${path}.`);
      }
      if (reducible.length > 0) tell(snapshotHint(base));
    } else if (reducible.length > 0) tell(`${describeMinimal(reducible)}\n`);
    tell(summarize(runs, audits.length, values["write"] === true));
    return runs.some(values["write"] ? hasUnfixable : hasFindings) ? 1 : 0;
  },
};

/** A folder may have been named twice, or one inside another. */
const unique = (programs: readonly Program[]): Program[] => [
  ...new Map(programs.map((program) => [program.dir, program])).values(),
];

const snapshotHint = (dir: string): string =>
  `Snapshots begin with what their runs are granted: \`${projectCommands(dir).updateSnapshots}\` writes these lines again.\n`;
