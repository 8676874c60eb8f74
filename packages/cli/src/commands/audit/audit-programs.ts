import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { manifestName } from "@wasi-kit/manifest";
import type { Example } from "@wasi-kit/manifest";
import { auditRun } from "./audit-run.ts";
import type { RunAudit } from "./audit-run.ts";

/** What was found of an example. */
export interface ExampleAudit {
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
 * Audits every run of some examples.
 *
 * @param base - the folder that they are called after
 * @param onRun - told of each run before it is audited
 * @throws WasiKitError, ManifestError where one can't be run
 */
export async function auditExamples(
  examples: readonly Example[],
  base: string,
  onRun: (example: string, run: string) => void,
): Promise<ExampleAudit[]> {
  const audits: ExampleAudit[] = [];
  for (const example of examples) {
    const name = relative(base, example.dir) || example.name;
    const path = relative(process.cwd(), join(example.dir, manifestName));
    const before = readFileSync(path, "utf8");
    let after = before;
    const runs: RunAudit[] = [];
    for (const run of Object.keys(example.manifest.runs)) {
      onRun(name, run);
      const { audit, text } = await auditRun(example, run, after);
      runs.push(audit);
      after = text;
    }
    audits.push({ name, path, before, after, runs });
  }
  return audits;
}
