import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, expect, test } from "vitest";
import { x } from "tinyexec";
import { findPrograms, resolveRun } from "@wasi-kit/manifest";
import { replay, runOnCopies, WasiKitError } from "@wasi-kit/runner";
import type { RunResult } from "@wasi-kit/runner";
import { comparable, comparableFacts } from "../../packages/runner/test/record/compare.ts";
import { root } from "../root.ts";

const folder = mkdtempSync(join(tmpdir(), "wasi-kit-recordings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runs = (await findPrograms(join(root, "examples"))).flatMap((program) =>
  Object.keys(program.manifest.runs).map((name) => ({ program, name })),
);
/** What each recorded run did, by its title. */
const results = new Map<string, object>();

test.each(runs.map(({ program, name }) => [`${program.dir.slice(root.length + 1)} ${name}`, program, name] as const))(
  "%s does the same in a replay",
  async (title, program, name) => {
    const { module, options } = resolveRun(program, name);
    let result: ReturnType<typeof runOnCopies>;
    try {
      result = runOnCopies(module, { ...options, record: "with-module", trace: true });
    } catch (error) {
      // It can't start, and there is nothing to record; or it was not built on this machine.
      if (error instanceof WasiKitError) return;
      throw error;
    }
    const { differences: _, timeoutMs: _t, ...recorded } = result;
    const file = join(folder, `${results.size}.recording`);
    writeFileSync(file, recorded.recording as Uint8Array);
    const replayed = await replay(file, { trace: true });
    expect(comparable(replayed, options)).toEqual(comparable(recorded, options));
    results.set(title, comparableFacts(recorded));
  },
);

/** Other versions of Node.js: their paths, separated by colons. Default: the one that runs this test. */
const nodes = (process.env["WASI_KIT_NODES"] ?? process.execPath).split(":");

test.each(nodes)("%s replays them all", { timeout: 600_000 }, async (node) => {
  const { stdout, stderr } = await x(node, [join(import.meta.dirname, "replay-folder.js"), folder, `${results.size}`]);
  expect(stderr).toBe("");
  const replayed = (JSON.parse(stdout) as RunResult[]).map(comparableFacts);
  expect(replayed).toHaveLength(results.size);
  const pairs = Array.from(results, ([title, facts], i) => ({
    title,
    here: asJson(facts),
    there: asJson(replayed[i] as object),
  }));
  // All results at once would be a difference of thousands of lines.
  expect(pairs.filter(({ here, there }) => !isDeepStrictEqual(here, there))).toEqual([]);
});

/** What is left of a value that another process printed. */
const asJson = (value: object): unknown =>
  JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)));
