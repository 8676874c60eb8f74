import { describe, expect, test } from "vitest";
import { chosenFloor } from "./floor.ts";
import type { Answer } from "./call.ts";
import type { Probe } from "./probe.ts";
import { hasEscaped, meets, runProbe } from "./probe.ts";
import { families } from "./probes.ts";
import { legitimate } from "./probes/legitimate.ts";

for (const [family, probes] of Object.entries({ ...families, "legitimate uses": legitimate })) {
  describe(family, () => {
    test.for(probes.map((probe) => [probe.name, probe] as const))("%s", ([, probe]) => {
      const { answers, seen, changed } = runProbe(probe, chosenFloor);
      expect({ surprises: surprises(probe, answers), seen, changed }).toEqual({ surprises: [], seen: [], changed: [] });
    });
  });
}

test("on node:wasi alone, the probes that say so reach outside", () => {
  const said = Object.values(families).flat().filter((probe) => probe.bare === "reaches");
  const held = said.filter((probe) => !hasEscaped(runProbe(probe, "node:wasi")));
  expect(said.length).toBeGreaterThan(10);
  expect(held.map((probe) => probe.name)).toEqual([]);
});

test("no two probes of a family have the same name", () => {
  for (const probes of [...Object.values(families), legitimate]) {
    const names = probes.map((probe) => probe.name);
    expect(names).toEqual([...new Set(names)]);
  }
});

/** The calls that gave something else than they should have. */
function surprises({ steps }: Probe, answers: Answer[]): string[] {
  return steps.flatMap(([expected, ...call], i) => {
    const answer = answers[i]!;
    return meets(answer, expected) ? [] : [`${JSON.stringify(call)} gave ${JSON.stringify(answer)}, not ${JSON.stringify(expected)}`];
  });
}
