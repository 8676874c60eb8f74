import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describeGrants, isExpected, quote, resolveRun } from "@wasi-kit/manifest";
import type { Example, ResolvedRun, Run } from "@wasi-kit/manifest";
import { explain, printable, runOnCopies, WasiKitError } from "@wasi-kit/runner";
import type { CopiesRunResult, RunResult } from "@wasi-kit/runner";
import { describeChanges } from "./describe-changes.ts";
import { normalize } from "./normalize.ts";

/** A run that has been made. */
export interface Record {
  exitCode: number;
  expectedExitCode: number;
  /** Whether it ended as its wasi.json expects: of a run that could not start, 126 alone is expected. */
  isAsExpected: boolean;
  /** What a person should see who looks at the run, and what its snapshot holds. */
  text: string;
  /** Where its exit code is not the expected one: why it may have ended as it did, if that is known. */
  explanation?: string;
}

/**
 * Runs a run of an example, changing none of its directories, and writes down
 * what it did. One that hangs is ended after its time, so that it fails alone.
 *
 * @param hostEnv - where `inheritEnv` takes variables from
 */
export async function record(example: Example, name: string, hostEnv: NodeJS.ProcessEnv): Promise<Record> {
  const resolved = resolveRun(example, name, hostEnv);
  const { module, exitCode: expectedExitCode } = resolved;
  const declared = example.manifest.runs[name] as Run;
  try {
    const result = runOnCopies(module, resolved.options);
    const blocks = [...ended(result), ...(await changed(result))];
    const text = describe(declared, result.exitCode, blocks);
    const isAsExpected = isExpected(expectedExitCode, result);
    const explanation = isAsExpected ? undefined : explained(result, resolved);
    return { exitCode: result.exitCode, expectedExitCode, isAsExpected, text, ...(explanation ? { explanation } : {}) };
  } catch (error) {
    // Where the module was never built there is nothing to write down.
    if (!(error instanceof WasiKitError) || error.code === "E_MODULE_NOT_FOUND") throw error;
    const message = normalize(error.message.replaceAll(join(example.dir, sep), "").split("\n"));
    const blocks: Block[] = [
      ["outcome", [`not started (${error.code})`]],
      ["message", message],
    ];
    const { exitCode } = error;
    const isAsExpected = isExpected(expectedExitCode, error);
    return { exitCode, expectedExitCode, isAsExpected, text: describe(declared, exitCode, blocks) };
  }
}

/** Why a run may have ended badly. */
function explained(end: RunResult, { module, options }: ResolvedRun): string | undefined {
  return explain({ end, options, bytes: () => readFileSync(module) })?.text;
}

/** `none` stands for no lines. Default: `"nothing"`. */
type Block = readonly [title: string, lines: readonly string[], none?: string];

function ended({ outcome, trap, stdoutBytes, stderrBytes }: RunResult): Block[] {
  return [
    ["outcome", [trap ? `${outcome}: ${trap.message}` : outcome]],
    ["stdout", printable(stdoutBytes)],
    ["stderr", normalize(printable(stderrBytes))],
  ];
}

/** What the run left behind in each directory that it was granted. */
function changed({ differences: all }: CopiesRunResult): Promise<Block[]> {
  return Promise.all(
    all.map(async ([guestPath, differences]): Promise<Block> => [
      quote(guestPath),
      await describeChanges(differences),
      "nothing changed",
    ]),
  );
}

/** One block a topic; output stands behind a bar, so that blank lines and spaces at the end show. */
function describe(declared: Run, exitCode: number, [outcome, ...output]: Block[]): string {
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
