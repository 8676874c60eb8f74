import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../root.ts";
import { publicApi } from "./api.ts";
import { packAll, publishedPackages } from "./packages.ts";

const folder = mkdtempSync(join(tmpdir(), "wasi-kit-pack-"));
afterAll(() => rmSync(folder, { recursive: true }));
const tarballs = await packAll(folder);

interface SourceMap {
  sources: string[];
  sourcesContent?: string[];
}

const inEveryPackage = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
/** What else may be in one; `templates.json` is the examples. */
const maybe =
  /^(bin\/[^/]+\.c?js|bundle\/templates\.json|completions\/wasi-kit\.(ba|z|fi)sh|dist\/(hash\.txt|.+\.(c?js(\.map)?|d\.ts(\.map)?))|src\/.+\.ts|wasi\.schema\.json)$/;
const neverWanted = /\.test\.|\/(testing|__snapshots__)\//;

describe.each(publishedPackages().map((it) => [it.manifest.name, it] as const))("%s", (name, { folder: dir }) => {
  const { filename, files } = tarballs.find((it) => it.name === name)!;
  const paths = files.map(({ path }) => path);
  const bytes = readFileSync(filename);

  test("has in it what is needed, and nothing else", () => {
    const others = paths.filter((path) => !inEveryPackage.includes(path));
    expect(paths).toEqual(expect.arrayContaining(inEveryPackage));
    expect(others.filter((path) => !maybe.test(path))).toEqual([]);
    expect(others.filter((path) => neverWanted.test(path))).toEqual([]);
  });

  test("has the sources that its maps name, beside them or in them", () => {
    const maps = paths
      .filter((path) => path.endsWith(".map"))
      .map((path) => ({ path, ...(JSON.parse(readFileSync(join(root, dir, path), "utf8")) as SourceMap) }));
    expect(maps).not.toEqual([]);
    const missing = maps.flatMap(({ path, sources, sourcesContent }) =>
      sources.filter((source, at) => !sourcesContent?.[at] && !paths.includes(join(path, "..", source))),
    );
    expect(missing).toEqual([]);
  });

  test("passes publint", async () => {
    const { messages, pkg } = await publint({ pack: { tarball: toArrayBuffer(bytes) }, strict: true });
    // Where it is developed is set by who releases it: see CONTRIBUTING.md.
    expect(messages.map((it) => formatMessage(it, pkg))).toEqual([]);
  });

  test("has types that are found", async () => {
    const result = await checkPackage(createPackageFromTarballData(bytes), {
      excludeEntrypoints: [/\/internal\//, /\.(cjs|json)$/],
    });
    const problems = result.types ? result.problems : [];
    // These are modules: Node.js 10 and `require` of CommonJS are not promised.
    const promised = problems.filter((it) => !("resolutionKind" in it && /node10|node16-cjs/.test(it.resolutionKind)));
    expect(promised).toEqual([]);
  });

  test("promises what it did", async () => {
    const { manifest } = publishedPackages().find((it) => it.manifest.name === name)!;
    const path = join(import.meta.dirname, `api/${dir.replace("packages/", "")}.txt`);
    await expect(publicApi({ folder: dir, manifest })).toMatchFileSnapshot(path);
  });
});

const toArrayBuffer = ({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer =>
  (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
