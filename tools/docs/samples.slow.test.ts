import { globSync } from "tinyglobby";
import { x } from "tinyexec";
import { expect, test } from "vitest";
import { root } from "../root.ts";

test("the samples in documents are compiled against what is published", async () => {
  const samples = globSync("tools/docs/samples/*.ts", { cwd: root }).toSorted();
  const options = ["--ignoreConfig", "--noEmit", "--strict", "--allowImportingTsExtensions", "--module", "nodenext"];
  const { stdout } = await x("tsc", [...options, "--target", "es2023", "--types", "node", ...samples], {
    nodeOptions: { cwd: root },
  });
  expect(samples).toContain("tools/docs/samples/runner.ts");
  expect(stdout).toBe("");
});
