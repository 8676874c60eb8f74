/**
 * Changes one thing after another in the sources of packages/wasi and of the
 * runner's limits, and says which changes no test noticed.
 *
 *     pnpm mutation [AREA…] [--write]
 *
 * An area is a folder of `areas.ts`, such as `wasi/preview1`. Default: all, which
 * takes an hour on two cores. What is known of code and tests that have not
 * changed since the last run is taken from `build/mutation`. `--write` puts the
 * scores into docs/mutation.md, and lists what no test noticed in a file an area
 * beside this one, in `survivors`. The exit code is 1 if a score is below 85 %.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { root } from "../root.ts";
import { areas } from "./areas.ts";
import type { Area } from "./areas.ts";
import { isNoticed, readScores, scoreOf, writeScores } from "./scores.ts";
import type { Mutant } from "./scores.ts";

const minimum = 85;
const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: "boolean" } } });
const unknown = positionals.filter((name) => !areas.some((area) => area.name === name));
if (unknown.length > 0) {
  console.error(`${unknown.join(", ")}: no such area. There are ${areas.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}
process.chdir(root);
mkdirSync("build/mutation", { recursive: true });
const page = "docs/mutation.md";
let scores = readScores(readFileSync(page, "utf8"));
for (const area of areas.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const results = await mutate(area);
  const score = scoreOf(results);
  scores = { ...scores, [area.name]: score };
  const survivors = results.filter((it) => !isNoticed(it)).map(asLine);
  for (const line of survivors) console.log(line);
  const percent = (100 * score.noticed) / score.mutants;
  console.log(`${area.name}: ${score.noticed} of ${score.mutants} noticed, ${percent.toFixed(1)} %`);
  if (percent < minimum) process.exitCode = 1;
  if (values.write) {
    const list = join("tools/mutation/survivors", `${area.name.replaceAll("/", "-")}.txt`);
    writeFileSync(list, `${survivors.toSorted(byPlace).join("\n")}\n`);
  }
}
if (values.write) writeFileSync(page, writeScores(readFileSync(page, "utf8"), scores));

/** A change that no test noticed: its place, its kind and what it put there. */
function asLine({ fileName, location, mutatorName, replacement }: Mutant): string {
  const place = `${relative(root, fileName)}:${location.start.line}:${location.start.column}`;
  return `${place}  ${mutatorName}  ${replacement.replaceAll(/\s+/g, " ").slice(0, 100)}`;
}

function byPlace(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** Runs the tests of an area on each of its mutants. */
function mutate({ name, sources, tests }: Area): Promise<readonly Mutant[]> {
  // The processes that run tests have it from here.
  process.env["WASI_KIT_MUTATION_TESTS"] = JSON.stringify(tests);
  const stryker = new Stryker({
    mutate: [...sources],
    testRunner: "vitest",
    plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
    vitest: { configFile: "tools/mutation/vitest.config.js", related: false },
    coverageAnalysis: "perTest",
    // Two cores are what most machines can spare.
    concurrency: 2,
    timeoutMS: 20_000,
    incremental: true,
    incrementalFile: `build/mutation/${name.replaceAll("/", "-")}.json`,
    // Below the repository, vitest and the linters would find the copies of it.
    tempDirName: join(tmpdir(), `wasi-kit-mutation-${process.pid}`),
    ignorePatterns: [
      "**",
      "!packages/*/{src,test,package.json,tsconfig.json}",
      "!packages/*/{src,test}/**",
      "!tsconfig.base.json",
      "!package.json",
      "!tools/mutation/**",
    ],
    // TypeScript 7 has no API that could rewrite one, and nothing in the copies needs it.
    tsconfigFile: "none.json",
    disableTypeChecks: false,
    reporters: ["progress-append-only"],
    allowEmpty: true,
  });
  return stryker.runMutationTest();
}
