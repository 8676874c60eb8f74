import { relative } from "node:path";
import { asTyped } from "@wasi-kit/runner/commands";
import type { Program } from "@wasi-kit/manifest";
import { WasiKitError } from "@wasi-kit/runner";
import type { Command } from "../../command-line/command.ts";
import { buildStale } from "../../programs/build-programs.ts";
import { programsBelow } from "../../programs/find-programs.ts";
import { count } from "../../ui/format.ts";
import { paint, print } from "../../ui/output.ts";
import { testRun } from "./test-run.ts";
import type { TestedRun } from "./test-run.ts";

/** wasi-kit test */
export const command: Command = {
  usage: ["[DIR…] [--update] [--json]"],
  about:
    "Makes each run of each wasi.json in the folders and below them, and compares it with what is expected: its\n" +
    "exit code, and __snapshots__/RUN.txt if there is one. What is not up to date is built first. No directory\n" +
    "is changed. The snapshots are those of @wasi-kit/vitest, so that both can test the same program.",
  options: {
    update: { type: "boolean", about: "Write the snapshot of each run whose exit code is as expected" },
    "no-build": { type: "boolean", about: "Take modules as they are, even if their sources have changed" },
    json: { type: "boolean", about: "Print a JSON array, an object a run" },
  },
  examples: [
    ["wasi-kit test", "Test the program in this folder, and all below it"],
    ["wasi-kit test --update", "Write their snapshots; read them before you commit them"],
  ],
  exitCodes: [
    ["0", "All runs are as expected"],
    ["1", "One or more are not, or could not be built"],
    ["2", "The command line or a wasi.json is not valid"],
  ],
  async run({ positionals, values }) {
    const found = await programsBelow(positionals);
    const isBuilt = values["no-build"] === true || (await buildStale(found));
    const tested: TestedRun[] = [];
    for (const program of found) {
      for (const name of Object.keys(program.manifest.runs)) {
        const result = await testOne(program, name, values["update"] === true);
        if (!values["json"]) print(describe(result));
        tested.push(result);
      }
    }
    print(values["json"] ? `${JSON.stringify(tested, null, 2)}\n` : summarize(tested));
    return isBuilt && tested.every(({ ok }) => ok) ? 0 : 1;
  },
};

async function testOne(program: Program, name: string, update: boolean): Promise<TestedRun> {
  const label = relative(process.cwd(), program.dir) || program.name;
  try {
    return { program: label, run: name, ...(await testRun(program, name, update)) };
  } catch (error) {
    // A module that could not be built is not there.
    if (!(error instanceof WasiKitError)) throw error;
    return {
      program: label,
      run: name,
      ok: false,
      snapshot: "not compared",
      problems: asTyped(error.message, ".").split("\n"),
    };
  }
}

function describe({ program, run, ok, snapshot, problems }: TestedRun): string {
  const mark = paint(process.stdout, ok ? "ok" : "error", ok ? "ok" : "not ok");
  const note = ok && snapshot !== "same" ? paint(process.stdout, "dim", ` (snapshot: ${snapshot})`) : "";
  return `${[`${mark} ${program} ${run}${note}`, ...problems.map((line) => `  ${line}`)].join("\n")}\n`;
}

function summarize(tested: readonly TestedRun[]): string {
  const failed = tested.filter(({ ok }) => !ok).length;
  const missing = tested.filter(({ snapshot }) => snapshot === "missing").length;
  const text =
    failed > 0
      ? `${failed} of ${count(tested.length, "run")} not as expected.`
      : `${count(tested.length, "run")}, all as expected.`;
  const hint = missing > 0 ? asTyped(` ${missing} without a snapshot: wasi-kit test --update writes it.`, ".") : "";
  return `\n${paint(process.stdout, failed > 0 ? "error" : "ok", text)}${hint}\n`;
}
