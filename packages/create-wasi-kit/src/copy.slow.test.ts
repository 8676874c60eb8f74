import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readExample } from "@wasi-kit/manifest";
import { globSync } from "tinyglobby";
import { describe, expect, test } from "vitest";
import { root } from "../../../tools/root.ts";
import { copyExample } from "./copy.ts";
import { packageManagers } from "./package-manager.ts";
import type { PackageManager } from "./package-manager.ts";
import { examples } from "./templates.ts";
import { contentOf, folderWith } from "./testing/command.ts";

const names = Object.keys(examples());
const managers = Object.keys(packageManagers) as PackageManager[];

test("every example of the repository can be copied", () => {
  const folders = globSync("examples/*/*/wasi.json", { cwd: root }).map((path) =>
    path.split("/").slice(1, 3).join("/"),
  );
  expect(names.toSorted()).toEqual(folders.toSorted());
});

/** What belongs to the repository: its folders, its packages' versions, its links, the comments of its tools. */
const ofTheRepository =
  /workspace:|catalog:|@wasi-kit-examples|examples\/|packages\/|tools\/|docs\/tutorial|\]\(\.\.\/|\.\.\/\.\.\/|<!--|pnpm|Copy this folder|create-wasi-kit|npm create/;

describe.each(names)("%s", (example) => {
  const copy = (more: { packageManager?: PackageManager } = {}): Record<string, string> => {
    const dir = join(folderWith(), "My App");
    const copied = copyExample({ example, dir, ...more });
    const files = contentOf(dir) ?? {};
    expect(Object.keys(files)).toEqual(copied.files.toSorted());
    return files;
  };

  test("knows nothing of the repository", () => {
    const files = copy();
    const found = Object.entries(files).flatMap(([path, text]) =>
      text.split("\n").flatMap((line) => (ofTheRepository.test(line) ? [`${path}: ${line}`] : [])),
    );
    expect(found).toEqual([]);
    // Each link of the README leads to a file of the project.
    const links = [...(files["README.md"] ?? "").matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !(link in files))).toEqual([]);
  });

  test("has few files, besides its fixtures and a snapshot for each run", () => {
    const files = Object.keys(copy()).filter((path) => !/^(fixtures|__snapshots__)\//.test(path));
    expect(files.length).toBeLessThanOrEqual(13);
    expect(files).toEqual(
      expect.arrayContaining([".editorconfig", ".github/workflows/test.yml", ".gitignore", "README.md", "wasi.json"]),
    );
  });

  test("is as it stands in the repository, but for what names it", () => {
    const changed = new Set(["package.json", "README.md", ".editorconfig", ".gitignore", ".github/workflows/test.yml"]);
    const own = Object.entries(copy()).filter(([path]) => !changed.has(path));
    const theirs = own.map(([path]) => [path, readFileSync(join(root, "examples", example, path), "utf8")]);
    expect(own).toEqual(theirs);
  });

  test.each(managers)("says what to type with %s", (packageManager) => {
    const { start, wasiKit } = packageManagers[packageManager];
    const readme = copy({ packageManager })["README.md"] ?? "";
    expect(readme.startsWith("# my-app\n")).toBe(true);
    expect(readme).toContain(`\n${start}`);
    expect(readme).toContain(`${wasiKit} run`);
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
    nodeModules: "../../node_modules",
  });
  const { manifest } = await readExample(dir);
  expect(manifest.$schema).toBe("../../node_modules/@wasi-kit/manifest/wasi.schema.json");
  expect(files.filter((path) => path.startsWith("."))).toEqual([".gitignore"]);
  expect(JSON.parse(readFileSync(join(dir, "package.json"), "utf8"))).toMatchObject({ name: "@us/reader" });
});

test("a folder that was just made, and one with a new repository, are taken", () => {
  const folder = folderWith();
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  copyExample({ example: "wat/hello", dir: folder });
  expect(existsSync(join(folder, ".git/HEAD"))).toBe(true);
  expect(existsSync(join(folder, "hello.wat"))).toBe(true);
});

test("force writes over what it brings, and nothing else", () => {
  const before = { "README.md": "mine\n", "notes/a.txt": "a\n", "hello.wat": "(module)\n" };
  const folder = folderWith(before);
  const { files } = copyExample({ example: "wat/hello", dir: folder, force: true });
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
  copyExample({ example: "wat/hello", dir, force: true });
  expect(readFileSync(join(folder, "outside/hello.wat"), "utf8")).toBe("theirs\n");
  expect(lstatSync(join(dir, "hello.wat")).isFile()).toBe(true);

  symlinkSync("../outside", join(dir, "fixtures"));
  const again = (): unknown => copyExample({ example: "wat/read-file", dir, force: true });
  expect(again).toThrow(/fixtures is no folder, and files are to be put into one there/);
  expect(contentOf(join(folder, "outside"))).toEqual({ "hello.wat": "theirs\n" });
});

test("force does not remove a folder that stands where a file is to be put", () => {
  const folder = folderWith({ "hello.wat/inside.txt": "x" });
  expect(() => copyExample({ example: "wat/hello", dir: folder, force: true })).toThrow(
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
