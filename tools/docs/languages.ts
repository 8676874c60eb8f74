import { basename } from "node:path";
import type { Program, LanguageName } from "@wasi-kit/manifest";

/** The languages in the order in which documents show them, and what they are called there. */
export const languages: Readonly<Record<LanguageName, string>> = {
  wat: "WAT",
  rust: "Rust",
  assemblyscript: "AssemblyScript",
};

const languageOrder = Object.keys(languages);
const placeOf = ({ manifest }: Program): number => languageOrder.indexOf(manifest.build?.language ?? "");

/** The scenario that an example shows: its folder's name. */
export const scenarioOf = ({ dir }: Program): string => basename(dir);

/** Sorts examples by scenario, and the same scenario by language. */
export function compareScenarios(a: Program, b: Program): number {
  const [one, other] = [scenarioOf(a), scenarioOf(b)];
  return one === other ? placeOf(a) - placeOf(b) : one < other ? -1 : 1;
}
