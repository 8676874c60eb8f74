import { formatFrame, runSync, WasiKitError } from "@wasi-kit/runner";
import type { RunResult, SyncRunOptions } from "@wasi-kit/runner";
import { explainRun } from "@wasi-kit/runner/explain";
import { print } from "../../ui/output.ts";
import { describeChanges } from "./changes.ts";
import type { RunTarget } from "./run-target.ts";
import { failedRun } from "./target.ts";

/** What `wasi-kit run --json` prints. */
interface JsonReport {
  module: string;
  /** `"not-started"` if the module can't be run. */
  outcome: RunResult["outcome"] | "not-started";
  exitCode: number;
  /** What the guest wrote, decoded as UTF-8. */
  stdout: string;
  stderr: string;
  /** How it trapped, or why it could not start. */
  message: string | null;
  /** Where it trapped, innermost first. */
  frames: string[];
  /** Why it may have ended badly. */
  explanation: string | null;
  /** What it would have changed in its copy-on-write directories. */
  changes: string[];
  durationMs: number;
  memoryBytes: number;
}

/**
 * Runs a module with its output captured, and prints what came of it as an object.
 *
 * @returns the exit code
 */
export function runAsJson(target: RunTarget, options: SyncRunOptions): number {
  const end = runToEnd(target, options);
  const explanation = end.exitCode === 0 ? [] : explainRun({ ...failedRun(target), options, end });
  const report: JsonReport = {
    module: target.name,
    exitCode: end.exitCode,
    ...(end instanceof WasiKitError ? { ...unstarted, message: end.message } : started(end, options)),
    explanation: explanation.join("\n") || null,
  };
  print(`${JSON.stringify(report, null, 2)}\n`);
  return Math.min(end.exitCode, 255);
}

function runToEnd({ name, bytes }: RunTarget, options: SyncRunOptions): RunResult | WasiKitError {
  try {
    return runSync(bytes ?? name, { stdin: { fd: 0 }, ...options, handleSigint: true });
  } catch (error) {
    if (error instanceof WasiKitError) return error;
    throw error;
  }
}

const unstarted = {
  outcome: "not-started",
  stdout: "",
  stderr: "",
  frames: [],
  changes: [],
  durationMs: 0,
  memoryBytes: 0,
} as const satisfies Partial<JsonReport>;

function started(
  { outcome, stdout, stderr, trap, changes, durationMs, memoryBytes }: RunResult,
  { preopens = {} }: SyncRunOptions,
): Omit<JsonReport, "module" | "exitCode" | "explanation"> {
  return {
    outcome,
    stdout,
    stderr,
    message: trap?.message ?? null,
    frames: trap?.frames.map(formatFrame) ?? [],
    changes: changes ? describeChanges(changes, preopens) : [],
    durationMs,
    memoryBytes,
  };
}
