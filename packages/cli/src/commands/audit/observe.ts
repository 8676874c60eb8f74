import { isDeepStrictEqual } from "node:util";
import { relative } from "node:path";
import { defaultTimeoutMs, resolveRun, withoutWriting } from "@wasi-kit/manifest";
import type { Example } from "@wasi-kit/manifest";
import { listDifferences } from "@wasi-kit/runner";
import { runInterruptibly } from "../../programs/run-with-sigint.ts";
import { watchUsage } from "./usage.ts";
import type { Usage } from "./usage.ts";

/** What of a run is compared: what its snapshot holds below the grants. */
export type Part = "outcome" | "stdout" | "stderr" | "changes";

/** What a run did. */
export interface Observation {
  exitCode: number;
  /** How it ended, in words. */
  ending: string;
  parts: Readonly<Record<Part, unknown>>;
  usage: Usage;
}

/**
 * Runs a run of an example with a time limit, changing none of its directories,
 * and watches what it does.
 *
 * @throws WasiKitError, ManifestError where it can't be run
 */
export function observe(example: Example, name: string): Observation {
  const resolved = resolveRun(example, name);
  const watch = watchUsage();
  const options = { timeoutMs: defaultTimeoutMs, ...withoutWriting(resolved.options) };
  const result = runInterruptibly(relative(process.cwd(), resolved.module), { ...options, trace: watch.add });
  const { outcome, exitCode, trap, stdoutBytes, stderrBytes } = result;
  const differing = listDifferences(result.changes ?? {}, options.preopens);
  const changes = differing.filter(([, inDirectory]) => inDirectory.length > 0);
  const message = trap ? `: ${trap.message}` : outcome === "timed-out" ? ` after ${options.timeoutMs} ms` : "";
  return {
    exitCode,
    ending: outcome === "exited" ? `ended with exit code ${exitCode}` : `${outcome.replaceAll("-", " ")}${message}`,
    parts: { outcome: [outcome, exitCode, trap?.message], stdout: stdoutBytes, stderr: stderrBytes, changes },
    usage: watch.usage(),
  };
}

/** The parts in which two observations are not the same. */
export function differences(one: Observation, other: Observation): Part[] {
  const parts = Object.keys(one.parts) as Part[];
  return parts.filter((part) => !isDeepStrictEqual(one.parts[part], other.parts[part]));
}
