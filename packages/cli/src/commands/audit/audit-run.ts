import { join } from "node:path";
import { isExpected, manifestName, parseManifest } from "@wasi-kit/manifest";
import type { Program, Run } from "@wasi-kit/manifest";
import { WasiKitError } from "@wasi-kit/runner";
import { evidenceOf, grantsOf, removeGrant, reasonFor } from "./grant.ts";
import type { GrantKind } from "./grant.ts";
import { differingParts, observe } from "./observe.ts";
import type { Observation, ResultPart } from "./observe.ts";
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
  unneeded: { kind: GrantKind; name: string | null; why: string }[];
  /** What it asked for, and was not granted. */
  refused: readonly Refusal[];
  /** What was not the same in two runs of it, and could not be compared. */
  nonDeterministic: ResultPart[];
  /** The run with what it needs and nothing else. */
  minimal: Run;
}

/**
 * Finds out what a run of a program is granted and does not need: the calls
 * that it makes propose something, and a run without it decides. It is not
 * needed if outcome, output and changes are the same.
 *
 * @param text - the text of the manifest
 * @returns what was found, and the text without what is not needed
 * @throws WasiKitError, ManifestError if it can't be run
 */
export async function auditRun(
  program: Program,
  name: string,
  text: string,
): Promise<{ audit: RunAudit; text: string }> {
  const declared = program.manifest.runs[name] as Run;
  const { exitCode: expected = 0 } = declared;
  const nothing = { run: name, unneeded: [], refused: [], nonDeterministic: [], minimal: declared };
  const seen = observeOrExpected(program, name, expected);
  if (typeof seen === "string") return { audit: { ...nothing, status: "kept", ending: seen }, text };
  const { ending, exitCode, usage } = seen;
  if (exitCode !== expected) return { audit: { ...nothing, status: "failed", ending }, text };
  if (expected !== 0) return { audit: { ...nothing, status: "kept", ending }, text };

  const nonDeterministic = differingParts(seen, observe(program, name));
  const { minimal, unneeded } = await reduce({ program, text, seen }, name, nonDeterministic);
  const run = minimal.program.manifest.runs[name] as Run;
  return {
    audit: { run: name, status: "audited", ending, unneeded, refused: usage.refused, nonDeterministic, minimal: run },
    text: minimal.text,
  };
}

/** A manifest, and what a run of it did. */
interface Candidate {
  program: Program;
  text: string;
  seen: Observation;
}

/** Takes away what a run does not need, one grant after another. */
async function reduce(
  whole: Candidate,
  name: string,
  nonDeterministic: readonly ResultPart[],
): Promise<{ minimal: Candidate; unneeded: RunAudit["unneeded"] }> {
  const unneeded: RunAudit["unneeded"] = [];
  const open = new Set(grantsOf(whole.program.manifest.runs[name] as Run, process.env));
  let minimal = whole;
  // Once more if a grant was removed: another may have been needed for it alone.
  for (let before = -1; before !== unneeded.length;) {
    before = unneeded.length;
    for (const grant of open) {
      const evidence = evidenceOf(grant, minimal.seen.usage);
      // What can't be compared can't decide, and then only what was never asked for is tried.
      if (evidence === "used" || (evidence === "unclear" && nonDeterministic.length > 0)) continue;
      const text = removeGrant(minimal.text, name, grant);
      if (text === undefined) continue;
      const smaller = await evaluate(whole.program, name, text);
      if (differingParts(whole.seen, smaller.seen).some((part) => !nonDeterministic.includes(part))) continue;
      minimal = smaller;
      unneeded.push({ kind: grant.kind, name: grant.name, why: reasonFor(grant, evidence) });
      open.delete(grant);
    }
  }
  return { minimal, unneeded };
}

async function evaluate({ dir, name: folder }: Program, run: string, text: string): Promise<Candidate> {
  const program = { dir, name: folder, manifest: await parseManifest(text, join(dir, manifestName)) };
  return { program, text, seen: observe(program, run) };
}

/** What a run does; if it is declared that it can't start, why it can't. */
function observeOrExpected(program: Program, name: string, expected: number): Observation | string {
  try {
    return observe(program, name);
  } catch (error) {
    if (error instanceof WasiKitError && isExpected(expected, error)) return `not started (${error.code})`;
    throw error;
  }
}
