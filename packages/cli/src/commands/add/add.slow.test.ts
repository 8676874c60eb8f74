import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { x } from "tinyexec";
import { root } from "../../../../../tools/root.ts";
import { makeFolder, remove, wasiKit } from "../../../test/helpers/command.ts";

const project = async (files: Record<string, string>): Promise<string> => {
  const folder = await makeFolder(files);
  onTestFinished(() => remove(folder));
  return folder;
};

const npm = { "package.json": '{ "private": true, "workspaces": ["packages/*", "tools/one", "!packages/old-*"] }' };
const pnpm = { "package.json": "{}", "pnpm-workspace.yaml": 'packages:\n  - "packages/**" # all\ncatalog: {}\n' };
const yarn = { "package.json": '{ "workspaces": { "packages": ["./packages/*/"] } }', "yarn.lock": "" };

test.each<[manager: string, files: Record<string, string>, schema: string, next: string]>([
  ["npm", npm, "../../node_modules/", "npm install && npm test --workspace packages/read-file"],
  ["pnpm", pnpm, "./node_modules/", "pnpm install && pnpm --filter ./packages/read-file test"],
  ["yarn", yarn, "../../node_modules/", "yarn install && yarn workspace read-file test"],
])("an example becomes a package of a workspace of %s", async (_, files, schema, next) => {
  const cwd = await project(files);
  await expect(wasiKit(["add", "rust/read-file"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stdout: "",
    stderr:
      "wasi-kit: added packages/read-file: the package read-file, from the example rust/read-file\n" +
      `wasi-kit: next, type: ${next}\n`,
  });
  const manifest = readFileSync(join(cwd, "packages/read-file/wasi.json"), "utf8");
  expect(JSON.parse(manifest)).toMatchObject({ $schema: `${schema}@wasi-kit/manifest/wasi.schema.json` });
  expect(existsSync(join(cwd, "packages/read-file/.github"))).toBe(false);
});

test("it is added from anywhere in the workspace, by another name, to another folder", async () => {
  const cwd = await project({ ...npm, "packages/a/package.json": "{}" });
  const args = ["add", "wat/hello", "../../tools/one", "--name", "@us/one"];
  const { stderr, exitCode } = await wasiKit(args, { cwd: join(cwd, "packages/a") });
  expect({ stderr, exitCode }).toEqual({
    exitCode: 0,
    stderr:
      "wasi-kit: added ../../tools/one: the package @us/one, from the example wat/hello\n" +
      "wasi-kit: next, type in ../..: npm install && npm test --workspace tools/one\n",
  });
  expect(JSON.parse(readFileSync(join(cwd, "tools/one/package.json"), "utf8"))).toMatchObject({ name: "@us/one" });
});

test("from within a package, it is added beside that", async () => {
  const workspaces = ["packages/*", "apps/*", "one"];
  const cwd = await project({ "package.json": JSON.stringify({ workspaces }), "apps/a/x": "", "one/x": "" });
  const from = async (folder: string) => (await wasiKit(["add", "wat/hello"], { cwd: join(cwd, folder) })).stderr;
  expect(await from("apps/a")).toMatch(/^wasi-kit: added \.\.\/hello: /);
  expect(existsSync(join(cwd, "apps/hello/wasi.json"))).toBe(true);
  expect(await from("one")).toMatch(/^wasi-kit: added \.\.\/packages\/hello: /);
});

// What is installed lies in the workspace of this repository: the packages are not published yet.
test("npm takes it for a package, and its tests pass", async () => {
  const cwd = await project(npm);
  await wasiKit(["add", "wat/write-file"], { cwd });
  symlinkSync(join(root, "examples/wat/write-file/node_modules"), join(cwd, "node_modules"));
  const { stdout, exitCode } = await x("npm", ["test", "--workspace", "packages/write-file"], {
    nodeOptions: { cwd },
  });
  expect({ stdout, exitCode }).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/Tests.* passed/) });
  const schema = (JSON.parse(readFileSync(join(cwd, "packages/write-file/wasi.json"), "utf8")) as { $schema: string })
    .$schema;
  expect(existsSync(join(cwd, "packages/write-file", schema))).toBe(true);
});

describe("refuses", () => {
  test.each<[what: string, files: Record<string, string>, args: string[], message: RegExp]>([
    [
      "no workspace",
      { "package.json": "{}" },
      ["wat/hello"],
      /^This folder is in no workspace\..*\n.*\n.*--example wat\/hello$/,
    ],
    [
      "settings of pnpm without packages",
      { "pnpm-workspace.yaml": "catalog: {}\n" },
      ["wat/hello"],
      /^This folder is in no workspace\./,
    ],
    [
      "a folder that is no package",
      npm,
      ["wat/hello", "other/hello"],
      /^other\/hello would be no package of the workspace: package\.json has packages\/\*, tools\/one, !packages\/old-\*\.\n/,
    ],
    ["a folder that is left out", npm, ["wat/hello", "packages/old-hello"], /would be no package/],
    ["a folder outside", npm, ["wat/hello", "../hello"], /^\.\.\/hello would be no package/],
    ["the root", npm, ["wat/hello", "."], /^This folder would be no package/],
    [
      "no place for packages",
      { "package.json": '{ "workspaces": ["a", "b"] }' },
      ["wat/hello"],
      /^package\.json names each package \(a, b\), so say where it is to be put:\nwasi-kit add wat\/hello DIR$/,
    ],
    ["no such example", npm, ["wat/helo"], /^There is no example wat\/helo\. Nearest to it: wat\/hello,/],
    ["no example", npm, [], /^Name one example, and one folder at most: .*\nThere are: assemblyscript\/args-env, /],
    ["too many folders", npm, ["wat/hello", "a", "b"], /^Name one example, and one folder at most/],
    ["a name that npm refuses", npm, ["wat/hello", "--name", "My App"], /\nThis will do: my-app$/],
    ["a broken package.json", { "package.json": "{" }, ["wat/hello"], /^package\.json can't be read: /],
    [
      "a broken pnpm-workspace.yaml",
      { "pnpm-workspace.yaml": "packages: [" },
      ["wat/hello"],
      /^pnpm-workspace\.yaml can't be/,
    ],
  ])("%s", async (_, files, args, message) => {
    const cwd = await project(files);
    const { stdout, stderr, exitCode } = await wasiKit(["add", ...args], { cwd });
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr.replace(/^wasi-kit: /, "").trimEnd()).toMatch(message);
    expect(existsSync(join(cwd, "packages"))).toBe(false);
  });

  test("a folder that is not empty, unless it is forced", async () => {
    const cwd = await project({ ...npm, "packages/hello/mine.txt": "mine" });
    const { stderr, exitCode } = await wasiKit(["add", "wat/hello"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("packages/hello is not empty. In the way: mine.txt.\n");
    await expect(wasiKit(["add", "wat/hello", "--force"], { cwd })).resolves.toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(cwd, "packages/hello/mine.txt"), "utf8")).toBe("mine");
  });
});
