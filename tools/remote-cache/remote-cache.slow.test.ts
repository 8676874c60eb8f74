import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { remoteCacheProblem } from "./reach.js";
import { startCacheServer } from "./server.ts";
import { tryRemoteCache } from "./trial.ts";

/** What all examples are built by. */
const builds = ["assemblyscript", "c", "go", "rust", "wat", "zig"].map((language) => `//#build:${language}`);
/** What the second clone lacks. A compiler in a distribution's own folder is found, whatever PATH is. */
const hidden = Object.entries({ Go: "go", Rust: "rustc", Zig: "zig" }).flatMap(([title, command]) =>
  existsSync(join("/usr/bin", command)) ? [] : title,
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-remote-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true }), 300_000);

test(
  "what a clone has built another one gets without a compiler; without the server it builds",
  { timeout: 900_000 },
  async () => {
    const { url, first, second, tests, alone } = await tryRemoteCache(folder);

    expect(first).toMatchObject({ exitCode: 0, modules: 60 });
    expect(builds.map((task) => first.tasks[task])).toEqual(builds.map(() => "executed"));

    expect(second).toMatchObject({ exitCode: 0, modules: 60 });
    expect(builds.map((task) => second.tasks[task])).toEqual(builds.map(() => "REMOTE"));
    expect(Object.values(second.tasks)).not.toContain("executed");
    const taken = [...second.output.matchAll(/^wasi-kit: there is no (\w+) here: taking what /gm)].map(
      ([, title]) => title,
    );
    expect(new Set(taken)).toEqual(new Set(hidden));
    expect(tests.output).toMatch(/Test Files +5 passed/);
    expect(tests.output).not.toContain("skipped");
    expect(tests.exitCode).toBe(0);

    expect(alone).toMatchObject({ exitCode: 0, modules: 60 });
    expect(alone.tasks["//#build:wat"]).toBe("executed");
    expect(alone.output.split("\n").filter((line) => /WARNING|127\.0\.0\.1/.test(line))).toEqual([
      `wasi-kit: The remote cache ${url} can't be reached (ECONNREFUSED): look at TURBO_API. Building without it.`,
    ]);
  },
);

test("what hinders the use of a remote cache is said in a sentence", async () => {
  const { variables, stop } = await startCacheServer(folder);
  await expect(remoteCacheProblem(variables)).resolves.toBeUndefined();
  const address = variables.TURBO_API;
  await expect(remoteCacheProblem({ ...variables, TURBO_TOKEN: "wrong" })).resolves.toBe(
    `The remote cache ${address} does not take TURBO_TOKEN (401).`,
  );
  await stop();
  await expect(remoteCacheProblem(variables)).resolves.toBe(
    `The remote cache ${address} can't be reached (ECONNREFUSED): look at TURBO_API.`,
  );
  await expect(remoteCacheProblem({ ...variables, TURBO_API: "nowhere" })).resolves.toBe(
    "The remote cache nowhere can't be reached (ERR_INVALID_URL): look at TURBO_API.",
  );
});
