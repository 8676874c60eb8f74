/**
 * Runs outside suites on each file system, and says what passed.
 *
 *     pnpm conformance [--suites DIR] [--write FILE]
 *
 * DIR holds a folder for each suite: `testsuite` (WebAssembly/wasi-testsuite,
 * branch prod/testsuite-base, which has prebuilt modules), `caspervonb`
 * (caspervonb/wasi-test-suite), `node` (of Node.js, `test/wasi/wasm` and
 * `test/fixtures/wasi`). Nothing of them is kept here. Default: what WASI_SUITES
 * names, or else `../shared/suites`. A suite that is not there is left out.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { failuresOf, formatPage } from "./page.ts";
import { runSuite, suites, suitesFolder } from "./suites.ts";
import type { Results } from "./suites.ts";

const { values } = parseArgs({
  options: { suites: { type: "string", default: suitesFolder }, write: { type: "string" } },
});

const results: Results[] = [];
for (const suite of suites) {
  const result = runSuite(suite, values.suites);
  if (result) results.push(result);
  else console.error(`Left out: ${suite.name}, which is not at ${join(values.suites, suite.folder)}.`);
}
const failures = results.flatMap(failuresOf);
for (const failure of failures) console.error(`Failed: ${failure}`);
const page = formatPage(results);
if (values.write) writeFileSync(values.write, page);
else console.log(`${page}\nNode.js ${process.version}, ${process.platform} ${process.arch}`);
process.exitCode = failures.length > 0 ? 1 : 0;
