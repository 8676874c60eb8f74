import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.ts";
import { caspervonb } from "./caspervonb.ts";
import type { FileSystemName } from "./file-systems.ts";
import { nodeTests } from "./node.ts";
import { runTest } from "./run.ts";
import type { Verdict } from "./run.ts";
import type { Suite } from "./suite.ts";
import { wasiTestsuite } from "./wasi-testsuite.ts";

/** The suites, in the order of the page. */
export const suites: readonly Suite[] = [wasiTestsuite, caspervonb, nodeTests];

/** The folder with a folder for each suite. Default: beside the repository. */
export const suitesFolder: string = process.env["WASI_SUITES"] ?? join(root, "../shared/suites");

/** The results of a suite. */
export interface Results {
  suite: Suite;
  verdicts: ReadonlyMap<FileSystemName, readonly Verdict[]>;
}

/** Runs a suite on each of its file systems; undefined if the suite is missing. */
export function runSuite(suite: Suite, folder: string): Results | undefined {
  const checkout = join(folder, suite.folder);
  if (!existsSync(checkout)) return undefined;
  const tests = suite.read(checkout);
  const verdicts = suite.fileSystems.map((name) => [name, tests.map((test) => runTest(test, name))] as const);
  return { suite, verdicts: new Map(verdicts) };
}
