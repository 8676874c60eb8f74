import type { Place } from "../frame.ts";

/** Finds offsets or addresses in a module's debug information: for each its place, or undefined. */
export type FindPlaces = (at: readonly number[]) => (Place | undefined)[];
