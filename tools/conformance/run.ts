import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { runSync } from "@wasi-kit/runner";
import type { RunResult, SyncRunOptions } from "@wasi-kit/runner";
import type { BrowserRunOptions } from "@wasi-kit/runner/browser";
import type { OpenPage } from "../browser/open-page.ts";
import { fileSystems } from "./file-systems.ts";
import type { FileSystemName } from "./file-systems.ts";
import type { SuiteTest } from "./suite-test.ts";

/** The result of a test. `failure` says in a line why it failed. */
export interface Verdict {
  test: SuiteTest;
  failure?: string;
}

/** Some modules have hundreds of tests. */
const timeoutMs = 300_000;

/**
 * Runs a test with its own copy of the files: some leave files with which they pass the next time.
 *
 * @param open - a page of Chromium, for what is run there
 * @returns its verdict, or one for each of its parts
 */
export async function runTest(test: SuiteTest, fileSystem: FileSystemName, open?: OpenPage): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-conformance-"));
  try {
    const { preopens, check } = fileSystems[fileSystem](test, folder);
    const { args = [], env = {}, stdin = "", argv0 = basename(test.module) } = test;
    const options = { args, env, stdin, preopens, timeoutMs, argv0, ...test.options };
    const end = fileSystem === "in Chromium" ? await runIn(open, test.module, options) : runHere(test.module, options);
    return test.parts ? judgeParts(test, end, check?.()) : [verdict(test, judge(test, end) ?? check?.())];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The result of a run, or why it could not start. */
export type End =
  | Pick<RunResult, "exitCode" | "stdout" | "stderr">
  | { readonly exitCode: number; readonly message: string };

function runHere(module: string, options: SyncRunOptions): End {
  try {
    return runSync(module, options);
  } catch (error) {
    return asEnd(error);
  }
}

async function runIn(open: OpenPage | undefined, module: string, options: SyncRunOptions): Promise<End> {
  const request = [new Uint8Array(readFileSync(module)), options as BrowserRunOptions] as const;
  try {
    return await open!.page.evaluate(
      ([bytes, granted]) =>
        wasiKit.run(bytes, granted).catch(({ exitCode, message }: InstanceType<typeof wasiKit.WasiKitError>) => ({
          exitCode,
          message,
        })),
      request,
    );
  } catch (error) {
    return asEnd(error);
  }
}

/** Anything else than a `WasiKitError` has no exit code, and none that is expected. */
const asEnd = (error: unknown): End => {
  const { exitCode = -1, message } = error as Error & { exitCode?: number };
  return { exitCode, message };
};

const verdict = (test: SuiteTest, failure: string | undefined): Verdict =>
  failure === undefined ? { test } : { test, failure };

/** A module that ended before all of its tests did fails, whatever those did that ended. */
export function judgeParts(wanted: SuiteTest, found: End, problem?: string): Verdict[] {
  const parts = "message" in found ? [] : (wanted.parts?.(found) ?? []);
  const verdicts = parts.map(({ failure, ...part }) => verdict({ ...wanted, ...part }, failure));
  const hasFailed = parts.some(({ failure }) => failure !== undefined);
  const ended = parts.length === 0 ? "it ran no test" : hasFailed ? undefined : judge(wanted, found);
  const whole = problem ?? ended;
  return whole === undefined ? verdicts : [...verdicts, verdict(wanted, whole)];
}

function judge(wanted: SuiteTest, found: End): string | undefined {
  if ("message" in found)
    return found.exitCode === wanted.exitCode ? undefined : `it could not start: ${found.message}`;
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
