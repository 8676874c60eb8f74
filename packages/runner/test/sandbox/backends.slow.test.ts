import { afterAll, describe, expect, test } from "vitest";
import { problems, runProbe } from "./case.ts";
import { families } from "./attacks.ts";
import { legitimate } from "./legitimate.ts";
import { createWorld } from "./fixture-tree.ts";

const world = createWorld();
afterAll(() => world.remove());

const all = Object.entries({ ...families, "legitimate uses": legitimate }).flatMap(([family, probes]) =>
  probes.map((probe) => [`${family}: ${probe.name}`, probe] as const),
);

// Directories of the host have a test of their own, which is one of the quick ones.
describe.each(["memory", "copy-on-write"] as const)("on %s", (floor) => {
  test.for(all)("%s", ([, probe]) => {
    expect(problems(probe.steps, runProbe(world, probe, floor)).join("\n")).toBe("");
  });
});

// A directory that is held by its path is lost when it is moved, so that some calls give other errors there.
describe("on directories that are held by their paths, nothing gets out", () => {
  test.for(all)("%s", ([, probe]) => {
    const { seen, changed } = runProbe(world, probe, "host by path");
    expect([...seen, ...changed].join("\n")).toBe("");
  });
});
