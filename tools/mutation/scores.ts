import type { Stryker } from "@stryker-mutator/core";
import { areas } from "./areas.ts";

/** A change, and whether a test noticed it. */
export type Mutant = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

/** How many mutants an area has, and how many of them a test notices. */
export interface Score {
  readonly mutants: number;
  readonly noticed: number;
}

export type Scores = Readonly<Record<string, Score>>;

/** Whether a test fails, or never ends, with a mutant. */
export const isNoticed = ({ status }: Pick<Mutant, "status">): boolean =>
  status === "Killed" || status === "Timeout" || status === "RuntimeError";

export function scoreOf(results: readonly Pick<Mutant, "status">[]): Score {
  const counted = results.filter(({ status }) => status !== "Ignored" && status !== "CompileError");
  return { mutants: counted.length, noticed: counted.filter(isNoticed).length };
}

const head = ["| area | mutants | noticed | score |", "| --- | ---: | ---: | ---: |"];
const row = /^\| `(.+)` +\| +(\d+) +\| +(\d+) +\| .* \|$/gm;

/** The scores in a page. */
export function readScores(page: string): Scores {
  const rows = [...page.matchAll(row)].map(([, area = "", mutants, noticed]) => [
    area,
    { mutants: Number(mutants), noticed: Number(noticed) },
  ]);
  return Object.fromEntries(rows) as Scores;
}

/** A page with other scores in its table. Areas that were not run keep theirs. */
export function writeScores(page: string, scores: Scores): string {
  const rows = areas.flatMap(({ name }) => {
    const score = scores[name];
    if (!score) return [];
    const percent = ((100 * score.noticed) / score.mutants).toFixed(1);
    return [`| \`${name}\` | ${score.mutants} | ${score.noticed} | ${percent} % |`];
  });
  const table = [...head, ...rows].join("\n");
  return page.replace(/^\| area .*(\n\|.*)*/m, () => table);
}
