import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { languageOf, modulePath, readProgram } from "@wasi-kit/manifest";
import { globSync } from "tinyglobby";
import { describe, expect, test } from "vitest";
import { needs } from "../packages/compiler/test/helpers/needs.ts";
import { root } from "./root.ts";

interface Package {
  scripts?: Record<string, string>;
}

const readPackage = (folder: string): Package =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Package;

const folders = (pattern: string): string[] =>
  globSync(pattern, { cwd: root, onlyDirectories: true, deep: pattern.split("/").length })
    .map((folder) => folder.replace(/\/$/, ""))
    .toSorted();

// pnpm lists each package of the workspace in its lockfile, and installs nothing that is not there.
const lockfile = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");

/** How many bytes the module of an example may have: by its language. */
const largest: Readonly<Record<string, number>> = {
  "examples/wat": 2048,
  "examples/c": 50_000,
  "examples/go": 3_000_000,
  "examples/rust": 150_000,
  "examples/zig": 60_000,
  "examples/assemblyscript": 25_000,
};

describe.each(folders("examples/!(server|browser)/*"))("%s", (folder) => {
  const path = join(root, folder);

  test.each(["wasi.json", "package.json", "README.md", `${folder.split("/").at(-1)}.test.ts`])("has %s", (file) => {
    expect(existsSync(join(path, file))).toBe(true);
  });

  test("is a package of the workspace", () => {
    expect(lockfile).toContain(`\n  ${folder}:\n`);
  });

  test("has a snapshot for each of its runs", async () => {
    const { manifest } = await readProgram(path);
    const expected = Object.keys(manifest.runs).map((name) => `${name}.txt`);
    expect(readdirSync(join(path, "__snapshots__")).toSorted()).toEqual(expected.toSorted());
  });

  test("has the scripts that all examples have", () => {
    // A library can't be run, but its host can.
    const isLibrary = existsSync(join(path, "host.ts"));
    expect(readPackage(folder).scripts).toEqual({
      dev: "wasi-kit dev",
      build: "wasi-kit build",
      start: `wasi-kit build && ${isLibrary ? "tsc && node build/main.js" : "wasi-kit run --all"}`,
      test: "wasi-kit build && vitest run",
    });
  });

  test("has a small module", async (context) => {
    const program = await readProgram(path);
    const language = languageOf(program.manifest);
    if (language) await needs(language, context);
    const { size } = statSync(modulePath(program));
    expect(size).toBeLessThanOrEqual(largest[dirname(folder)]!);
  });

  test("is in the folder of its language", async () => {
    const { manifest } = await readProgram(path);
    expect(languageOf(manifest)).toBe(folder.split("/")[1]);
  });

  test("has a schema that an editor finds", async () => {
    const { manifest } = await readProgram(path);
    expect(existsSync(join(path, manifest.$schema ?? "missing"))).toBe(true);
  });
});

// An example is copied out as a whole, so that it can't import from another one: each has its own copy.
test.each([
  ["AssemblyScript", "assemblyscript/*/assembly/*.ts"],
  ["C", "c/*/src/*.h"],
  ["Zig", "zig/*/src/*.zig"],
])("files of one name in examples in %s are the same", (_, sources) => {
  const paths = globSync(`examples/${sources}`, { cwd: root, ignore: ["**/index.ts", "**/main.zig"] });
  const versions = paths.map((path) => `${basename(path)}\n${readFileSync(join(root, path), "utf8")}`);
  const names = [...new Set(versions)].map((version) => version.split("\n")[0]);
  expect(names).toEqual([...new Set(names)]);
});

test.each(["host.ts", "main.ts", "library.test.ts", "tsconfig.json"])(
  "%s of a library does not depend on its language",
  (file) => {
    const paths = globSync(`examples/*/library/${file}`, { cwd: root });
    expect(paths.length).toBeGreaterThan(1);
    expect(new Set(paths.map((path) => readFileSync(join(root, path), "utf8"))).size).toBe(1);
  },
);

test.each(["ARCHITECTURE.md", "SECURITY.md"])("each file that %s names is there", (document) => {
  const named = [...readFileSync(join(root, document), "utf8").matchAll(/`([\w./-]+\.(?:ts|js|json))`/g)];
  const files = globSync(["*", "{packages,tools,examples}/**"], {
    cwd: root,
    ignore: "**/{node_modules,dist,build}/**",
  });
  const paths = [...new Set(named.map(([, path = ""]) => path))];
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => !files.some((file) => `/${file}`.endsWith(`/${path}`)))).toEqual([]);
});

test("no package uses node:wasi, which confines no module", () => {
  const sources = globSync("packages/*/src/**/*.ts", { cwd: root }).filter(
    (path) => !/\.test\.ts$|\/testing\//.test(path),
  );
  const using = sources.filter((path) => /["']node:wasi["']/.test(readFileSync(join(root, path), "utf8")));
  expect(sources.length).toBeGreaterThan(100);
  expect(using).toEqual([]);
});

// A WAT file can't include another one: what is under these headings is in each example that needs it.
test("functions that WAT examples share are the same in each", () => {
  const functions = globSync("examples/wat/*/*.wat", { cwd: root }).flatMap((path) => {
    const [, ...shared] = readFileSync(join(root, path), "utf8").split(/;; ---- (?:Paths|Arguments|Output) -*\n/);
    const code = shared.join("\n").replaceAll(/^ *;;.*\n| *;;.*|^\)\n/gm, "");
    return code.split(/\n\n+/).map((text) => text.trim());
  });
  const names = [...new Set(functions)].map((text) => /\$\w+/.exec(text)?.[0]);
  expect(names).toContain("$write");
  expect(names).toEqual([...new Set(names)]);
});

test("the bundle of the command line is built anew if a source in it changed", () => {
  const { tasks } = JSON.parse(readFileSync(join(root, "turbo.json"), "utf8")) as {
    tasks: Record<string, { inputs: string[] }>;
  };
  const inputs = tasks["wasi-kit#dist"]?.inputs
    .filter((input) => !input.startsWith("!"))
    .map((input) =>
      input.startsWith("$TURBO_ROOT$/") ? input.slice("$TURBO_ROOT$/".length) : `packages/cli/${input}`,
    );
  const watched = new Set(globSync(inputs ?? [], { cwd: root }));

  const dist = join(root, "packages/cli/dist");
  const bundled = globSync("*.map", { cwd: dist }).flatMap((map) => {
    const { sources } = JSON.parse(readFileSync(join(dist, map), "utf8")) as { sources: string[] };
    return sources.map((source) => relative(root, join(dist, source)).replaceAll("\\", "/"));
  });
  expect(bundled).toContain("packages/cli/src/main.ts");
  expect([...new Set(bundled)].filter((source) => !watched.has(source) && !source.includes("node_modules"))).toEqual(
    [],
  );
});
