import { WasiKitError } from "@wasi-kit/runner";
import { showValue } from "@wasi-kit/wasi/option-rules";
import { describe, test } from "vitest";
import { comparableRuns, compareVersions, findScenarios } from "./parity.ts";

/**
 * Declares a test for each run of each scenario that is there in more than one
 * language: examples below a directory whose folders have the same name. A run
 * must be there in all of them and have the same grants, fixtures, outcome,
 * exit code, stdout, stderr and changes, unless `differs` in a wasi.json says
 * what is another one there, and why; those that don't say it are what the
 * others are compared with. A `differs` that is not needed fails as well.
 *
 * What runs did is read from their snapshots, which {@link testProgram} holds
 * true: nothing is run, so this is fast.
 *
 * @throws ManifestError `E_MANIFEST`
 * @throws WasiKitError `E_OPTION`
 * @example
 * import { testParity } from "@wasi-kit/vitest";
 *
 * await testParity("examples");
 */
export async function testParity(directory: string): Promise<void> {
  if (typeof directory !== "string")
    throw new WasiKitError("E_OPTION", `testParity() needs the path of a folder, and got ${showValue(directory)}.`);
  const scenarios = [...(await findScenarios(directory))].map(([name, versions]) => ({
    name,
    versions,
    runs: comparableRuns(versions),
  }));
  const comparable = scenarios.filter(({ runs }) => runs.length > 0);
  if (comparable.length === 0)
    throw new Error(`There is nothing to compare: no two examples below ${directory} have folders of the same name.`);

  for (const { name, versions, runs } of comparable) {
    describe(name, () => {
      // oxlint-disable-next-line vitest/expect-expect -- an assertion would hide the text below its own
      test.each(runs)("%s", async (run) => {
        const problems = await compareVersions(versions, run);
        if (problems.length > 0) throw new Error(problems.join("\n\n"));
      });
    });
  }
}
