import { asTyped } from "@wasi-kit/runner/commands";
import { formatFrame, WasiKitError } from "@wasi-kit/runner";
import type { RunResult, RunStats, SyncRunOptions } from "@wasi-kit/runner";
import { explainRun } from "@wasi-kit/runner/explain";
import { print } from "../../ui/output.ts";
import { describeChanges } from "./changes.ts";
import type { SaveRecording } from "./record.ts";
import { exitStatus, outputLost, runTarget } from "./run-target.ts";
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
  /** The limit that it ran into, by the name of its key in a wasi.json. */
  limit: RunResult["limit"] | null;
  /** Where it trapped, innermost first. */
  frames: string[];
  /** Why it may have ended badly. */
  explanation: string | null;
  /** What it would have changed in its copy-on-write directories. */
  changes: string[];
  durationMs: number;
  /** `null` if this system does not say. */
  cpuMs: number | null;
  memoryBytes: number;
  /** How many calls of WASI it made, and the bytes that these read and wrote. */
  calls: number;
  bytesRead: number;
  bytesWritten: number;
  /** Those of them that were stdin's, and those of stdout and stderr. */
  inputBytes: number;
  outputBytes: number;
}

/**
 * Runs a module with its output captured, and prints the result as an object.
 *
 * @param saveRecording - writes the recording, if there is to be one
 * @returns the exit code
 */
export function runAsJson(target: RunTarget, options: SyncRunOptions, saveRecording?: SaveRecording): number {
  const end = runTarget(target, { ...options, handleSigint: true });
  const isLost = saveRecording?.(end) === "lost";
  printJson(target, options, end);
  return exitStatus(end) || (isLost ? outputLost : 0);
}

/** Prints a run as an object. */
export function printJson(target: RunTarget, options: SyncRunOptions, end: RunResult | WasiKitError): void {
  const explanation = end.exitCode === 0 ? [] : explainRun({ ...failedRun(target), options, end });
  const report: JsonReport = {
    module: target.name,
    exitCode: end.exitCode,
    ...(end instanceof WasiKitError ? { ...unstarted, message: asTyped(end.message, ".") } : started(end, options)),
    explanation: asTyped(explanation.join("\n"), ".") || null,
  };
  print(`${JSON.stringify(report, null, 2)}\n`);
}

const noCalls = { calls: 0, bytesRead: 0, bytesWritten: 0, inputBytes: 0, outputBytes: 0 } as const satisfies RunStats;

const unstarted = {
  outcome: "not-started",
  stdout: "",
  stderr: "",
  limit: null,
  frames: [],
  changes: [],
  durationMs: 0,
  cpuMs: null,
  memoryBytes: 0,
  ...noCalls,
} as const satisfies Partial<JsonReport>;

function started(
  { outcome, stdout, stderr, trap, limit, changes, durationMs, cpuMs, memoryBytes, stats = noCalls }: RunResult,
  { preopens = {} }: SyncRunOptions,
): Omit<JsonReport, "module" | "exitCode" | "explanation"> {
  return {
    outcome,
    stdout,
    stderr,
    message: trap?.message ?? null,
    limit: limit ?? null,
    frames: trap?.frames.map(formatFrame) ?? [],
    changes: changes ? describeChanges(changes, preopens) : [],
    durationMs,
    cpuMs: cpuMs ?? null,
    memoryBytes,
    ...stats,
  };
}
