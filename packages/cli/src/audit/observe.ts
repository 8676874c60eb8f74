import { isDeepStrictEqual } from "node:util";
import { relative } from "node:path";
import { resolveRun } from "@wasi-kit/manifest";
import type { Example } from "@wasi-kit/manifest";
import { defaultTimeoutMs, stageRun } from "@wasi-kit/manifest/stage";
import { runInterruptibly } from "../interruptible.ts";
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
 * Runs a run of an example on copies of its directories, with a time limit, and
 * watches what it does.
 *
 * @throws WasiKitError, ManifestError where it can't be run
 */
export function observe(example: Example, name: string): Observation {
  const resolved = resolveRun(example, name);
  const stage = stageRun(resolved);
  const watch = watchUsage();
  try {
    const options = { timeoutMs: defaultTimeoutMs, ...stage.options };
    const result = runInterruptibly(relative(process.cwd(), resolved.module), { ...options, trace: watch.add });
    const { outcome, exitCode, trap, stdoutBytes, stderrBytes } = result;
    const changes = stage.changes().filter(([, inDirectory]) => inDirectory.length > 0);
    const message = trap ? `: ${trap.message}` : outcome === "timed-out" ? ` after ${options.timeoutMs} ms` : "";
    return {
      exitCode,
      ending: outcome === "exited" ? `ended with exit code ${exitCode}` : `${outcome.replaceAll("-", " ")}${message}`,
      parts: { outcome: [outcome, exitCode, trap?.message], stdout: stdoutBytes, stderr: stderrBytes, changes },
      usage: watch.usage(),
    };
  } finally {
    stage.close();
  }
}

/** The parts in which two observations are not the same. */
export function differences(one: Observation, other: Observation): Part[] {
  const parts = Object.keys(one.parts) as Part[];
  return parts.filter((part) => !isDeepStrictEqual(one.parts[part], other.parts[part]));
}
