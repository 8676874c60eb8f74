import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool } from "../../dist/index.js";
import { run } from "../../src/run.ts";
import type { RunResult } from "../../src/result.ts";
import { editing } from "../helpers/editing.ts";
import { assemble } from "../../../wasm/test/helpers/assemble.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";

const [folders, filesEach] = [50, 100];
const runs = 1000;
let module: Uint8Array;

beforeAll(async () => {
  module = await assemble(editing);
});

/** A directory with 5,000 files. */
function makeBase(): string {
  const base = makeTree({});
  for (let folder = 0; folder < folders; folder++) {
    mkdirSync(join(base, `${folder}`));
    for (let file = 0; file < filesEach; file++)
      writeFileSync(join(base, `${folder}`, `${file}`), `${folder}/${file}\n`);
  }
  return base;
}

/** All names, contents and times of change below a directory, as a hash. */
function hashOf(base: string): string {
  const hash = createHash("sha256");
  for (const path of readdirSync(base, { recursive: true }).map(String).toSorted()) {
    const { mtimeMs, mode, ino } = statSync(join(base, path));
    hash.update(`${path} ${mtimeMs} ${mode} ${ino} `);
    if (path.includes("/")) hash.update(readFileSync(join(base, path)));
  }
  return hash.digest("hex");
}

/** What a run changed, a line each, with what a file has now. */
const changesOf = ({ changes }: RunResult): string[] =>
  (changes?.["/base"] ?? []).map((change) => {
    const parts = "contents" in change ? [...(change.contents?.parts ?? [])] : [];
    return [change.kind, change.path, ...parts.map(({ bytes }) => Buffer.from(bytes).toString())].join(" ");
  });

/** Whether a run saw the directory as it was, and changed what it is to change. */
const check = (result: RunResult, i: number): void => {
  expect([i, result.stdout, result.exitCode, changesOf(result)]).toEqual([
    i,
    "7/7\n",
    0,
    [`changed 7/7 run ${i}`, "removed 7/8", "added new"],
  ]);
};

test(
  "no run sees what another one changed in a directory that a thousand runs share",
  { timeout: 300_000 },
  async () => {
    const base = makeBase();
    const before = hashOf(base);
    const options = (i: number) => ({
      stdin: `run ${i}`,
      preopens: { "/base": { path: base, access: "copy-on-write" as const } },
    });
    await using pool = createPool({ size: 2 });
    const prepared = await pool.prepare(module);
    const all = Array.from({ length: runs / 2 }, (_, i) => i);
    const results = await Promise.all(all.map((i) => pool.run(prepared, options(i))));
    for (const [i, result] of results.entries()) check(result, i);
    for (const i of all) check(await run(module, options(i)), i);
    expect(hashOf(base)).toBe(before);
  },
);
