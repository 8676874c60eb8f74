import { join } from "node:path";
import { isExpected, manifestName, parseManifest } from "@wasi-kit/manifest";
import type { Example, Run } from "@wasi-kit/manifest";
import { WasiKitError } from "@wasi-kit/runner";
import { evidenceOf, grantsOf, takeAway, whyNot } from "./grant.ts";
import type { Kind } from "./grant.ts";
import { differingParts, observe } from "./observe.ts";
import type { Observation, Part } from "./observe.ts";
import type { Refusal } from "./usage.ts";

/** What there is to say of a run. */
export interface RunAudit {
  run: string;
  /**
   * `audited`: what it is granted was tried. `kept`: it is declared to end with
   * an error, and what it is granted is part of what that shows. `failed`: it did
   * not end as declared, so that there is nothing to compare with.
   */
  status: "audited" | "kept" | "failed";
  /** How it ended, in words. */
  ending: string;
  /** What it is granted, and gives the same result without. */
  unneeded: { kind: Kind; name: string | null; why: string }[];
  /** What it asked for, and was not granted. */
  refused: readonly Refusal[];
  /** What was not the same in two runs of it, and could not be compared. */
  unsteady: Part[];
  /** The run with what it needs and nothing else. */
  smallest: Run;
}

/**
 * Finds out what a run of an example is granted and does not need: the calls
 * that it makes propose something, and a run without it decides. It is not
 * needed if outcome, output and changes are the same.
 *
 * @param text - the text of the manifest
 * @returns what was found, and the text without what is not needed
 * @throws WasiKitError, ManifestError where it can't be run
 */
export async function auditRun(
  example: Example,
  name: string,
  text: string,
): Promise<{ audit: RunAudit; text: string }> {
  const declared = example.manifest.runs[name] as Run;
  const { exitCode: expected = 0 } = declared;
  const nothing = { run: name, unneeded: [], refused: [], unsteady: [], smallest: declared };
  const seen = observeOrExpected(example, name, expected);
  if (typeof seen === "string") return { audit: { ...nothing, status: "kept", ending: seen }, text };
  const { ending, exitCode, usage } = seen;
  if (exitCode !== expected) return { audit: { ...nothing, status: "failed", ending }, text };
  if (expected !== 0) return { audit: { ...nothing, status: "kept", ending }, text };

  const unsteady = differingParts(seen, observe(example, name));
  const { smallest, unneeded } = await reduce({ example, text, seen }, name, unsteady);
  const run = smallest.example.manifest.runs[name] as Run;
  return {
    audit: { run: name, status: "audited", ending, unneeded, refused: usage.refused, unsteady, smallest: run },
    text: smallest.text,
  };
}

/** A manifest, and what a run of it did. */
interface Tried {
  example: Example;
  text: string;
  seen: Observation;
}

/** Takes away what a run does not need, one grant after another. */
async function reduce(
  whole: Tried,
  name: string,
  unsteady: readonly Part[],
): Promise<{ smallest: Tried; unneeded: RunAudit["unneeded"] }> {
  const unneeded: RunAudit["unneeded"] = [];
  const open = new Set(grantsOf(whole.example.manifest.runs[name] as Run, process.env));
  let smallest = whole;
  // Once more where something was taken away: what only served that may go as well.
  for (let before = -1; before !== unneeded.length;) {
    before = unneeded.length;
    for (const grant of open) {
      const evidence = evidenceOf(grant, smallest.seen.usage);
      // What can't be compared can't decide, and then only what was never asked for is tried.
      if (evidence === "used" || (evidence === "unclear" && unsteady.length > 0)) continue;
      const text = takeAway(smallest.text, name, grant);
      if (text === undefined) continue;
      const smaller = await tryOut(whole.example, name, text);
      if (differingParts(whole.seen, smaller.seen).some((part) => !unsteady.includes(part))) continue;
      smallest = smaller;
      unneeded.push({ kind: grant.kind, name: grant.name, why: whyNot(grant, evidence) });
      open.delete(grant);
    }
  }
  return { smallest, unneeded };
}

async function tryOut({ dir, name: folder }: Example, run: string, text: string): Promise<Tried> {
  const example = { dir, name: folder, manifest: await parseManifest(text, join(dir, manifestName)) };
  return { example, text, seen: observe(example, run) };
}

/** What a run does; where it can't be run and that is declared, why. */
function observeOrExpected(example: Example, name: string, expected: number): Observation | string {
  try {
    return observe(example, name);
  } catch (error) {
    if (error instanceof WasiKitError && isExpected(expected, error)) return `not started (${error.code})`;
    throw error;
  }
}
