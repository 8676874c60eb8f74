import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { readProgram } from "@wasi-kit/manifest";
import { asTyped, projectCommands } from "@wasi-kit/runner/commands";
import type { Program } from "@wasi-kit/manifest";
import { describe, expect, test } from "vitest";
import { buildIfStale } from "./build-if-stale.ts";
import { checkTestOptions, pathOf } from "./test-options.ts";
import type { TestOptions } from "./test-options.ts";
import { recordRun } from "./record-run.ts";
import { snapshotFolder, snapshotPath } from "./snapshot.ts";

/**
 * Builds the program beside a test file, unless its module is up to date, and
 * declares a test for each run in its wasi.json: it checks the exit code, and
 * compares what the run did with `__snapshots__/<run>.txt`. As in vitest's own
 * snapshots, a missing one is written, and fails in CI; `vitest -u` updates all
 * of them. No snapshot is written for a run with an unexpected exit code, and a
 * snapshot without a run fails. A run without a `timeoutMs` is stopped after ten
 * seconds. If the program can't be built, a single test fails with the message
 * of its compiler. If that is not on this machine, the tests are skipped, and say
 * how to get it; in CI they fail.
 *
 * @param testFile - the test file's `import.meta.url`
 * @throws ManifestError `E_MANIFEST`
 * @throws WasiKitError `E_OPTION`
 * @example
 * import { testProgram } from "@wasi-kit/vitest";
 *
 * await testProgram(import.meta.url);
 */
export async function testProgram(testFile: string, options: TestOptions = {}): Promise<void> {
  const dir = dirname(pathOf(testFile));
  checkTestOptions(options);
  const { env = process.env, build = true } = options;
  const example = await readProgram(dir).catch((error: unknown) => {
    throw problemOfUser(error, dir);
  });
  const problem = build ? await buildIfStale(example).catch((error: unknown) => problemOfUser(error, dir)) : undefined;
  describe(example.name, () => {
    if (!problem) testRuns(example, env);
    else if (problem.isOfMachine && !process.env["CI"]) skipRuns(example, problem);
    else failToBuild(problem);
  });
}

/** What this machine lacks is no mistake of a program's. In CI nothing is left out: there it fails. */
function skipRuns(example: Program, { message }: Error): void {
  // oxlint-disable-next-line vitest/expect-expect -- there is nothing to expect
  test.for(Object.keys(example.manifest.runs))("%s", (_, { skip }) => skip(message));
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
    const recorded = await recordRun(example, name, env).catch((error: unknown) => {
      throw problemOfUser(error, example.dir);
    });
    const { exitCode, expectedExitCode, isAsExpected, text, explanation } = recorded;
    const why = explanation === "" ? "" : `${asTyped(explanation, example.dir)}\n\n`;
    // vitest writes on in the last line: what is to be copied must not be in it.
    expect(exitCode, `exit code of the run ${name}, which ended so:\n\n${text}\n${why}exit code`).toBe(
      expectedExitCode,
    );
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

/** Why a program can't be built. */
type Problem = Error & {
  /** Its compiler is not on this machine. */
  isOfMachine: boolean;
};

/** Errors that are for whoever wrote the program. */
const forUsers: ReadonlySet<string> = new Set(["BuildError", "ManifestError", "WasiKitError"]);

/**
 * What a source, a wasi.json or a machine lacks, without frames and causes: they would show places in wasi-kit.
 *
 * @param dir - the program's folder, where commands are typed
 */
function problemOfUser(error: unknown, dir: string): Problem {
  if (!(error instanceof Error && forUsers.has(error.name))) throw error;
  const code = "code" in error ? error.code : undefined;
  const problem = Object.assign(new Error(asTyped(error.message, dir)), { code, isOfMachine: code === "E_TOOLCHAIN" });
  problem.name = error.name;
  problem.stack = `${problem.name}: ${problem.message}`;
  return problem;
}

/** A test that takes longer hangs for another reason than its run, which is ended before; in milliseconds. */
const longest = 2 * 60_000;

/** Which snapshots vitest writes: `all` with -u, `none` in CI, `new` ones otherwise. */
function snapshotUpdate(): string | undefined {
  const { snapshotState } = expect.getState() as { snapshotState?: { snapshotUpdateState: string } };
  return snapshotState?.snapshotUpdateState;
}
