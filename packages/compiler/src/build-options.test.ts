import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeFolder, remove } from "../../manifest/test/helpers/folder.ts";
import { testOptions, thrown } from "../../wasi/test/support/option-rules.ts";
import { buildAll } from "./build-all.ts";
import { build } from "./build.ts";
import { commandBuildRules, languageBuildRules } from "./build-options.ts";
import type { BuildTarget } from "./build-options.ts";

const dir = await makeFolder({ "hello.wat": "(module)", "copy.txt": "" });
afterAll(() => remove(dir));

const compiled = { dir, language: "wat", source: join(dir, "hello.wat"), module: join(dir, "hello.wasm") };
const made = {
  dir,
  command: [
    process.execPath,
    "-e",
    'require("node:fs").writeFileSync("made.wasm", Buffer.from("AGFzbQEAAAA=", "base64"))',
  ],
  inputs: ["copy.txt"],
  module: join(dir, "made.wasm"),
};

/** A build with what a test adds. What is to be built has no default: without it there is an error of its own. */
const buildWith =
  (target: object) =>
  (options: never): unknown => {
    if (typeof options !== "object" || options === null) return build(options);
    const given = Object.entries<unknown>(options).filter(([name, value]) => value !== undefined || !(name in target));
    return build({ ...target, ...Object.fromEntries(given) } as unknown as BuildTarget);
  };

testOptions([
  ["build()", languageBuildRules, buildWith(compiled)],
  ["build()", commandBuildRules, buildWith(made)],
]);

test.each([
  ...Object.keys(compiled).map((name) => [name, compiled] as const),
  ...Object.keys(made)
    .filter((name) => name !== "command")
    .map((name) => [name, made] as const),
])("without %s there is nothing to build", async (name, target) => {
  const error = await thrown(build as (options: never) => unknown, { ...target, [name]: undefined });
  expect(error).toMatchObject({ name: "BuildError", code: "E_OPTION", exitCode: 2 });
  expect(error).toMatchObject({ message: expect.stringMatching(new RegExp(String.raw`^build\(\) needs ${name}: `)) });
});

test("a language that there is not is named, with those that there are", async () => {
  expect(await thrown(build as (options: never) => unknown, { ...compiled, language: "rsut" })).toMatchObject({
    message: 'language is "rsut". It can be "assemblyscript" or "c" or "go" or "rust" or "wat" or "zig".',
  });
});

test("an option of one of several that there is not is the error of that one", async () => {
  const ended: unknown[] = [];
  const misspelt = { ...(compiled as BuildTarget), forse: true };
  await buildAll([misspelt, made as BuildTarget], (it) => ended.push(it));
  expect(ended).toContainEqual({
    target: misspelt,
    error: expect.objectContaining({
      code: "E_OPTION",
      message: expect.stringContaining("build() has no option forse. Did you mean force?"),
    }),
  });
  expect(ended).toContainEqual(expect.objectContaining({ built: expect.objectContaining({ size: 8 }) }));
});
