import { join } from "node:path";
import type { Part } from "@wasi-kit/manifest";

/** The folder of an example's snapshots. */
export const snapshotFolder = (dir: string): string => join(dir, "__snapshots__");

/** The snapshot of a run. */
export const snapshotPath = (dir: string, run: string): string => join(snapshotFolder(dir), `${run}.txt`);

/** What a run did, by part, in lines. */
export type Deeds = Record<Exclude<Part, "grants" | "fixtures">, string[]>;

/** Takes what a run did from the text of its snapshot; undefined where that is none that a run is recorded as. */
export function parseSnapshot(text: string): Deeds | undefined {
  // What came out stands behind bars, so that an empty line is always between two blocks.
  const [head = "", ...blocks] = text.replace(/\n$/, "").split("\n\n");
  const [, outcome, exitCode] = /^outcome {4}(.*(?:\n {11}.*)*)\nexit code {2}(\d+)$/m.exec(head) ?? [];
  if (outcome === undefined || exitCode === undefined) return undefined;

  const same = { exitCode: [exitCode], stdout: [], stderr: [], changes: [] };
  const [first = "", second = "", ...rest] = blocks;
  if (first.startsWith("message")) return { ...same, outcome: [outcome, ...contentOf(first)] };
  if (!first.startsWith("stdout") || !second.startsWith("stderr")) return undefined;
  const [stdout, stderr] = [contentOf(first), contentOf(second)];
  return { ...same, outcome: [outcome], stdout, stderr, changes: rest.flatMap((block) => block.split("\n")) };
}

const contentOf = (block: string): string[] =>
  block
    .split("\n")
    .slice(1)
    .map((line) => line.slice(2));
