import type { ErrnoName } from "@wasi-kit/wasi/abi";
import type { CallResult, Call, Observations } from "./guest-calls.ts";
import { createGuestDriver, mapPaths } from "./guest-calls.ts";
import type { Preopens } from "../../src/preopens/preopen.ts";
import type { Backend } from "./backend.ts";
import { openTestGuest } from "./backend.ts";
import type { Snapshot, FixtureFiles, FixtureTree } from "./fixture-tree.ts";
import { changes, outsideName, secret, standardTree } from "./fixture-tree.ts";

/** What a call shall give: an errno, one of several, or success and what the guest then gets. */
export type Expected = ErrnoName | readonly ErrnoName[] | { readonly gets: string };

/** A call and what it shall give. */
export type ExpectedCall = readonly [expected: Expected, ...call: Call];

/** A preopen of a case; its path is a path of the tree, or `/`. */
type CasePreopen = string | { readonly path: string; readonly access: "read-only" };

/** Something a guest tries, as data. */
export interface SandboxCase {
  name: string;
  /** What is beside {@link standardTree}, or replaces something in it. */
  tree?: FixtureFiles;
  /** Guest path to a path of the tree. Default: `{ "/root": "root" }`. */
  preopens?: Readonly<Record<string, CasePreopen>>;
  steps: readonly ExpectedCall[];
  /** `reaches`: on node:wasi alone this reads or changes what is outside. Shown by a test of its own. */
  escapesOnNodeWasi?: true;
}

/** What a case did. */
export interface CaseResult {
  /** What each call gave. */
  results: CallResult[];
  /** What the guest learned about the outside. */
  seen: string[];
  /** What it changed outside. */
  changed: string[];
}

const standardGrant: NonNullable<SandboxCase["preopens"]> = { "/root": "root" };

/** Resets the tree to that of a case, and has a guest make the calls. */
export function runCase(
  fixture: FixtureTree,
  { tree, preopens = standardGrant, steps }: SandboxCase,
  backend: Backend,
): CaseResult {
  fixture.reset({ ...standardTree, ...tree });
  const grants = Object.values(preopens).map((grant) =>
    typeof grant === "string" ? { path: grant, access: "read-write" } : grant,
  );
  const mayChange = grants.filter(({ access }) => access === "read-write").map(({ path }) => path);
  const look = fixture.watchOutside(mayChange);
  const before = look();
  const beyond = mayChange.length === grants.length ? before : fixture.watchOutside(grants.map(({ path }) => path))();

  const hosted = Object.entries(preopens).map(([guest, grant]) => {
    return [guest, typeof grant === "string" ? fixture.path(grant) : { ...grant, path: fixture.path(grant.path) }];
  });
  const guest = openTestGuest(Object.fromEntries(hosted) as Preopens, backend);
  try {
    const { make, observed } = createGuestDriver(guest, Object.keys(preopens));
    const results = steps.map(([, ...call]) => make(mapPaths(call, fixture.withHostPath)));
    return {
      results,
      seen: secretsIn(observed, beyond),
      changed: [...changes(before, look()), ...guest.changedElsewhere()],
    };
  } finally {
    guest.close();
  }
}

/** What a guest learned about the outside, a line each. */
export function secretsIn({ texts, inodes }: Observations, outside: Snapshot): string[] {
  const beyond = new Set([...outside.values()].map(({ inode }) => inode));
  return [
    ...texts
      .filter((text) => text.includes(secret) || text.includes(outsideName))
      .map((text) => `the content ${JSON.stringify(text)}`),
    ...[...inodes].filter((inode) => beyond.has(inode)).map((inode) => `the inode ${inode}`),
  ];
}

/** Whether a guest got out. */
export function hasEscaped({ seen, changed }: CaseResult): boolean {
  return seen.length + changed.length > 0;
}

/** What is wrong with a report, a line each: results that are not the expected ones, and all that reached outside. */
export function problems(steps: readonly ExpectedCall[], { results, seen, changed }: CaseResult): string[] {
  const surprises = steps.flatMap(([expected, ...call], i) => {
    const result = results[i]!;
    if (meets(result, expected)) return [];
    return `call ${i + 1}, ${JSON.stringify(call)}, gave ${JSON.stringify(result)} and not ${JSON.stringify(expected)}`;
  });
  return [
    ...surprises,
    ...seen.map((what) => `the guest saw ${what}`),
    ...changed.map((what) => `the guest changed ${what}`),
  ];
}

function meets({ errno, text }: CallResult, expected: Expected): boolean {
  if (typeof expected === "string") return errno === expected;
  if ("gets" in expected) return errno === "success" && text === expected.gets;
  return expected.includes(errno);
}
