import type { BinaryInspection } from "./inspection.ts";

/** Where something begins and ends, in bytes from the file's start. */
export type ByteRange = readonly [from: number, to: number];

/** A module or a component while it is read. */
export interface InspectionState {
  /** The whole file. */
  readonly bytes: Uint8Array;
  /** What is known so far. */
  readonly inspection: BinaryInspection;
  /** The names that its functions have in its `name` section. */
  readonly functionNames: string[];
  /** The ids of the sections that were read to their ends. */
  readonly completeSections: Set<number>;
}
