import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../root.ts";
import { failuresOf, formatPage } from "./page.ts";
import { runSuite, suites, suitesFolder } from "./suites.ts";
import type { Results } from "./suites.ts";

test("the outside suites pass, and docs/conformance.md says so", ({ skip }) => {
  skip(!existsSync(suitesFolder), `There are no suites at ${suitesFolder}; WASI_SUITES names another place.`);

  const results = suites.map((suite) => runSuite(suite, suitesFolder) as Results);
  expect(results.flatMap(failuresOf)).toEqual([]);
  // `pnpm conformance --write docs/conformance.md` writes it.
  expect(readFileSync(join(root, "docs/conformance.md"), "utf8")).toBe(formatPage(results));
});
