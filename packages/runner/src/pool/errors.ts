import type { CompletedRun } from "../result.ts";
import type { RunEnd } from "./messages.ts";
import { receivedError, sentError } from "./sent-error.ts";
import type { SentError } from "./sent-error.ts";

/** What a worker says of a run that completed. */
export const completedEnd = (run: CompletedRun): RunEnd => ({ kind: "completed", ...withError(run, sentError) });

/** What a worker says of a run that could not start. */
export const failedEnd = (error: unknown): RunEnd => ({ kind: "failed", ...sentError(error) });

/** The run that completed, from what its worker says. */
export const receivedRun = (run: CompletedRun): CompletedRun =>
  withError(run, (error) => receivedError(error as SentError));

function withError(run: CompletedRun, change: (error: unknown) => unknown): CompletedRun {
  const { termination } = run;
  if (termination.outcome !== "host-error") return run;
  const { hostError } = termination;
  return { ...run, termination: { ...termination, hostError: { ...hostError, error: change(hostError.error) } } };
}
