import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../root.ts";
import { leadsOutside } from "./outside.ts";
import { packAll } from "./packages.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-check-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const check = (...args: string[]): PromiseLike<{ exitCode: number | undefined; stderr: string; stdout: string }> =>
  x("node", ["tools/dist/release/check.js", ...args], { nodeOptions: { cwd: root } });

/** Packs everything, and changes what is in one tarball. */
async function spoil(name: string, change: (dir: string) => void): Promise<void> {
  const tarball = (await packAll(folder)).find((it) => it.name === name)!.filename;
  const unpacked = join(folder, "unpacked");
  mkdirSync(unpacked);
  await x("tar", ["-xzf", tarball, "-C", unpacked], { throwOnError: true });
  change(join(unpacked, "package"));
  await x("tar", ["-czf", tarball, "-C", unpacked, "package"], { throwOnError: true });
}

test("a version of the workspace that was left in a package fails", async () => {
  await spoil("wasi-kit", (dir) => {
    const path = join(dir, "package.json");
    const manifest = JSON.parse(readFileSync(path, "utf8")) as { dependencies: Record<string, string> };
    manifest.dependencies["@wasi-kit/runner"] = "workspace:*";
    writeFileSync(path, JSON.stringify(manifest));
  });
  const { exitCode, stderr } = await check("--tarballs", folder);
  expect(stderr).toMatch(/FAILED: .*wasi-kit-[\d.]+\.tgz depends on @wasi-kit\/runner@workspace:\*/);
  expect(exitCode).toBe(1);
});

test("a file that package.json names and the package lacks fails", async () => {
  await spoil("@wasi-kit/manifest", (dir) => rmSync(join(dir, "dist/edit.js")));
  const { exitCode, stderr } = await check("--tarballs", folder);
  expect(stderr).toMatch(/FAILED: .* has no \.\/dist\/edit\.js/);
  expect(exitCode).toBe(1);
});

test(
  "a file that only other files need, and the package lacks, fails when a newcomer needs it",
  { timeout: 300_000 },
  async () => {
    await spoil("@wasi-kit/runner", (dir) => rmSync(join(dir, "dist/run.js")));
    const { exitCode, stderr } = await check("--tarballs", folder, "--only", "npm wat/hello");
    expect(stderr).toMatch(/npm wat\/hello: installed\n[^]*FAILED: npm test[^]*Cannot find module .*run\.js/);
    expect(exitCode).toBe(1);
  },
);

test("a link that leads out of the folder is found, wherever packages lie", () => {
  const project = join(folder, "project");
  for (const path of ["node_modules/a/node_modules", "node_modules/@wasi-kit"])
    mkdirSync(join(project, path), { recursive: true });
  symlinkSync(join(project, "node_modules/a"), join(project, "node_modules/b"));
  expect(leadsOutside(project, folder)).toEqual([]);
  symlinkSync(join(root, "packages/runner"), join(project, "node_modules/@wasi-kit/runner"));
  symlinkSync(join(root, "packages/cli"), join(project, "node_modules/a/node_modules/wasi-kit"));
  expect(leadsOutside(project, folder)).toHaveLength(2);
});

test.each([
  ["--help", 0],
  ["--only", 2],
  ["--only=nothing", 2],
  ["--nothing", 2],
])("%s says how it is called, and ends with %i", async (argument, expected) => {
  const { exitCode, stdout, stderr } = await check(argument);
  expect(`${stdout}${stderr}`).toContain("pnpm release:check [--only NAME]… [--tarballs FOLDER] [--keep]");
  expect(exitCode).toBe(expected);
});
