import type { ErrnoName } from "@wasi-kit/wasi/abi";
import type { Answer, Call, Sight } from "./guest-calls.ts";
import { createDriver, mapPaths } from "./guest-calls.ts";
import type { Preopens } from "../../src/preopens/preopen.ts";
import type { Floor } from "./backend.ts";
import { openPuppet } from "./backend.ts";
import type { Snapshot, Tree, World } from "./fixture-tree.ts";
import { changes, outsideName, secret, standardTree } from "./fixture-tree.ts";

/** What a call shall give: an errno, one of several, or success and what the guest then gets. */
export type Expected = ErrnoName | readonly ErrnoName[] | { readonly gets: string };

/** A call and what it shall give. */
export type Step = readonly [expected: Expected, ...call: Call];

/** A preopen of a probe; its path is one of the probe's tree, or `/`. */
type Grant = string | { readonly path: string; readonly access: "read-only" };

/** Something a guest tries, as data. */
export interface Probe {
  name: string;
  /** What stands beside {@link standardTree}, or takes the place of something in it. */
  tree?: Tree;
  /** Guest path to a path of the tree. Default: `{ "/root": "root" }`. */
  preopens?: Readonly<Record<string, Grant>>;
  steps: readonly Step[];
  /** `reaches`: on node:wasi alone this reads or changes what is outside. Shown by a test of its own. */
  bare?: "reaches";
}

/** What came of a probe. */
export interface Report {
  /** What each call gave. */
  answers: Answer[];
  /** What the guest learned about the outside. */
  seen: string[];
  /** What it changed outside. */
  changed: string[];
}

const standardGrant: NonNullable<Probe["preopens"]> = { "/root": "root" };

/** Makes the world the probe's, and has a guest make its calls. */
export function runProbe(world: World, { tree, preopens = standardGrant, steps }: Probe, floor: Floor): Report {
  world.become({ ...standardTree, ...tree });
  const grants = Object.values(preopens).map((grant) =>
    typeof grant === "string" ? { path: grant, access: "read-write" } : grant,
  );
  const mayChange = grants.filter(({ access }) => access === "read-write").map(({ path }) => path);
  const look = world.outside(mayChange);
  const before = look();
  const beyond = mayChange.length === grants.length ? before : world.outside(grants.map(({ path }) => path))();

  const hosted = Object.entries(preopens).map(([guest, grant]) => {
    return [guest, typeof grant === "string" ? world.path(grant) : { ...grant, path: world.path(grant.path) }];
  });
  const puppet = openPuppet(Object.fromEntries(hosted) as Preopens, floor);
  try {
    const { make, sight } = createDriver(puppet, Object.keys(preopens));
    const answers = steps.map(([, ...call]) => make(mapPaths(call, world.named)));
    return {
      answers,
      seen: secretsIn(sight, beyond),
      changed: [...changes(before, look()), ...puppet.changedElsewhere()],
    };
  } finally {
    puppet.close();
  }
}

/** What a guest learned about the outside, a line each. */
export function secretsIn({ texts, inodes }: Sight, outside: Snapshot): string[] {
  const beyond = new Set([...outside.values()].map(({ inode }) => inode));
  return [
    ...texts
      .filter((text) => text.includes(secret) || text.includes(outsideName))
      .map((text) => `the content ${JSON.stringify(text)}`),
    ...[...inodes].filter((inode) => beyond.has(inode)).map((inode) => `the inode ${inode}`),
  ];
}

/** Whether a guest got out. */
export function hasEscaped({ seen, changed }: Report): boolean {
  return seen.length + changed.length > 0;
}

/** What is wrong with a report, a line each: answers that are not the expected ones, and all that reached outside. */
export function problems(steps: readonly Step[], { answers, seen, changed }: Report): string[] {
  const surprises = steps.flatMap(([expected, ...call], i) => {
    const answer = answers[i]!;
    if (meets(answer, expected)) return [];
    return `call ${i + 1}, ${JSON.stringify(call)}, gave ${JSON.stringify(answer)} and not ${JSON.stringify(expected)}`;
  });
  return [
    ...surprises,
    ...seen.map((what) => `the guest saw ${what}`),
    ...changed.map((what) => `the guest changed ${what}`),
  ];
}

function meets({ errno, text }: Answer, expected: Expected): boolean {
  if (typeof expected === "string") return errno === expected;
  if ("gets" in expected) return errno === "success" && text === expected.gets;
  return expected.includes(errno);
}
