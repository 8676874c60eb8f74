import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../root.ts";
import type { OpenPage } from "../browser/open-page.ts";
import { caspervonb } from "./caspervonb.ts";
import { examples } from "./examples.ts";
import type { FileSystemName } from "./file-systems.ts";
import { goTests } from "./go-tests.ts";
import { nodeTests } from "./node.ts";
import { runTest } from "./run.ts";
import type { Verdict } from "./run.ts";
import type { SuiteTest } from "./suite-test.ts";
import type { Suite } from "./suite.ts";
import { wasiTestsuite } from "./wasi-testsuite.ts";
import { zigTests } from "./zig-tests.ts";

/** Suites that compilers make of what they bring; undefined without the compiler. */
const standardLibraries: Readonly<Record<string, () => Promise<Suite | undefined>>> = {
  Go: goTests,
  Zig: zigTests,
};

/**
 * The suites, in the order of the page.
 *
 * @param log - called with a line for each that can't be made here
 */
export async function findSuites(log: (line: string) => void = () => {}): Promise<Suite[]> {
  const suites: Suite[] = [wasiTestsuite, caspervonb, nodeTests, examples];
  for (const [language, make] of Object.entries(standardLibraries)) {
    const suite = await make();
    if (suite) suites.push(suite);
    else log(`Left out: ${language}'s standard library, since ${language} is not here. To install it: pnpm toolchains`);
  }
  return suites;
}

/** The folder with a folder for each suite. Default: beside the repository. */
export const suitesFolder: string = process.env["WASI_SUITES"] ?? join(root, "../shared/suites");

/** The results of a suite. */
export interface Results {
  suite: Suite;
  tests: readonly SuiteTest[];
  verdicts: ReadonlyMap<FileSystemName, readonly Verdict[]>;
}

/**
 * Runs a suite on each of its file systems; undefined if the suite is missing.
 *
 * @param open - a page of Chromium. Without one, nothing is run there
 */
export async function runSuite(suite: Suite, folder: string, open?: OpenPage): Promise<Results | undefined> {
  const checkout = resolve(folder, suite.folder);
  if (!existsSync(checkout)) return undefined;
  const tests = await suite.read(checkout);
  const verdicts = new Map<FileSystemName, readonly Verdict[]>();
  for (const name of suite.fileSystems.filter((it) => it !== "in Chromium" || open)) {
    const own: Verdict[] = [];
    for (const test of tests.filter((it) => it.usesFiles !== false || name === suite.fileSystems[0])) {
      own.push(...(await runTest(test, name, open)));
    }
    verdicts.set(name, own);
  }
  return { suite, tests, verdicts };
}
