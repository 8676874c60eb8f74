/**
 * Runs outside suites, and the examples, on each file system and in Chromium, and says what passed.
 *
 *     pnpm conformance [--suites DIR] [--write FILE] [--only NAME]…
 *
 * DIR holds a folder for each suite: `testsuite` (WebAssembly/wasi-testsuite,
 * branch prod/testsuite-base, which has prebuilt modules), `caspervonb`
 * (caspervonb/wasi-test-suite), `node` (of Node.js, `test/wasi/wasm` and
 * `test/fixtures/wasi`). Nothing of them is kept here. Default: what WASI_SUITES
 * names, or else `../shared/suites`. A suite that is not there is left out.
 *
 * The tests of standard libraries are compiled by the compilers that are here. If wasmtime or wazero is on PATH, they run
 * the same modules, and what passes there is printed beside.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findChromium } from "../browser/chromium.ts";
import { openPage } from "../browser/open-page.ts";
import { runElsewhere } from "./other-runtimes.ts";
import { countsOf, failuresOf, formatPage } from "./page.ts";
import { findSuites, runSuite, suitesFolder } from "./suites.ts";
import type { Results } from "./suites.ts";

const { values } = parseArgs({
  options: {
    suites: { type: "string", default: suitesFolder },
    write: { type: "string" },
    only: { type: "string", multiple: true },
  },
});

const chromium = findChromium();
if (chromium === undefined) console.error("Left out: Chromium, which is not here. `pnpm browser` installs it.");
const open = chromium === undefined ? undefined : await openPage();
const results: Results[] = [];
for (const suite of (await findSuites(console.error)).filter(({ name }) => values.only?.includes(name) ?? true)) {
  const result = await runSuite(suite, values.suites, open);
  if (result) results.push(result);
  else console.error(`Left out: ${suite.name}, which is not at ${join(values.suites, suite.folder)}.`);
}
await open?.close();
for (const { suite, tests, verdicts } of results.filter((it) => it.tests.some(({ parts }) => parts))) {
  const [own = []] = verdicts.values();
  for (const [runtime, its] of new Map([["wasi-kit", own], ...(await runElsewhere(tests))])) {
    console.error(`${suite.name}, ${runtime}: ${countsOf(its)}`);
  }
}
const failures = results.flatMap(failuresOf);
for (const failure of failures) console.error(`Failed: ${failure}`);
const page = formatPage(results);
if (values.write) writeFileSync(values.write, page);
else console.log(`${page}\nNode.js ${process.version}, ${process.platform} ${process.arch}`);
process.exitCode = failures.length > 0 ? 1 : 0;
