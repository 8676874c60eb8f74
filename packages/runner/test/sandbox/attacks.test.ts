import { afterAll, describe, expect, test } from "vitest";
import { hasEscaped, problems, runCase } from "./case.ts";
import { attackFamilies } from "./attacks.ts";
import { legitimate } from "./legitimate-uses.ts";
import { createFixtureTree } from "./fixture-tree.ts";

const fixture = createFixtureTree();
afterAll(() => fixture.remove());

for (const [family, cases] of Object.entries({ ...attackFamilies, "legitimate uses": legitimate })) {
  describe(family, () => {
    test.for(cases.map((testCase) => [testCase.name, testCase] as const))("%s", ([, testCase]) => {
      expect(problems(testCase.steps, runCase(fixture, testCase, "host")).join("\n")).toBe("");
    });
  });
}

test("on node:wasi alone, the cases that say so reach outside", () => {
  const said = Object.values(attackFamilies)
    .flat()
    .filter((testCase) => testCase.escapesOnNodeWasi);
  const held = said.filter((testCase) => !hasEscaped(runCase(fixture, testCase, "node:wasi")));
  expect(said.length).toBeGreaterThan(10);
  expect(held.map((testCase) => testCase.name).join("\n")).toBe("");
});

test("no two cases of a family have the same name", () => {
  for (const cases of [...Object.values(attackFamilies), legitimate]) {
    const names = cases.map((testCase) => testCase.name);
    expect(names).toEqual([...new Set(names)]);
  }
});
