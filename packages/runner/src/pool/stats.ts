import { WasiKitError } from "../error.ts";
import type { ErrorCode } from "../error.ts";
import type { Outcome } from "../outcome.ts";
import type { RunResult } from "../result.ts";

/** What a pool does now, and what it has done so far. */
export interface PoolStats {
  /** How many workers there are, including those that are being started. */
  workers: number;
  /** How many of them are in use. */
  busy: number;
  /** How many runs wait for one. */
  queued: number;
  /** How many runs ended, by outcome. */
  outcomes: Partial<Record<Outcome, number>>;
  /** How many runs failed without a result, by the code of the `WasiKitError`, or `other`. */
  errors: Partial<Record<ErrorCode | "other", number>>;
  /** The total time that the runs that ended had waited for a worker, in milliseconds. */
  queueMs: number;
  /** The total of their `durationMs`: see {@link RunResult}. */
  durationMs: number;
}

/** What a pool has done so far. */
type PoolCounts = Omit<PoolStats, "workers" | "busy" | "queued">;

/** Counts what a pool does. */
export interface PoolCounter {
  addResult(result: RunResult): void;
  addError(error: unknown): void;
  counts(): PoolCounts;
}

export function createPoolCounter(): PoolCounter {
  const { outcomes, errors, ...times }: PoolCounts = { outcomes: {}, errors: {}, queueMs: 0, durationMs: 0 };
  return {
    addResult({ outcome, queueMs = 0, durationMs }) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      times.queueMs += queueMs;
      times.durationMs += durationMs;
    },
    addError(error) {
      const code = error instanceof WasiKitError ? error.code : "other";
      errors[code] = (errors[code] ?? 0) + 1;
    },
    counts: () => ({ outcomes: { ...outcomes }, errors: { ...errors }, ...times }),
  };
}
