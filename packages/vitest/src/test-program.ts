import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { projectCommands, readProgram } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
import { describe, expect, test } from "vitest";
import { buildIfStale } from "./build-if-stale.ts";
import { recordRun } from "./record-run.ts";
import { snapshotFolder, snapshotPath } from "./snapshot.ts";

/** How a program is tested. */
export interface TestOptions {
  /** The variables that `inheritEnv` can pass on. Default: `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** Whether a module that is not up to date is built first. Default: `true`. */
  build?: boolean;
}

/**
 * Builds the program beside a test file, unless its module is up to date, and
 * declares a test for each run in its wasi.json: it checks the exit code, and
 * compares what the run did with `__snapshots__/<run>.txt`. As in vitest's own
 * snapshots, a missing one is written, and fails in CI; `vitest -u` updates all
 * of them. No snapshot is written for a run with an unexpected exit code, and a
 * snapshot without a run fails. A run without a `timeoutMs` is stopped after ten
 * seconds. If the program can't be built, a single test fails with the message
 * of its compiler.
 *
 * @param testFile - the test file's `import.meta.url`
 * @throws ManifestError `E_MANIFEST`
 * @example
 * import { testProgram } from "@wasi-kit/vitest";
 *
 * await testProgram(import.meta.url);
 */
export async function testProgram(
  testFile: string,
  { env = process.env, build = true }: TestOptions = {},
): Promise<void> {
  const example = await readProgram(dirname(fileURLToPath(testFile)));
  const problem = build ? await buildIfStale(example).catch(problemOfUser) : undefined;
  describe(example.name, () => (problem ? failToBuild(problem) : testRuns(example, env)));
}

function failToBuild(problem: Error): void {
  // oxlint-disable-next-line vitest/expect-expect -- an assertion would hide the compiler's message below its own
  test("is built", () => {
    throw problem;
  });
}

function testRuns(example: Program, env: NodeJS.ProcessEnv): void {
  const names = Object.keys(example.manifest.runs);
  test.each(names)("%s", { timeout: longest }, async (name) => {
    const { exitCode, expectedExitCode, isAsExpected, text, explanation } = await recordRun(example, name, env);
    expect(exitCode, `exit code of the run ${name}, which ended so:\n\n${text}\n${explanation}`).toBe(expectedExitCode);
    expect(isAsExpected, `the run ${name} could not start, which 126 alone expects:\n\n${text}`).toBe(true);
    const path = snapshotPath(example.dir, name);
    const mayWrite = existsSync(path) || snapshotUpdate() !== "none";
    const { updateSnapshots } = projectCommands(example.dir);
    expect(mayWrite, `there is no ${path}: \`${updateSnapshots}\` writes it`).toBe(true);
    await expect(text).toMatchFileSnapshot(path);
  });

  test("every snapshot belongs to a run", () => {
    const folder = snapshotFolder(example.dir);
    const found = existsSync(folder) ? readdirSync(folder) : [];
    expect(found.filter((file) => !names.includes(file.replace(/\.txt$/, "")))).toEqual([]);
  });
}

/** What a source or a machine lacks, without frames and causes: they would show places in wasi-kit. */
function problemOfUser(error: unknown): Error {
  if (!(error instanceof Error && error.name === "BuildError")) throw error;
  const problem = new Error(error.message);
  problem.name = error.name;
  problem.stack = `${error.name}: ${error.message}`;
  return problem;
}

/** A test that takes longer hangs for another reason than its run, which is ended before; in milliseconds. */
const longest = 2 * 60_000;

/** Which snapshots vitest writes: `all` with -u, `none` in CI, `new` ones otherwise. */
function snapshotUpdate(): string | undefined {
  const { snapshotState } = expect.getState() as { snapshotState?: { snapshotUpdateState: string } };
  return snapshotState?.snapshotUpdateState;
}
