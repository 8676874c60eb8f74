import { join } from "node:path";
import type { ComparedPart } from "@wasi-kit/manifest";

/** The folder of an example's snapshots. */
export const snapshotFolder = (dir: string): string => join(dir, "__snapshots__");

/** The snapshot of a run. */
export const snapshotPath = (dir: string, run: string): string => join(snapshotFolder(dir), `${run}.txt`);

/** The lines of a snapshot that say what a run did, by part. */
export type RecordedParts = Record<Exclude<ComparedPart, "grants" | "fixtures">, string[]>;

/** Reads what a run did from its snapshot; undefined if the text is no such snapshot. */
export function parseSnapshot(text: string): RecordedParts | undefined {
  // Lines of output begin with a bar, so an empty line always separates two blocks.
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
