import { runSync } from "@wasi-kit/runner";
import type { SyncRunOptions } from "@wasi-kit/runner";

/**
 * How many WASI functions a module calls in a run.
 *
 * @throws Error if it does not end with the exit code that is expected: the count would be of something else
 */
export function countCalls(module: string, options: SyncRunOptions, exitCode: number): number {
  let count = 0;
  const result = runSync(module, { ...options, trace: () => void count++ });
  if (result.exitCode === exitCode) return count;
  throw new Error(`${module} ended with ${result.exitCode} instead of ${exitCode}: ${result.stderr}`);
}
