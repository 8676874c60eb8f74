import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { errno } from "@wasi-kit/wasi/abi";
import type { Answer, Call } from "./guest-calls.ts";
import { createDriver, mapPaths } from "./guest-calls.ts";
import { openPuppet, safeFloors } from "./backend.ts";
import type { Floor } from "./backend.ts";
import type { Verdict } from "./random/model.ts";
import { Model, treeOfModel } from "./random/model.ts";
import type { RawCall } from "./random/raw-calls.ts";
import { rawCalls, texts } from "./random/raw-calls.ts";
import { opening, sequences, startingPreopens, startingTree } from "./random/sequences.ts";
import { secretsIn } from "./case.ts";
import type { Snapshot } from "./fixture-tree.ts";
import { changes, createWorld, secret, standardTree } from "./fixture-tree.ts";

const numRuns = Number(process.env["WASI_KIT_FUZZ_RUNS"] ?? 1000);
const rawRuns = Math.ceil(numRuns / 10);
// Every test run tries the same sequences, so that it ends the same; a search asks for more, and tries others.
const seed = process.env["WASI_KIT_FUZZ_SEED"] ?? (process.env["WASI_KIT_FUZZ_RUNS"] === undefined ? "1" : undefined);
const timeout = 3_600_000;

// A failure prints the seed and what is left of the sequence: give the seed as
// WASI_KIT_FUZZ_SEED to see it again, and put the calls into a table of probes,
// where they stay.
describe.each(safeFloors)("on %s", (floor) => {
  // A directory that is held by its path is lost when it is moved, which the model does not know.
  test.skipIf(floor === "host by path")(
    `${numRuns} sequences of calls stay inside, and do what the model says`,
    { timeout },
    () => {
      expect(failure(sequences, (calls) => problemsOf(calls, floor), numRuns)).toBe("");
    },
  );

  test(`${rawRuns} sequences of calls with any arguments at all give errors, and no more`, { timeout }, () => {
    expect(failure(rawCalls, (calls) => problemsOfRaw(calls, floor), rawRuns)).toBe("");
  });
});

/** The smallest input found that has problems, and those; empty where there is none. */
function failure<T>(inputs: fc.Arbitrary<T>, problems: (input: T) => string[], runs: number): string {
  const property = fc.property(inputs, (input) => {
    const found = problems(input);
    if (found.length > 0) throw new Error(found.join("\n"));
  });
  const details = fc.check(property, { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) });
  if (!details.failed) return "";
  return `${fc.defaultReportMessage(details)}\n${String(details.errorInstance)}`;
}

const world = createWorld();
afterAll(() => world.remove());
const outside = Object.fromEntries(Object.entries(standardTree).filter(([path]) => !path.startsWith("root/")));
const start = Object.fromEntries(Object.entries(startingTree).map(([path, content]) => [path, world.named(content)]));
let { look, before } = begin();

function begin(): { look: () => Snapshot; before: Snapshot } {
  world.become({ ...outside, "root/": "" });
  const lookAgain = world.outside(["root"]);
  return { look: lookAgain, before: lookAgain() };
}

/** What the guest changed outside, which is then as it was. */
function outsideChanges(): string[] {
  const changed = changes(before, look());
  if (changed.length > 0) ({ look, before } = begin());
  return changed.map((what) => `the guest changed ${what}`);
}

/** What is wrong with the way that a sequence went; each starts with the same tree. */
function problemsOf(calls: Call[], floor: Floor): string[] {
  world.become(start, "root");
  const model = new Model(start, startingPreopens);
  const { found, tree } = play(calls, model, floor);
  found.push(...outsideChanges());
  if (found.length > 0) return found;

  const [real, expected] = [tree, treeOfModel(model.root)].map((it) => JSON.stringify([...it].toSorted()));
  return real === expected ? [] : [`the tree is ${real}, and the model has ${expected}`];
}

function play(calls: Call[], model: Model, floor: Floor): { found: string[]; tree: Map<string, string> } {
  const preopens = Object.entries(startingPreopens).map(([guest, path]) => [guest, world.path(`root/${path}`)]);
  const puppet = openPuppet(Object.fromEntries(preopens), floor);
  const tree = (): Map<string, string> => puppet.tree(world.path("root"));
  const { make, sight } = createDriver(puppet, Object.keys(startingPreopens));
  try {
    for (const call of [...opening, ...calls]) {
      const answer = make(mapPaths(call, world.named));
      const verdict = model.judge(call, answer);
      if (!agree(answer, verdict)) {
        const what = `${JSON.stringify(call)} gave ${JSON.stringify(answer)}, and the model says ${JSON.stringify(verdict)}`;
        return { found: [what], tree: tree() };
      }
    }
    const seen = secretsIn(sight, before).map((what) => `the guest saw ${what}`);
    const changed = puppet.changedElsewhere().map((what) => `the guest changed ${what}`);
    return { found: [...seen, ...changed], tree: tree() };
  } finally {
    puppet.close();
  }
}

/** What is wrong with the way that calls with any arguments went. */
function problemsOfRaw(calls: RawCall[], floor: Floor): string[] {
  world.become(start, "root");
  const puppet = openPuppet({ "/root": world.path("root") }, floor);
  const { memory, call, close } = puppet;
  const found: string[] = [];
  try {
    const { make } = createDriver(puppet, ["/root"]);
    for (const first of opening) make(first);
    const bytes = Buffer.from(memory.buffer).fill(0);
    for (const [address, text] of texts) bytes.write(text, address);
    for (const [name, ...args] of calls) {
      const code = (call[name] as (...args: unknown[]) => number)(...args);
      if (!Object.values(errno).includes(code)) found.push(`${name} gave ${code}, which is no errno`);
    }
    if (bytes.includes(secret)) found.push("the guest's memory has what is outside");
  } finally {
    close();
  }
  return [...found, ...outsideChanges()];
}

function agree({ errno: code, text }: Answer, verdict: Verdict): boolean {
  if (verdict === undefined) return true;
  if (verdict === "fails") return code !== "success";
  if ("errnos" in verdict) return verdict.errnos.includes(code);
  return code === "success" && (verdict.text === undefined || verdict.text === text);
}
