import { isDeepStrictEqual } from "node:util";
import { relative } from "node:path";
import { resolveRun } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
import { runOnCopies } from "@wasi-kit/runner";
import { watchUsage } from "./usage.ts";
import type { Usage } from "./usage.ts";

/** What of a run is compared: what its snapshot holds below the grants. */
export type ResultPart = "outcome" | "stdout" | "stderr" | "changes";

/** What a run did. */
export interface Observation {
  exitCode: number;
  /** How it ended, in words. */
  ending: string;
  parts: Readonly<Record<ResultPart, unknown>>;
  usage: Usage;
}

/**
 * Runs a run of a program with a time limit, changing none of its directories,
 * and watches what it does.
 *
 * @throws WasiKitError, ManifestError if it can't be run
 */
export function observe(program: Program, name: string): Observation {
  const resolved = resolveRun(program, name);
  const watch = watchUsage();
  const module = relative(process.cwd(), resolved.module);
  const result = runOnCopies(module, { ...resolved.options, trace: watch.add });
  const { outcome, exitCode, trap, stdoutBytes, stderrBytes, differences, timeoutMs } = result;
  const changes = differences.filter(([, inDirectory]) => inDirectory.length > 0);
  const message = trap ? `: ${trap.message}` : outcome === "timed-out" ? ` after ${timeoutMs} ms` : "";
  return {
    exitCode,
    ending: outcome === "exited" ? `ended with exit code ${exitCode}` : `${outcome.replaceAll("-", " ")}${message}`,
    parts: { outcome: [outcome, exitCode, trap?.message], stdout: stdoutBytes, stderr: stderrBytes, changes },
    usage: watch.usage(),
  };
}

/** The parts in which two observations are not the same. */
export function differingParts(one: Observation, other: Observation): ResultPart[] {
  const parts = Object.keys(one.parts) as ResultPart[];
  return parts.filter((part) => !isDeepStrictEqual(one.parts[part], other.parts[part]));
}
