import { basename } from "node:path";
import { builderOf } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";

/** The scenario that an example shows: its folder's name. */
export const scenarioOf = ({ dir }: Program): string => basename(dir);

/** Sorts examples by scenario, and the same scenario by the name of the language. */
export function compareScenarios(a: Program, b: Program): number {
  const [one, other] = [a, b].map((it) => `${scenarioOf(it)}/${builderOf(it.manifest)}`) as [string, string];
  return one < other ? -1 : 1;
}
