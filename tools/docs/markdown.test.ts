import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { describe, expect, test } from "vitest";
import { expand } from "./markdown.ts";
import { root } from "../root.ts";

const files = globSync("**/*.md", { cwd: root, ignore: ["**/node_modules/**", "**/target/**"] }).toSorted();

describe.each(files)("%s", (file) => {
  const path = join(root, file);
  const text = readFileSync(path, "utf8");

  test("shows what its sources, its commands and their outputs say today", async () => {
    await expect(await expand(text, path)).toMatchFileSnapshot(path);
  });

  test("links to what is there", () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target as string);
    expect(targets.filter((target) => !existsSync(join(dirname(path), target)))).toEqual([]);
  });
});
