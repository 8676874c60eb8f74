import { afterAll, describe, expect, test } from "vitest";
import { hasEscaped, problems, runProbe } from "./case.ts";
import { families } from "./attacks.ts";
import { legitimate } from "./legitimate.ts";
import { createWorld } from "./fixture-tree.ts";

const world = createWorld();
afterAll(() => world.remove());

for (const [family, probes] of Object.entries({ ...families, "legitimate uses": legitimate })) {
  describe(family, () => {
    test.for(probes.map((probe) => [probe.name, probe] as const))("%s", ([, probe]) => {
      expect(problems(probe.steps, runProbe(world, probe, "host")).join("\n")).toBe("");
    });
  });
}

test("on node:wasi alone, the probes that say so reach outside", () => {
  const said = Object.values(families)
    .flat()
    .filter((probe) => probe.bare === "reaches");
  const held = said.filter((probe) => !hasEscaped(runProbe(world, probe, "node:wasi")));
  expect(said.length).toBeGreaterThan(10);
  expect(held.map((probe) => probe.name).join("\n")).toBe("");
});

test("no two probes of a family have the same name", () => {
  for (const probes of [...Object.values(families), legitimate]) {
    const names = probes.map((probe) => probe.name);
    expect(names).toEqual([...new Set(names)]);
  }
});
