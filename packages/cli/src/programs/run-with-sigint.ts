import { runSync } from "@wasi-kit/runner";
import type { RunResult, SyncRunOptions } from "@wasi-kit/runner";

/** Thrown if Ctrl-C ended a run. */
class Interrupted extends Error {
  readonly exitCode = 130;
}

/**
 * Runs one of many guests, so that Ctrl-C ends it and all that was to follow.
 *
 * @throws Interrupted, with the exit code of a command; WasiKitError as `runSync` does
 */
export function runInterruptibly(module: string, options: SyncRunOptions): RunResult {
  const result = runSync(module, { ...options, breakOnSigint: true });
  if (result.outcome === "aborted") throw new Interrupted("Ended by Ctrl-C.");
  return result;
}
