import { createContext } from "./context.ts";
import type { ExplainInput } from "./context.ts";
import { diagnoses } from "./diagnoses.ts";
import type { MissingGrant } from "./missing-grant.ts";

/** Why a run may have ended badly. */
export interface Explanation {
  /** The name of the diagnosis. */
  readonly diagnosis: string;
  /** A few sentences for people, on what happened and what to do. */
  readonly text: string;
  /** What the run would have to be granted, if that would help. */
  readonly missingGrant?: MissingGrant;
}

/**
 * Says why a run may have ended badly, or could not start: for someone who has
 * never seen WASI.
 *
 * @returns undefined if it ended well, or if no diagnosis fits
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
