import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import { expect, test } from "vitest";
import { wasiKit } from "../../../test/helpers/command.ts";

const examples = fileURLToPath(new URL("../../../../../examples", import.meta.url));
const withExamples = readdirSync(examples).filter((name) => existsSync(join(examples, name, "hello/wasi.json")));
const main = fileURLToPath(new URL("../../../dist/main.cjs", import.meta.url));

test.each(withExamples)("to find out that nothing of %s has changed takes the bundle alone", async (language) => {
  const example = join(examples, language, "hello");
  await wasiKit(["build", example]);
  const script = `const before = new Set(process.moduleLoadList);
require(${JSON.stringify(main)}).main(["build", ${JSON.stringify(example)}]).then(() => {
  const loaded = process.moduleLoadList.filter((it) => !before.has(it));
  process.stdout.write([...loaded, ...Object.keys(require.cache)].join("\\n"));
});`;
  const { stdout, stderr } = await x(process.execPath, ["--eval", script]);
  expect(stderr).toContain("is up to date");
  expect(stdout).not.toMatch(/ (child_process|fs\/promises|internal\/modules\/esm\/loader)$/m);
  // The version of a compiler is in its package.json.
  const files = stdout.split("\n").filter((it) => /\.[cm]?js(on)?$/.test(it) && !it.endsWith("/package.json"));
  expect(new Set(files.map(dirname))).toEqual(new Set([dirname(main)]));
});
