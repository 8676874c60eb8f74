import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSync } from "@wasi-kit/runner";
import type { RunResult } from "@wasi-kit/runner";
import { fileSystems } from "./file-systems.ts";
import type { FileSystemName } from "./file-systems.ts";
import type { SuiteTest } from "./suite-test.ts";

/** The result of a test. `failure` says in a line why it failed. */
export interface Verdict {
  test: SuiteTest;
  failure?: string;
}

const timeoutMs = 60_000;

/** Runs a test with its own copy of the files: some leave files with which they pass the next time. */
export function runTest(test: SuiteTest, fileSystem: FileSystemName): Verdict {
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-conformance-"));
  try {
    const { preopens, check } = fileSystems[fileSystem](test, folder);
    const { args = [], env = {}, stdin = "", argv0 } = test;
    const options = { args, env, stdin, preopens, timeoutMs, ...(argv0 === undefined ? {} : { argv0 }) };
    const failure = judge(test, runSync(test.module, options)) ?? check?.();
    return failure === undefined ? { test } : { test, failure };
  } catch (error) {
    return { test, failure: `it could not start: ${(error as Error).message}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(wanted: SuiteTest, found: RunResult): string | undefined {
  if (found.exitCode !== wanted.exitCode) {
    const said = found.stderr.split("\n").find((line) => line.trim() !== "");
    return `exit code ${found.exitCode} instead of ${wanted.exitCode}${said ? `: ${said}` : ""}`;
  }
  return differs("stdout", wanted.stdout, found.stdout) ?? differs("stderr", wanted.stderr, found.stderr);
}

/** The first line that differs. */
function differs(stream: string, wanted: string | undefined, found: string): string | undefined {
  if (wanted === undefined || wanted === found) return undefined;
  const [expected, actual] = [wanted.split("\n"), found.split("\n")];
  const at = expected.findIndex((line, i) => line !== actual[i]);
  const line = at < 0 ? expected.length : at;
  return `${stream}, line ${line + 1}: ${JSON.stringify(actual[line] ?? "")} instead of ${JSON.stringify(expected[line] ?? "")}`;
}
