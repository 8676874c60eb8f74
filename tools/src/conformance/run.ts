import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { SuiteTest } from "./suite.ts";

/** What came of a test: why it failed, in a line, or nothing. */
export interface Verdict {
  test: SuiteTest;
  failure?: string;
}

const timeoutMs = 60_000;

/**
 * Runs a test as a user would, through the command, with fresh copies of its
 * directories: some tests leave behind what makes them pass the next time.
 */
export async function runTest(test: SuiteTest, node: string, command: string): Promise<Verdict> {
  const copies = mkdtempSync(join(tmpdir(), "wasi-kit-conformance-"));
  try {
    const flags: string[] = [];
    for (const [guest, host] of Object.entries(test.directories)) {
      const copy = join(copies, basename(host));
      cpSync(host, copy, { recursive: true, verbatimSymlinks: true });
      flags.push("--dir", `${copy}::${guest}`);
    }
    for (const [name, value] of Object.entries(test.env)) flags.push("--env", `${name}=${value}`);
    const args = test.args.length > 0 ? ["--", ...test.args] : [];
    const failure = judge(test, await execute(node, [command, "run", ...flags, test.module, ...args], test.stdin));
    return failure === undefined ? { test } : { test, failure };
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
}

interface Ended {
  exitCode: number | string;
  stdout: string;
  stderr: string;
}

function execute(node: string, args: string[], stdin: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { timeout: timeoutMs });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({
        exitCode: code ?? signal ?? "?",
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      });
    });
    // A test that never reads may be gone before its input is.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin);
  });
}

function judge(wanted: SuiteTest, ended: Ended): string | undefined {
  if (ended.exitCode !== wanted.exitCode) {
    const said = ended.stderr.split("\n").find((line) => line.trim() !== "");
    return `exit code ${ended.exitCode} instead of ${wanted.exitCode}${said ? `: ${said}` : ""}`;
  }
  return differs("stdout", wanted.stdout, ended.stdout) ?? differs("stderr", wanted.stderr, ended.stderr);
}

/** The first line that differs. */
function differs(stream: string, wanted: string | undefined, found: string): string | undefined {
  if (wanted === undefined || wanted === found) return undefined;
  const [expected, actual] = [wanted.split("\n"), found.split("\n")];
  const at = expected.findIndex((line, i) => line !== actual[i]);
  const line = at < 0 ? expected.length : at;
  return `${stream}, line ${line + 1}: ${JSON.stringify(actual[line] ?? "")} instead of ${JSON.stringify(expected[line] ?? "")}`;
}
