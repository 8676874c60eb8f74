import type { ErrnoName } from "../preview1/errno.ts";
import type { Answer, Call } from "./call.ts";
import { createDriver, mapPaths } from "./call.ts";
import type { Floor, Preopens } from "./floor.ts";
import { openPuppet } from "./floor.ts";
import type { Tree } from "./world.ts";
import { changes, createWorld, inodesOf, outsideName, secret, standardTree } from "./world.ts";

/** What a call shall give: an errno, one of several, or success and what the guest then gets. */
export type Expected = ErrnoName | readonly ErrnoName[] | { readonly gets: string };

/** A call and what it shall give. */
export type Step = readonly [expected: Expected, ...call: Call];

/** A preopen of a probe; its path is one of the probe's tree. */
export type Grant = string | { readonly path: string; readonly access: "read-only" };

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

/** Runs a probe's calls in a world of its own. */
export function runProbe({ tree, preopens = standardGrant, steps }: Omit<Probe, "name">, floor: Floor): Report {
  const world = createWorld({ ...standardTree, ...tree });
  try {
    const isWritable = (grant: Grant): grant is string => typeof grant === "string";
    const before = world.outside(Object.values(preopens).filter(isWritable));
    const beyond = world.outside(Object.values(preopens).map((grant) => (isWritable(grant) ? grant : grant.path)));
    const inodes = inodesOf(beyond.keys());

    const hosted = Object.entries(preopens).map(([guest, grant]) => {
      return [guest, isWritable(grant) ? world.path(grant) : { ...grant, path: world.path(grant.path) }];
    });
    const puppet = openPuppet(Object.fromEntries(hosted) as Preopens, floor);
    try {
      const driver = createDriver(puppet, Object.keys(preopens));
      const answers = steps.map(([, ...call]) => driver.make(mapPaths(call, world.named)));
      const seen = [
        ...driver.sight.texts.filter((text) => text.includes(secret) || text.includes(outsideName)),
        ...[...driver.sight.inodes].filter((inode) => inodes.has(inode)).map((inode) => `inode ${inode}`),
      ];
      return { answers, seen, changed: changes(before, world.outside(Object.values(preopens).filter(isWritable))) };
    } finally {
      puppet.close();
    }
  } finally {
    world.remove();
  }
}

/** Whether a guest got out. */
export function hasEscaped({ seen, changed }: Report): boolean {
  return seen.length + changed.length > 0;
}

/** Whether an answer is what is expected. */
export function meets({ errno, text }: Answer, expected: Expected): boolean {
  if (typeof expected === "string") return errno === expected;
  if ("gets" in expected) return errno === "success" && text === expected.gets;
  return expected.includes(errno);
}
