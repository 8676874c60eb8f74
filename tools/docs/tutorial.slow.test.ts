import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../root.ts";

const folder = join(root, "docs/tutorial");
const chapters = readdirSync(folder).filter((name) => name !== "README.md");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const linksOf = (text: string): string[] => [...text.matchAll(/\]\((\d+-[^)]+)\)/g)].map(([, link]) => link as string);

test("the index lists the chapters in order", () => {
  expect(linksOf(read("README.md"))).toEqual(chapters.toSorted());
});

describe.each(chapters.toSorted().map((name, i, all) => ({ name, before: all[i - 1], next: all[i + 1] })))(
  "$name",
  ({ name, before, next }) => {
    const text = read(name);

    test("leads to its neighbours, at its beginning and at its end", () => {
      const neighbours = [before, next].filter((it) => it !== undefined);
      const [, first = "", ...rest] = text.split("\n\n");
      expect(linksOf(first)).toEqual(neighbours);
      expect(linksOf(rest.at(-1) ?? "")).toEqual(neighbours);
    });

    test("begins in an empty folder", () => {
      const [, first] = /<!-- type (.*) -->/.exec(text) ?? [];
      expect(first).toMatch(/^mkdir \S/);
    });

    test("includes its code and its outputs, and needs no command of the repository", () => {
      const rest = text.replaceAll(/<!-- (\w+) .*?-->[^]*?<!-- \/\1 -->/g, "");
      expect(rest.match(/^```.*/gm) ?? []).toEqual([]);
      expect(text).not.toContain("<!-- wasiKit ");
      expect(text).not.toMatch(/^\$ .*(?:\bpnpm |\bexamples\/|\bpackages\/|\btools\/)/m);
    });

    test("asks a question or more, with a folded answer", () => {
      expect(text).toMatch(/^<details>\n<summary>.+<\/summary>\n\n[^]+?\n\n<\/details>$/m);
    });

    test("ends with what the reader has, and the last chapter with where to go next", () => {
      const headings = next === undefined ? ["## What you have", "## Where to go next"] : ["## What you have"];
      expect(text.match(/^## .*/gm)?.slice(-headings.length)).toEqual(headings);
    });
  },
);
