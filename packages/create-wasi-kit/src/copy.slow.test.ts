import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProgram } from "@wasi-kit/manifest";
import { globSync } from "tinyglobby";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { root } from "../../../tools/root.ts";
import { copyExample } from "./copy.ts";
import { packageManagers } from "./package-manager.ts";
import type { PackageManager } from "./package-manager.ts";
import { examples } from "./templates.ts";
import { contentOf, folderWith } from "../test/command.ts";

// Otherwise npm would be asked for its version, each time.
beforeEach(() => void vi.stubEnv("npm_config_user_agent", "npm/11.6.0 node/v24.11.0 linux x64"));
afterEach(() => void vi.unstubAllEnvs());

/** What git has of an example: path to text. */
function readExampleFiles(example: string): Record<string, string> {
  const cwd = join(root, "examples", example);
  const paths = execFileSync("git", ["ls-files", "-z"], { cwd, encoding: "utf8" }).split("\0").filter(Boolean);
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(cwd, path), "utf8")]));
}

const names = Object.keys(examples());
const managers = Object.keys(packageManagers) as PackageManager[];

test("every example of the repository can be copied", () => {
  const folders = globSync("examples/*/*/wasi.json", { cwd: root }).map((path) =>
    path.split("/").slice(1, 3).join("/"),
  );
  expect(names.toSorted()).toEqual(folders.toSorted());
});

/** What belongs to the repository: its folders, its packages' versions, its links, its lessons, its other examples. */
const ofTheRepository =
  /workspace:|catalog:|@wasi-kit-examples|examples\/|packages\/|tools\/|tutorial|\]\(\.\.\/|\.\.\/\.\.\/|<!--|create-wasi-kit|npm create|hello\.wat explains|"differs"/;

/** Where the name of an example is: wherever a word is nothing else, and in the names of files. */
const nameOf = (scenario: string): RegExp =>
  scenario.includes("-")
    ? new RegExp(String.raw`\b${scenario}\b`)
    : new RegExp(String.raw`\b${scenario}\.(wasm|wat|test\.ts)|^name = "${scenario}"|^module ${scenario}$`);

/** The lines of files and the paths in which a pattern is found. */
const linesWith = (files: Record<string, string>, pattern: RegExp): string[] =>
  Object.entries(files).flatMap(([path, text]) =>
    [path, ...text.split("\n")].flatMap((line) => (pattern.test(line) ? [`${path}: ${line}`] : [])),
  );

/** What each language has by a name that is derived from the project's. */
const filesByName: Readonly<Record<string, object>> = {
  go: { "go.mod": expect.stringContaining("module my.app\n") },
  rust: { "Cargo.toml": expect.stringContaining('name = "my-app"\n') },
  wat: { "my.app.wat": expect.any(String) },
};

describe.each(names)("%s", (example) => {
  const [language = "", scenario = ""] = example.split("/");
  const copy = (more: { packageManager?: PackageManager; name?: string } = {}): Record<string, string> => {
    const dir = join(folderWith(), "My App");
    const copied = copyExample({ example, dir, ...more });
    const files = contentOf(dir) ?? {};
    expect(Object.keys(files)).toEqual(copied.files.toSorted());
    return files;
  };
  test("knows nothing of the repository, and has the project's name in place of the example's", () => {
    const files = copy({ name: "@us/my.app" });
    expect(linesWith(files, ofTheRepository)).toEqual([]);
    expect(linesWith(files, nameOf(scenario))).toEqual([]);
    expect(Object.keys(files)).toContain("my.app.test.ts");
    expect(JSON.parse(files["wasi.json"] ?? "")).toMatchObject({ module: "build/my.app.wasm" });
    expect(files["README.md"]).toMatch(/^# @us\/my\.app\n/);
    expect(files).toMatchObject(filesByName[language] ?? {});
    // Each link of the README leads to a file of the project.
    const links = [...(files["README.md"] ?? "").matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !(link in files))).toEqual([]);
  });

  test("is as it stands in the repository, but for what names it", () => {
    const made =
      /^(README\.md|tsconfig\.json|package\.json|wasi\.json|Cargo\.toml|\.gitignore|\.editorconfig|\.vscode\/.*|\.github\/.*)$/;
    const theirs = readExampleFiles(example);
    const own = Object.entries(copy({ name: scenario })).filter(([path]) => !made.test(path));
    const expected = Object.entries(theirs)
      .filter(([path]) => !made.test(path) && path !== "Cargo.lock")
      .map(([path, text]) => [path, text.replace(/^(;;\n)?;; hello\.wat explains .*\n/m, "")]);
    expect(Object.fromEntries(own)).toEqual(Object.fromEntries(expected));
  });

  test("has in its README each of its files, but for what a tool looks for by itself", () => {
    const files = copy();
    const forTools = /^(\.|README|package\.json|.*config\.(ts|json)$|assembly\/tsconfig)/;
    const named = [...(files["README.md"] ?? "").matchAll(/^\| `([^`]+)` \|/gm)].map(([, path = ""]) => path);
    const others = Object.keys(files).filter(
      (path) => !forTools.test(path) && !named.some((it) => path.startsWith(it)),
    );
    expect(others).toEqual([]);
    const missing = named.filter(
      (it) => !it.startsWith("build/") && !Object.keys(files).some((path) => path.startsWith(it)),
    );
    expect(missing).toEqual([]);
  });

  test("gives Visual Studio Code tasks and runs that are there", () => {
    const files = copy();
    const read = (path: string): unknown => JSON.parse(files[path] ?? "");
    const { scripts } = read("package.json") as { scripts: object };
    const { runs } = read("wasi.json") as { runs: object };
    const { tasks } = read(".vscode/tasks.json") as { tasks: { label: string; script?: string }[] };
    const { configurations } = read(".vscode/launch.json") as {
      configurations: { preLaunchTask?: string; args: string[] }[];
    };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(tasks.flatMap(({ script }) => script ?? [])));
    const labels = tasks.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(configurations.flatMap(({ preLaunchTask }) => preLaunchTask ?? [])));
    const started = configurations.flatMap(({ args }) => (args.includes("--run") ? args.at(-1) : []));
    expect(started).toEqual(files["host.ts"] ? [] : Object.keys(runs).slice(0, 1));
    expect(read(".vscode/extensions.json")).toHaveProperty("recommendations");
  });

  test.each(managers)("says what to type with %s", (packageManager) => {
    const { start, wasiKit } = packageManagers[packageManager];
    const readme = copy({ packageManager })["README.md"] ?? "";
    expect(readme.startsWith("# my-app\n")).toBe(true);
    expect(readme).toContain(`\n${start} `);
    expect(readme).toContain(`${wasiKit} list`);
    const others = Object.values(packageManagers).filter((it) => it.start !== start);
    expect(others.filter((it) => new RegExp(`\\b${it.start}\\b`).test(readme))).toEqual([]);
  });

  test("depends on published versions, and on what its schema lies in", () => {
    const { name, devDependencies } = JSON.parse(copy()["package.json"] ?? "") as {
      name: string;
      devDependencies: Record<string, string>;
    };
    expect(name).toBe("my-app");
    const versions = Object.entries(devDependencies).filter(([, version]) => !/^\^?\d+\.\d+\.\d+$/.test(version));
    expect(versions).toEqual([]);
    expect(devDependencies).toHaveProperty("@wasi-kit/manifest");
  });
});

test("a package of a workspace finds the schema there, and brings nothing that a workspace has once", async () => {
  const dir = join(folderWith(), "packages/reader");
  const { files } = copyExample({
    example: "rust/read-file",
    dir,
    name: "@us/reader",
    as: "package",
    nodeModules: "../../node_modules",
  });
  const { manifest } = await readProgram(dir);
  expect(manifest.$schema).toBe("../../node_modules/@wasi-kit/manifest/wasi.schema.json");
  expect(files.filter((path) => path.startsWith("."))).toEqual([".cargo/config.toml", ".gitignore"]);
  expect(readFileSync(join(dir, ".cargo/config.toml"), "utf8")).toContain('["../../node_modules/.bin/wasi-kit", ');
  expect(JSON.parse(readFileSync(join(dir, "package.json"), "utf8"))).toMatchObject({ name: "@us/reader" });
});

test.each<[PackageManager, string, string[]]>([
  [
    "npm",
    "npm/11.6.0",
    [
      "actions/checkout@v5",
      "actions/setup-node@v5",
      `npm install --global "$(node -p 'require("./package.json").packageManager')"`,
      "npm ci",
      "npm test",
    ],
  ],
  [
    "pnpm",
    "pnpm/12.21.0",
    [
      "actions/checkout@v5",
      "pnpm/action-setup@v4",
      "actions/setup-node@v5",
      "pnpm install --frozen-lockfile",
      "pnpm test",
    ],
  ],
  [
    "yarn",
    "yarn/1.22.22",
    ["actions/checkout@v5", "corepack enable", "actions/setup-node@v5", "yarn install --frozen-lockfile", "yarn test"],
  ],
  [
    "yarn",
    "yarn/4.18.1",
    ["actions/checkout@v5", "corepack enable", "actions/setup-node@v5", "yarn install --immutable", "yarn test"],
  ],
])("started by %s, whose name is %s, its workflow and its package.json pin that", (packageManager, agent, steps) => {
  vi.stubEnv("npm_config_user_agent", `${agent} npm/? node/v24.11.0 linux x64`);
  const dir = join(folderWith(), "app");
  copyExample({ example: "wat/hello", dir, packageManager });
  const files = contentOf(dir) ?? {};
  expect(JSON.parse(files["package.json"] ?? "")).toMatchObject({ packageManager: agent.replace("/", "@") });
  const { jobs } = parse(files[".github/workflows/test.yml"] ?? "") as {
    jobs: { test: { strategy: object; steps: { uses?: string; run?: string; with?: object }[] } };
  };
  expect(jobs.test.strategy).toEqual({ matrix: { node: [22, 24, 26] } });
  expect(jobs.test.steps.map(({ uses, run }) => uses ?? run)).toEqual(steps);
  const setUp = jobs.test.steps.find(({ uses }) => uses?.startsWith("actions/setup-node"));
  expect(setUp?.with).toEqual({ "node-version": "${{ matrix.node }}", cache: packageManager });
});

test("a folder that was just made, and one with a new repository, are taken", () => {
  const folder = folderWith();
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  copyExample({ example: "wat/hello", name: "hello", dir: folder });
  expect(existsSync(join(folder, ".git/HEAD"))).toBe(true);
  expect(existsSync(join(folder, "hello.wat"))).toBe(true);
});

test("force writes over what it brings, and nothing else", () => {
  const before = { "README.md": "mine\n", "notes/a.txt": "a\n", "hello.wat": "(module)\n" };
  const folder = folderWith(before);
  const { files } = copyExample({ example: "wat/hello", name: "hello", dir: folder, force: true });
  const after = contentOf(folder) ?? {};
  expect(Object.keys(after).toSorted()).toEqual([...files, "notes/a.txt"].toSorted());
  expect(after["notes/a.txt"]).toBe("a\n");
  expect(after["hello.wat"]).toContain("fd_write");
});

test("force writes to no place that a link leads to", () => {
  const folder = folderWith({ "outside/hello.wat": "theirs\n" });
  const dir = join(folder, "app");
  mkdirSync(dir);
  symlinkSync("../outside/hello.wat", join(dir, "hello.wat"));
  copyExample({ example: "wat/hello", name: "hello", dir, force: true });
  expect(readFileSync(join(folder, "outside/hello.wat"), "utf8")).toBe("theirs\n");
  expect(lstatSync(join(dir, "hello.wat")).isFile()).toBe(true);

  symlinkSync("../outside", join(dir, "fixtures"));
  const again = (): unknown => copyExample({ example: "wat/read-file", name: "hello", dir, force: true });
  expect(again).toThrow(/fixtures is no folder, and files are to be put into one there/);
  expect(contentOf(join(folder, "outside"))).toEqual({ "hello.wat": "theirs\n" });
});

test("force does not remove a folder that stands where a file is to be put", () => {
  const folder = folderWith({ "hello.wat/inside.txt": "x" });
  expect(() => copyExample({ example: "wat/hello", name: "hello", dir: folder, force: true })).toThrow(
    expect.objectContaining({ code: "E_TARGET", message: expect.stringContaining("hello.wat is a folder") }),
  );
  expect(contentOf(folder)).toEqual({ "hello.wat/inside.txt": "x" });
});

// 4095 bytes are the most that a path may have there: some files can be written, and others can't.
test.runIf(process.platform === "linux")("what can't be finished leaves nothing", () => {
  let parent = folderWith();
  while (parent.length < 4050) parent = join(parent, "x".repeat(Math.min(200, 4049 - parent.length)));
  mkdirSync(parent, { recursive: true });
  const copy = (): unknown => copyExample({ example: "wat/hello", dir: join(parent, "app") });
  expect(copy).toThrow(expect.objectContaining({ code: "E_WRITE", message: expect.stringContaining("ENAMETOOLONG") }));
  expect(readdirSync(parent)).toEqual([]);
});

test("where a folder above is a file, that is said, and nothing is left", () => {
  const folder = folderWith();
  writeFileSync(join(folder, "file"), "");
  const copy = (): unknown => copyExample({ example: "wat/hello", dir: join(folder, "file/app") });
  expect(copy).toThrow(
    expect.objectContaining({ code: "E_WRITE", message: expect.stringMatching(/can't be written \(E/) }),
  );
  expect(readdirSync(folder)).toEqual(["file"]);
});
