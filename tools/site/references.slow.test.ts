import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errnoText } from "@wasi-kit/wasi/abi";
import { globSync } from "tinyglobby";
import { beforeAll, expect, test } from "vitest";
import type { Page } from "../../site/pages/page.ts";
import { referencePages } from "../../site/pages/reference/index.ts";
import { functionNotes, meanings } from "../../site/pages/reference/preview1-notes.ts";
import { root } from "../root.ts";

let pages: ReadonlyMap<string, Page>;
beforeAll(async () => {
  pages = new Map((await referencePages()).map((page) => [page.path, page]));
}, 60_000);

const textOf = (path: string): string => pages.get(path)?.text ?? "";

test("each error that the sources of WASI return has a meaning", () => {
  const sources = globSync("packages/wasi/src/**/*.ts", { cwd: root, ignore: "**/*.test.ts" });
  const returned = sources.flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(/WasiError\("(\w+)"|return errno\.(\w+)/g)].map(
      ([, thrown, given]) => thrown ?? given ?? "",
    ),
  );
  expect(returned).toContain("notcapable");
  expect([...new Set(returned)].filter((name) => name !== "success" && !(name in meanings))).toEqual([]);
});

test("each error of a function has a meaning, and each meaning a text", () => {
  const named = Object.values(functionNotes).flatMap(({ errors = {} }) => Object.keys(errors));
  expect(named.filter((name) => !(name in meanings))).toEqual([]);
  expect(Object.keys(meanings).filter((name) => !(name in errnoText))).toEqual([]);
});

test("each key of wasi.json has a heading", () => {
  const schema = readFileSync(join(root, "packages/manifest/wasi.schema.json"), "utf8");
  const keys = new Set<string>();
  JSON.parse(schema, (key, value: unknown) => {
    if (key === "properties") for (const name of Object.keys(value as object)) keys.add(name);
    return value;
  });
  const headings = textOf("reference/manifest.md").matchAll(/^#+ `(?:.*\.)?([$\w]+)`$/gm);
  const explained = new Set([...headings].map(([, name]) => name));
  expect(keys).toContain("preopens");
  expect([...keys].filter((key) => !explained.has(key))).toEqual([]);
});

test.each(["run", "build", "doctor"])("the page of wasi-kit %s has what --help=all prints", (name) => {
  const page = textOf(`reference/command-line/${name}.md`);
  const help = readFileSync(join(root, `packages/cli/src/ui/__snapshots__/help-${name}.txt`), "utf8");
  const options = [...help.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = ""]) => option);
  expect(options).not.toEqual([]);
  expect(options.filter((option) => !page.includes(option))).toEqual([]);
});

test("each code of an error is listed", () => {
  const sources = globSync("packages/*/src/error.ts", { cwd: root }).map((path) =>
    readFileSync(join(root, path), "utf8"),
  );
  const codes = [...new Set(sources.flatMap((text) => text.match(/\bE_[A-Z_]+\b/g) ?? []))];
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !textOf("reference/errors.md").includes(`| \`${code}\` |`))).toEqual([]);
});

test("each benchmark has a chart that says its figures in words", () => {
  const { measured } = JSON.parse(readFileSync(join(root, "docs/benchmarks.json"), "utf8")) as {
    measured: { comparison: string; contender: string }[];
  };
  const charts = textOf("reference/benchmarks.md").match(/<desc [^>]*>[^<]*<\/desc>/g) ?? [];
  expect(charts).toHaveLength(new Set(measured.map(({ comparison }) => comparison)).size);
  const unsaid = measured.filter(({ contender }) => !charts.some((chart) => chart.includes(contender)));
  expect(unsaid).toEqual([]);
});
