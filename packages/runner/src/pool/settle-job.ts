import { WasiKitError } from "../error.ts";
import type { Outcome } from "../outcome.ts";
import type { LoadedModule } from "../module/module.ts";
import type { CompletedRun } from "../result.ts";
import type { RunJob } from "./job.ts";
import type { RunFailure } from "./run-handle.ts";

/** How a worker makes the run of a job. */
interface WorkerRun {
  /** Asks the worker for it, and waits for its end. */
  make(): Promise<CompletedRun | RunFailure>;
  /** Ends it. */
  stop(): void;
  /** Outcomes after which the worker can't make another one. */
  readonly unusableAfter: ReadonlySet<Outcome>;
}

/**
 * Has a worker make a run, and settles its job. Never rejects.
 *
 * @returns whether the run left the worker as it can be used again
 */
export async function settleJob(
  job: RunJob,
  module: LoadedModule,
  { make, stop, unusableAfter }: WorkerRun,
): Promise<boolean> {
  const { signal } = job.options;
  signal?.addEventListener("abort", stop);
  try {
    const done = await make();
    if ("error" in done) throw done.error;
    job.resolve(done, module);
    return !unusableAfter.has(done.termination.outcome);
  } catch (error) {
    job.reject(error);
    return error instanceof WasiKitError;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
