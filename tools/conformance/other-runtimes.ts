import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { judgeParts } from "./run.ts";
import type { Verdict } from "./run.ts";
import type { SuiteTest } from "./suite-test.ts";
import { writeTree } from "./tree.ts";

/** The command line with which another runtime gives a test what it gets. */
type Arguments = (test: SuiteTest, folder: string) => string[];

const variables = ({ env: its = {} }: SuiteTest, option: string): string[] =>
  Object.entries(its).flatMap(([name, value]) => [option, `${name}=${value}`]);
const directories = (test: SuiteTest, folder: string): [string, string][] =>
  Object.entries(test.directories).map(([guestPath, path]) => [guestPath, join(folder, path)]);

/** Other runtimes by their commands. Each gets a stack on which the tests of Go's standard library fit. */
const runtimes: Readonly<Record<string, Arguments>> = {
  wasmtime: (test, folder) => [
    "run",
    "-Wmax-wasm-stack=8388608",
    ...directories(test, folder).flatMap(([guestPath, path]) => ["--dir", `${path}::${guestPath}`]),
    ...variables(test, "--env"),
    test.module,
    ...(test.args ?? []),
  ],
  wazero: (test, folder) => [
    "run",
    ...directories(test, folder).map(([guestPath, path]) => `-mount=${path}:${guestPath}`),
    ...variables(test, "-env"),
    test.module,
    ...(test.args ?? []),
  ],
};

/**
 * Runs the modules of a suite with other runtimes, if they are on PATH: nothing here depends on them.
 *
 * @returns the verdicts by runtime, with its version
 */
export async function runElsewhere(tests: readonly SuiteTest[]): Promise<Map<string, Verdict[]>> {
  const results = new Map<string, Verdict[]>();
  for (const [runtime, argumentsOf] of Object.entries(runtimes)) {
    const version = await versionOf(runtime);
    if (version === undefined) continue;
    const verdicts: Verdict[] = [];
    for (const test of tests) verdicts.push(...(await runOne(runtime, argumentsOf, test)));
    results.set(`${runtime} ${version}`, verdicts);
  }
  return results;
}

async function runOne(runtime: string, argumentsOf: Arguments, test: SuiteTest): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-conformance-"));
  try {
    writeTree(folder, test.files);
    const { exitCode = -1, stdout, stderr } = await x(runtime, argumentsOf(test, folder));
    return judgeParts(test, { exitCode, stdout, stderr });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function versionOf(runtime: string): Promise<string | undefined> {
  for (const argument of ["--version", "version"]) {
    try {
      const { stdout, exitCode } = await x(runtime, [argument]);
      const found = exitCode === 0 ? /\d+\.\d+(\.\d+)?/.exec(stdout) : undefined;
      if (found) return found[0];
    } catch {
      return undefined;
    }
  }
  return undefined;
}
