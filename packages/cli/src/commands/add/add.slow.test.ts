import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { x } from "tinyexec";
import { root } from "../../../../../tools/root.ts";
import { folderWith, wasiKit } from "../../../test/helpers/command.ts";

const npm = { "package.json": '{ "private": true, "workspaces": ["packages/*", "tools/one", "!packages/old-*"] }' };
const pnpm = { "package.json": "{}", "pnpm-workspace.yaml": 'packages:\n  - "packages/**" # all\ncatalog: {}\n' };
const yarn = { "package.json": '{ "workspaces": { "packages": ["./packages/*/"] } }', "yarn.lock": "" };

test.each<[manager: string, files: Record<string, string>, schema: string, next: string]>([
  ["npm", npm, "../../node_modules/", "npm install && npm test --workspace packages/read-file"],
  ["pnpm", pnpm, "./node_modules/", "pnpm install && pnpm --filter ./packages/read-file test"],
  ["yarn", yarn, "../../node_modules/", "yarn install && yarn workspace read-file test"],
])("an example becomes a package of a workspace of %s", async (_, files, schema, next) => {
  const cwd = await folderWith(files);
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
  const cwd = await folderWith({ ...npm, "packages/a/package.json": "{}" });
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
  const cwd = await folderWith({ "package.json": JSON.stringify({ workspaces }), "apps/a/x": "", "one/x": "" });
  const from = async (folder: string) => (await wasiKit(["add", "wat/hello"], { cwd: join(cwd, folder) })).stderr;
  expect(await from("apps/a")).toMatch(/^wasi-kit: added \.\.\/hello: /);
  expect(existsSync(join(cwd, "apps/hello/wasi.json"))).toBe(true);
  expect(await from("one")).toMatch(/^wasi-kit: added \.\.\/packages\/hello: /);
});

// What is installed lies in the workspace of this repository: the packages are not published yet.
test(
  "a project that is no workspace gets a folder, whose test its own vitest finds",
  { timeout: 180_000 },
  async () => {
    const before = {
      name: "theirs",
      scripts: { test: "vitest run --reporter=tap" },
      dependencies: { "@types/node": "^22.0.0" },
      devDependencies: { vitest: "^4.0.0" },
    };
    const cwd = await folderWith({
      "package.json": JSON.stringify(before, null, "\t"),
      "pnpm-lock.yaml": "",
      "src/sum.test.ts": 'import { expect, test } from "vitest";\ntest("sum", () => expect(1 + 1).toBe(2));\n',
    });
    const { stderr, exitCode } = await wasiKit(["add", "wat/write-file", "../wasm/writer"], { cwd: join(cwd, "src") });
    expect({ stderr, exitCode }).toEqual({
      exitCode: 0,
      stderr:
        "wasi-kit: added ../wasm/writer, from the example wat/write-file, and what it needs to ../package.json\n" +
        "wasi-kit: next, type in ..: pnpm install && pnpm vitest run wasm/writer\n",
    });
    const text = readFileSync(join(cwd, "package.json"), "utf8");
    expect(text).toContain('\n\t"devDependencies": {\n\t\t"@wasi-kit/manifest": ');
    const { devDependencies, ...rest } = JSON.parse(text) as typeof before;
    expect(rest).toEqual({ name: before.name, scripts: before.scripts, dependencies: before.dependencies });
    expect(Object.keys(devDependencies)).toEqual(["@wasi-kit/manifest", "@wasi-kit/vitest", "vitest", "wasi-kit"]);
    expect(devDependencies.vitest).toBe("^4.0.0");
    const files = ["README.md", "package.json", "vitest.config.ts", "writer.test.ts", "wasi.json", ".gitignore"];
    expect(files.filter((path) => existsSync(join(cwd, "wasm/writer", path)))).toEqual(files.slice(3));
    expect(readFileSync(join(cwd, "wasm/writer/wasi.json"), "utf8")).toContain(
      '"../../node_modules/@wasi-kit/manifest/',
    );

    symlinkSync(join(root, "examples/wat/write-file/node_modules"), join(cwd, "node_modules"));
    const env = { NO_COLOR: "1", CI: "1" };
    const tested = await x("npx", ["vitest", "run"], { nodeOptions: { cwd, env } });
    expect(tested).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/Test Files +2 passed/) });
  },
);

test("AssemblyScript is for no other compiler of the project", async () => {
  const cwd = await folderWith({ "package.json": "{}", "tsconfig.json": "{}" });
  const { stderr } = await wasiKit(["add", "assemblyscript/hello"], { cwd });
  expect(stderr).toContain(
    "asc compiles hello/assembly, and tsc does not know its types: exclude it in tsconfig.json.\n",
  );
  expect(stderr).toContain("next, type: npm install && npx vitest run hello\n");
  const { devDependencies } = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")) as {
    devDependencies: object;
  };
  expect(devDependencies).toMatchObject({ assemblyscript: expect.any(String), "as-wasi": expect.any(String) });
});

test.each<[files: Record<string, string>, message: string]>([
  [{ "package.json": "{" }, "package.json can't be read: "],
  [{ "package.json": "{}", "hello/mine.txt": "" }, "hello is not empty. In the way: mine.txt.\n"],
])("a project with %j stays as it was", async (files, message) => {
  const cwd = await folderWith(files);
  const { stderr, exitCode } = await wasiKit(["add", "wat/hello"], { cwd });
  expect({ stderr, exitCode }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  expect(readFileSync(join(cwd, "package.json"), "utf8")).toBe(files["package.json"]);
});

test("npm takes it for a package, and its tests pass", async () => {
  const cwd = await folderWith(npm);
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
      "no project",
      {},
      ["wat/hello"],
      /^There is no package\.json in this folder or above it.*\n.*--example wat\/hello\n.*wasi-kit init$/,
    ],
    [
      "a folder outside the project",
      { "package.json": "{}" },
      ["wat/hello", "../hello"],
      /^\.\.\/hello is not below the project, which is this folder\.\n.*: wasi-kit add wat\/hello hello$/,
    ],
    ["the project itself", { "package.json": "{}" }, ["wat/hello", "."], /^This folder is not below the project/],
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
    const cwd = await folderWith(files);
    const { stdout, stderr, exitCode } = await wasiKit(["add", ...args], { cwd });
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr.replace(/^wasi-kit: /, "").trimEnd()).toMatch(message);
    expect(existsSync(join(cwd, "packages"))).toBe(false);
  });

  test("a folder that is not empty, unless it is forced", async () => {
    const cwd = await folderWith({ ...npm, "packages/hello/mine.txt": "mine" });
    const { stderr, exitCode } = await wasiKit(["add", "wat/hello"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("packages/hello is not empty. In the way: mine.txt.\n");
    await expect(wasiKit(["add", "wat/hello", "--force"], { cwd })).resolves.toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(cwd, "packages/hello/mine.txt"), "utf8")).toBe("mine");
  });
});
