import { afterAll, describe, expect, test } from "vitest";
import { problems, runCase } from "./case.ts";
import { attackFamilies } from "./attacks.ts";
import { legitimate } from "./legitimate-uses.ts";
import { createFixtureTree } from "./fixture-tree.ts";

const fixture = createFixtureTree();
afterAll(() => fixture.remove());

const all = Object.entries({ ...attackFamilies, "legitimate uses": legitimate }).flatMap(([family, cases]) =>
  cases.map((testCase) => [`${family}: ${testCase.name}`, testCase] as const),
);

// Directories of the host have a test of their own, which is one of the quick ones.
describe.each(["memory", "copy-on-write"] as const)("on %s", (backend) => {
  test.for(all)("%s", ([, testCase]) => {
    expect(problems(testCase.steps, runCase(fixture, testCase, backend)).join("\n")).toBe("");
  });
});

// A directory that is held by its path is lost when it is moved, so that some calls give other errors there.
describe("on directories that are held by their paths, nothing gets out", () => {
  test.for(all)("%s", ([, testCase]) => {
    const { seen, changed } = runCase(fixture, testCase, "host by path");
    expect([...seen, ...changed].join("\n")).toBe("");
  });
});
