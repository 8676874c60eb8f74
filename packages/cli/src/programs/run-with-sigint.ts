import { runOnCopies } from "@wasi-kit/runner";
import type { CopiesRunResult, SyncRunOptions } from "@wasi-kit/runner";

/** Thrown if Ctrl-C ended a run. */
class Interrupted extends Error {
  readonly exitCode = 130;
}

/**
 * Runs one of several guests, on copies of its directories. Ctrl-C ends it, and
 * the command that would run the next one.
 *
 * @throws Interrupted, with the exit code of the command; WasiKitError as `runSync` does
 */
export function runWithSigint(module: string, options: SyncRunOptions): CopiesRunResult {
  const result = runOnCopies(module, { ...options, handleSigint: true });
  if (result.outcome === "aborted") throw new Interrupted("Ended by Ctrl-C.");
  return result;
}
