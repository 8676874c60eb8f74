import { createContext } from "./context.ts";
import type { ExplainInput } from "./context.ts";
import { diagnoses } from "./diagnoses.ts";
import type { MissingGrant } from "./missing-grant.ts";

/** Why a run may have failed. */
export interface Explanation {
  /** The name of the diagnosis. */
  readonly diagnosis: string;
  /** A few sentences that say what happened and what to do. */
  readonly text: string;
  /** What the run would have to be granted, if that would help. */
  readonly missingGrant?: MissingGrant;
}

/**
 * Explains why a run may have failed, or could not start, to someone who does not
 * know WASI.
 *
 * @returns undefined if the run succeeded, or if no diagnosis fits
 * @example
 * const result = await run("cat.wasm", options);
 * console.error(explain({ end: result, options })?.text);
 */
export function explain(input: ExplainInput): Explanation | undefined {
  const { end } = input;
  if ("outcome" in end && end.outcome === "exited" && end.exitCode === 0) return undefined;
  const context = createContext(input);
  for (const [diagnosis, diagnose] of Object.entries(diagnoses)) {
    const found = diagnose(context);
    if (found) return { diagnosis, ...(typeof found === "string" ? { text: found } : found) };
  }
  return undefined;
}
