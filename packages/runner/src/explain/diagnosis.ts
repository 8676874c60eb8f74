import type { ExplainContext } from "./context.ts";
import type { MissingGrant } from "./missing-grant.ts";

/** Looks for one cause. Returns a text for people, and what would have to be granted; undefined if it is another cause. */
export type Diagnosis = (
  context: ExplainContext,
) => string | { readonly text: string; readonly missingGrant: MissingGrant } | undefined;
