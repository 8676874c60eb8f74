import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { needs } from "../../packages/compiler/test/helpers/needs.ts";
import { chromiumMissing } from "../browser/chromium.ts";
import { openPage } from "../browser/open-page.ts";
import { root } from "../root.ts";
import { failuresOf, formatPage, sectionOf } from "./page.ts";
import { findSuites, runSuite, suitesFolder } from "./suites.ts";
import type { Results } from "./suites.ts";

test("the suites pass, and docs/conformance.md says so", { timeout: 1_200_000 }, async (context) => {
  const { skip } = context;
  skip(!existsSync(suitesFolder), `There are no suites at ${suitesFolder}; WASI_SUITES names another place.`);

  skip(chromiumMissing !== undefined, chromiumMissing);
  await needs("go", context);
  await needs("zig", context);

  const open = await openPage();
  const results: Results[] = [];
  for (const suite of await findSuites()) results.push((await runSuite(suite, suitesFolder, open)) as Results);
  await open.close();
  expect(results.flatMap(failuresOf)).toEqual([]);
  for (const { suite, verdicts } of results)
    for (const [name, its] of verdicts) expect(its, `${suite.name} ${name}`).not.toEqual([]);
  const path = join(root, "docs/conformance.md");
  await expect(asWritten(formatPage(results), results, readFileSync(path, "utf8"))).toMatchFileSnapshot(path);
});

/** Another version of a compiler brings other tests: what is written of them is left as it is. */
function asWritten(page: string, results: readonly Results[], written: string): string {
  return results.reduce((text, { suite }) => {
    const [ours = "", theirs] = [sectionOf(text, suite), sectionOf(written, suite)];
    const isOfOther = theirs !== undefined && !theirs.replaceAll("\n", " ").includes(suite.source);
    return isOfOther ? text.replace(ours, () => theirs) : text;
  }, page);
}
