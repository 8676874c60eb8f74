import { diagnoses } from "./diagnoses.ts";
import { factsOf } from "./evidence.ts";
import type { Evidence } from "./evidence.ts";
import type { Need } from "./need.ts";

/** Why a run may have ended badly. */
export interface Explanation {
  /** Which of the diagnoses it is. */
  readonly diagnosis: string;
  /** A few sentences for people, on what happened and what to do. */
  readonly text: string;
  /** What the run would have to be granted, where that is it. */
  readonly need?: Need;
}

/**
 * Says why a run may have ended badly, or could not start: for someone who has
 * never seen WASI.
 *
 * @returns nothing where it ended well, or where nothing is known that would explain it
 * @example
 * const result = await run("cat.wasm", options);
 * console.error(explain({ end: result, options })?.text);
 */
export function explain(evidence: Evidence): Explanation | undefined {
  const facts = factsOf(evidence);
  const endedWell = "outcome" in evidence.end && evidence.end.outcome === "exited" && evidence.end.exitCode === 0;
  if (endedWell) return undefined;
  for (const [diagnosis, find] of Object.entries(diagnoses)) {
    const found = find(facts);
    if (found) return { diagnosis, ...(typeof found === "string" ? { text: found } : found) };
  }
  return undefined;
}
