import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { manifestName } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
import { auditRun } from "./audit-run.ts";
import type { RunAudit } from "./audit-run.ts";

/** What was found of a program. */
export interface ProgramAudit {
  /** What it is called. */
  name: string;
  /** Its wasi.json, relative to the working directory. */
  path: string;
  /** The text of that. */
  before: string;
  /** The same without what is not needed. */
  after: string;
  runs: RunAudit[];
}

/**
 * Audits every run of some programs.
 *
 * @param base - the folder that they are called after
 * @param onRun - called with each run before it is audited
 * @throws WasiKitError, ManifestError if one can't be run
 */
export async function auditPrograms(
  programs: readonly Program[],
  base: string,
  onRun: (program: string, run: string) => void,
): Promise<ProgramAudit[]> {
  const audits: ProgramAudit[] = [];
  for (const program of programs) {
    const name = relative(base, program.dir) || program.name;
    const path = relative(process.cwd(), join(program.dir, manifestName));
    const before = readFileSync(path, "utf8");
    let after = before;
    const runs: RunAudit[] = [];
    for (const run of Object.keys(program.manifest.runs)) {
      onRun(name, run);
      const { audit, text } = await auditRun(program, run, after);
      runs.push(audit);
      after = text;
    }
    audits.push({ name, path, before, after, runs });
  }
  return audits;
}
