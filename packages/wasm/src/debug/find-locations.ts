import type { SourceLocation } from "./frame.ts";

/** Looks offsets or addresses up in a module's debug information: for each its location, or undefined. */
export type FindLocations = (at: readonly number[]) => (SourceLocation | undefined)[];
