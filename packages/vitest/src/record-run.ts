import { join, sep } from "node:path";
import { describeGrants, isExpected, quote, resolveRun } from "@wasi-kit/manifest";
import type { Program, Run } from "@wasi-kit/manifest";
import { printable, runOnCopies, WasiKitError } from "@wasi-kit/runner";
import { explainRun } from "@wasi-kit/runner/explain";
import type { CopiesRunResult, RunResult } from "@wasi-kit/runner";
import { formatChanges } from "./format-changes.ts";
import { normalize } from "./normalize.ts";

/** What a run did. */
export interface RecordedRun {
  exitCode: number;
  expectedExitCode: number;
  /** Whether it ended as its wasi.json expects: of a run that could not start, 126 alone is expected. */
  isAsExpected: boolean;
  /** The text of its snapshot. */
  text: string;
  /** Why its exit code may not be the expected one, if that is known. */
  explanation: string;
}

/**
 * Makes one of a program's runs, and records what it did. Its directories are
 * copy-on-write. A run without a `timeoutMs` is stopped after ten seconds.
 *
 * @param hostEnv - the variables that `inheritEnv` can pass on
 */
export async function recordRun(example: Program, name: string, hostEnv: NodeJS.ProcessEnv): Promise<RecordedRun> {
  const resolved = resolveRun(example, name, hostEnv);
  const { module, exitCode: expectedExitCode } = resolved;
  const declared = example.manifest.runs[name] as Run;
  try {
    const result = runOnCopies(module, resolved.options);
    const blocks = [...outputBlocks(result), ...(await changeBlocks(result))];
    const text = format(declared, result.exitCode, blocks);
    const isAsExpected = isExpected(expectedExitCode, result);
    const explanation = isAsExpected ? "" : explainRun({ ...resolved, end: result }).join("\n");
    return { exitCode: result.exitCode, expectedExitCode, isAsExpected, text, explanation };
  } catch (error) {
    // That nobody has built the module yet is not a result of the run.
    if (!(error instanceof WasiKitError) || error.code === "E_MODULE_NOT_FOUND") throw error;
    const message = normalize(error.message.replaceAll(join(example.dir, sep), "").split("\n"));
    const blocks: Block[] = [
      ["outcome", [`not started (${error.code})`]],
      ["message", message],
    ];
    const { exitCode } = error;
    const isAsExpected = isExpected(expectedExitCode, error);
    const explanation = isAsExpected ? "" : explainRun({ ...resolved, end: error }).join("\n");
    return { exitCode, expectedExitCode, isAsExpected, text: format(declared, exitCode, blocks), explanation };
  }
}

/** Lines of a snapshot under a title. `none` is shown if there are no lines. Default: `"nothing"`. */
type Block = readonly [title: string, lines: readonly string[], none?: string];

function outputBlocks({ outcome, trap, stdoutBytes, stderrBytes }: RunResult): Block[] {
  return [
    ["outcome", [trap ? `${outcome}: ${trap.message}` : outcome]],
    ["stdout", printable(stdoutBytes)],
    ["stderr", normalize(printable(stderrBytes))],
  ];
}

/** What changed in each directory that the run was granted. */
function changeBlocks({ differences: all }: CopiesRunResult): Promise<Block[]> {
  return Promise.all(
    all.map(async ([guestPath, differences]): Promise<Block> => [
      quote(guestPath),
      await formatChanges(differences),
      "nothing changed",
    ]),
  );
}

/** Output lines begin with a bar, so that empty lines and trailing spaces can be seen. */
function format(declared: Run, exitCode: number, [outcome, ...output]: Block[]): string {
  const facts = [...describeGrants(declared), outcome as Block, ["exit code", [String(exitCode)]] as Block];
  const head = facts.flatMap(([title, lines]) =>
    lines.map((line, i) => `${(i === 0 ? title : "").padEnd(10)} ${line}`),
  );
  const body = output.flatMap(([title, lines, none = "nothing"]) => [
    "",
    ...(lines.length > 0 ? [title, ...lines.map((line) => `| ${line}`)] : [`${title} (${none})`]),
  ]);
  return `${[...head, ...body].join("\n")}\n`;
}
