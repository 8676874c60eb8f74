import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { root } from "../root.ts";
import { publishedPackages } from "./packages.ts";
import { startRegistry } from "./registry.ts";

const folder = mkdtempSync(join(tmpdir(), "wasi-kit-publish-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** npm is started many times. */
const timeout = 300_000;

const names = publishedPackages().map(({ manifest }) => `${manifest.name}@${manifest.version}`);

interface Workflow {
  permissions: object;
  jobs: { publish: { steps: { run?: string }[] } };
}
const workflow = parse(readFileSync(join(root, ".github/workflows/release.yml"), "utf8")) as Workflow;
const lines = workflow.jobs.publish.steps.flatMap(({ run }) => run ?? []);

test(
  "a registry is started, filled and left running by one command; publishing again publishes nothing",
  { timeout },
  async () => {
    const args = ["tools/dist/release/local-registry.js", "--port", "0"];
    const registry = spawn("node", args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(registry, "exit");
    let output = "";
    registry.stdout.on("data", (data) => (output += String(data)));
    try {
      await expect.poll(() => output, { timeout }).toContain("npm create wasi-kit@latest my-app\n");
      const [, exported = ""] = /export (.*)/.exec(output) ?? [];
      const given = Object.fromEntries(exported.split(" ").map((it) => it.split("=") as [string, string]));
      const env = { npm_config_registry: undefined, ...given, npm_config_cache: join(folder, "cache") };
      for (const name of names) {
        const { stdout } = await x("npm", ["view", name, "name"], { nodeOptions: { cwd: folder, env } });
        expect(stdout.trim()).toBe(name.replace(/@[^@]+$/, ""));
      }
      const byPnpm = await x("pnpm", ["view", "create-wasi-kit", "name"], { nodeOptions: { cwd: folder, env } });
      expect(byPnpm.stdout.trim()).toBe("create-wasi-kit");
      const again = await x("node", ["tools/dist/release/publish.js", "--dry-run"], {
        nodeOptions: { cwd: root, env },
      });
      expect(again).toMatchObject({ stdout: "would publish nothing: all is there\n", stderr: "", exitCode: 0 });
    } finally {
      registry.kill("SIGINT");
    }
    expect(await ended).toEqual([0, null]);
  },
);

test("a dry run would publish each package, and publishes none", { timeout }, async () => {
  const registry = await startRegistry(folder);
  onTestFinished(() => registry.stop());
  const env = { npm_config_registry: registry.url, npm_config_cache: join(folder, "cache") };
  const { stdout, stderr, exitCode } = await x("node", ["tools/dist/release/publish.js", "--dry-run"], {
    nodeOptions: { cwd: root, env },
  });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(stdout.replace("would publish ", "").trim().split(", ").toSorted()).toEqual(names.toSorted());
  const seen = await x("npm", ["view", names[0] ?? ""], { nodeOptions: { cwd: folder, env } });
  expect(seen.stderr).toContain("E404");
});

test("without an address of the source, nothing is published", async () => {
  const { stderr, exitCode } = await x("node", ["tools/dist/release/publish.js"], { nodeOptions: { cwd: root } });
  expect(stderr).toMatch(/package\.json has no repository, and npm asks for it/);
  expect(exitCode).toBe(1);
});

test("the workflow may prove where it ran, and runs scripts that are there", () => {
  expect(workflow.permissions).toEqual({ contents: "read", "id-token": "write" });
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const called = lines.flatMap((line) => /^pnpm ([\w:]+)/.exec(line)?.[1] ?? []).filter((name) => name !== "install");
  expect(called.filter((name) => !(name in scripts))).toEqual([]);
  expect(called).toContain("release:publish");
});

test("the workflow gives each package the address of the source", { timeout }, async () => {
  const packages = publishedPackages();
  for (const { folder: path } of packages) {
    cpSync(join(root, path, "package.json"), join(folder, path, "package.json"), { recursive: true });
  }
  const env = { GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "us/kit" };
  const line = lines.find((it) => it.includes("npm pkg set")) ?? "";
  await x("bash", ["-euc", line], { nodeOptions: { cwd: folder, env }, throwOnError: true });
  expect(publishedPackages(folder).map(({ manifest }) => manifest.repository)).toEqual(
    packages.map(({ folder: directory }) => ({
      type: "git",
      url: "git+https://github.example/us/kit.git",
      directory,
    })),
  );
});
