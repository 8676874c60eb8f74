import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { errno } from "@wasi-kit/wasi/abi";
import type { CallResult, Call } from "./guest-calls.ts";
import { createGuestDriver, mapPaths } from "./guest-calls.ts";
import { openTestGuest, safeBackends } from "./backend.ts";
import type { Backend } from "./backend.ts";
import type { ModelVerdict } from "./random/model.ts";
import { Model, treeOfModel } from "./random/model.ts";
import type { RawCall } from "./random/raw-calls.ts";
import { rawCalls, texts } from "./random/raw-calls.ts";
import { opening, sequences, startingPreopens, startingTree } from "./random/sequences.ts";
import { secretsIn } from "./case.ts";
import type { Snapshot } from "./fixture-tree.ts";
import { changes, createFixtureTree, secret, standardTree } from "./fixture-tree.ts";

const numRuns = Number(process.env["WASI_KIT_FUZZ_RUNS"] ?? 1000);
const rawRuns = Math.ceil(numRuns / 10);
// Every test run tries the same sequences, so that it ends the same; a search asks for more, and tries others.
const seed = process.env["WASI_KIT_FUZZ_SEED"] ?? (process.env["WASI_KIT_FUZZ_RUNS"] === undefined ? "1" : undefined);
const timeout = 3_600_000;

// A failure prints the seed and what is left of the sequence: give the seed as
// WASI_KIT_FUZZ_SEED to see it again, and put the calls into a table of attacks,
// where they stay.
describe.each(safeBackends)("on %s", (backend) => {
  // A directory that is held by its path is lost when it is moved, which the model does not know.
  test.skipIf(backend === "host by path")(
    `${numRuns} sequences of calls stay inside, and do what the model says`,
    { timeout },
    () => {
      expect(failure(sequences, (calls) => problemsOf(calls, backend), numRuns)).toBe("");
    },
  );

  test(`${rawRuns} sequences of calls with any arguments at all give errors, and no more`, { timeout }, () => {
    expect(failure(rawCalls, (calls) => problemsOfRaw(calls, backend), rawRuns)).toBe("");
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

const fixture = createFixtureTree();
afterAll(() => fixture.remove());
const outside = Object.fromEntries(Object.entries(standardTree).filter(([path]) => !path.startsWith("root/")));
const start = Object.fromEntries(
  Object.entries(startingTree).map(([path, content]) => [path, fixture.withHostPath(content)]),
);
let { look, before } = begin();

function begin(): { look: () => Snapshot; before: Snapshot } {
  fixture.reset({ ...outside, "root/": "" });
  const lookAgain = fixture.watchOutside(["root"]);
  return { look: lookAgain, before: lookAgain() };
}

/** What the guest changed outside, which is then as it was. */
function outsideChanges(): string[] {
  const changed = changes(before, look());
  if (changed.length > 0) ({ look, before } = begin());
  return changed.map((what) => `the guest changed ${what}`);
}

/** What is wrong with the way that a sequence went; each starts with the same tree. */
function problemsOf(calls: Call[], backend: Backend): string[] {
  fixture.reset(start, "root");
  const model = new Model(start, startingPreopens);
  const { found, tree } = play(calls, model, backend);
  found.push(...outsideChanges());
  if (found.length > 0) return found;

  const [real, expected] = [tree, treeOfModel(model.root)].map((it) => JSON.stringify([...it].toSorted()));
  return real === expected ? [] : [`the tree is ${real}, and the model has ${expected}`];
}

function play(calls: Call[], model: Model, backend: Backend): { found: string[]; tree: Map<string, string> } {
  const preopens = Object.entries(startingPreopens).map(([guest, path]) => [guest, fixture.path(`root/${path}`)]);
  const guest = openTestGuest(Object.fromEntries(preopens), backend);
  const tree = (): Map<string, string> => guest.tree(fixture.path("root"));
  const { make, observed } = createGuestDriver(guest, Object.keys(startingPreopens));
  try {
    for (const call of [...opening, ...calls]) {
      const result = make(mapPaths(call, fixture.withHostPath));
      const verdict = model.judge(call, result);
      if (!agree(result, verdict)) {
        const what = `${JSON.stringify(call)} gave ${JSON.stringify(result)}, and the model says ${JSON.stringify(verdict)}`;
        return { found: [what], tree: tree() };
      }
    }
    const seen = secretsIn(observed, before).map((what) => `the guest saw ${what}`);
    const changed = guest.changedElsewhere().map((what) => `the guest changed ${what}`);
    return { found: [...seen, ...changed], tree: tree() };
  } finally {
    guest.close();
  }
}

/** What is wrong with the way that calls with any arguments went. */
function problemsOfRaw(calls: RawCall[], backend: Backend): string[] {
  fixture.reset(start, "root");
  const guest = openTestGuest({ "/root": fixture.path("root") }, backend);
  const { memory, call, close } = guest;
  const found: string[] = [];
  try {
    const { make } = createGuestDriver(guest, ["/root"]);
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

function agree({ errno: code, text }: CallResult, verdict: ModelVerdict): boolean {
  if (verdict === undefined) return true;
  if (verdict === "fails") return code !== "success";
  if ("errnos" in verdict) return verdict.errnos.includes(code);
  return code === "success" && (verdict.text === undefined || verdict.text === text);
}
