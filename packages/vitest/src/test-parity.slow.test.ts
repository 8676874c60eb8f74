import { expect, test } from "vitest";
import { folderWith, manifestWith } from "../test/helpers/example.ts";
import { packages, runVitest, testPackage } from "../test/helpers/run-vitest.ts";

const snapshot = (stdout: string): string =>
  `preopens   none\noutcome    exited\nexit code  0\n\nstdout\n| ${stdout}\n\nstderr (nothing)\n`;
const comparing = (directory: string): string =>
  `import { testParity } from ${JSON.stringify(testPackage)};\nawait testParity(${JSON.stringify(directory)});\n`;

test("each run of each scenario is a test, which shows what is different", async () => {
  const folder = await folderWith({
    "rust/hello/wasi.json": manifestWith({ same: {}, other: {} }),
    "rust/hello/__snapshots__/same.txt": snapshot("hello"),
    "rust/hello/__snapshots__/other.txt": snapshot("hello"),
    "wat/hello/wasi.json": manifestWith({ same: {}, other: {} }),
    "wat/hello/__snapshots__/same.txt": snapshot("hello"),
    "wat/hello/__snapshots__/other.txt": snapshot("good bye"),
    "wat/alone/wasi.json": manifestWith({ same: {} }),
    node_modules: { to: packages },
    "parity.test.ts": comparing("."),
    "nothing.test.ts": comparing("wat"),
  });
  const { exitCode, output } = await runVitest(folder, "--reporter=verbose");
  expect(output).toContain("✓ parity.test.ts > hello > same");
  expect(output).toContain("× parity.test.ts > hello > other");
  expect(output).toContain(
    [
      "stdout of the run other is not the same:",
      "--- rust/hello",
      "+++ wat/hello",
      "@@ -1,1 +1,1 @@",
      "-hello",
      "+good bye",
      "Make it the same, or say in a wasi.json why it can't be: runs.other.differs.stdout.",
    ].join("\n"),
  );
  expect(output).toContain("nothing.test.ts");
  expect(output).toContain(
    "Error: There is nothing to compare: no two examples below wat have folders of the same name.",
  );
  expect(output).toMatch(/Tests +1 failed \| 1 passed/);
  expect(exitCode).toBe(1);
});
