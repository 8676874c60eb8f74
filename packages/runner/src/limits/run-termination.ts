import type { Outcome } from "../outcome.ts";
import type { LimitName } from "./limits.ts";

/** Outcomes that a call of the guest's brings about by itself. */
type OutcomeOfCall = "output-limit" | "input-limit" | "call-limit" | "broken-pipe";

const fromOutside = ["timed-out", "cpu-limit", "aborted"] as const;
type OutcomeFromOutside = (typeof fromOutside)[number];

/** Whether an outcome comes from outside: only in the replay of a run does a call bring it about. */
export const isFromOutside = (outcome: Outcome): outcome is OutcomeFromOutside =>
  (fromOutside as readonly Outcome[]).includes(outcome);

/** Thrown out of a call of the guest's to end the run. */
export class RunTermination {
  readonly outcome: OutcomeOfCall | OutcomeFromOutside;
  readonly limit: LimitName | undefined;
  /** How many bytes the write that ends the run wrote. */
  readonly written: number;

  constructor(outcome: RunTermination["outcome"], limit?: LimitName, written: number = 0) {
    this.outcome = outcome;
    this.limit = limit;
    this.written = written;
  }
}
