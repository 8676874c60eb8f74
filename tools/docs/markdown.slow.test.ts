import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { afterAll, describe, expect, test } from "vitest";
import { expand } from "./markdown.ts";
import { stopServer } from "./server.ts";
import { endWalkthroughs } from "./walkthrough.ts";
import { root } from "../root.ts";

// A page of the site's own links to other pages: the site's build checks that.
const ignore = ["**/{node_modules,target}/**", "site/{build,content}/**"];
const files = globSync("**/*.md", { cwd: root, ignore }).toSorted();

afterAll(async () => Promise.all([stopServer(), endWalkthroughs()]), 300_000);

describe.each(files)("%s", (file) => {
  const path = join(root, file);
  const text = readFileSync(path, "utf8");

  // Measuring all examples again takes a minute or two.
  test("shows what its sources, its commands and their outputs say today", { timeout: 300_000 }, async () => {
    await expect(await expand(text, path)).toMatchFileSnapshot(path);
  });

  test("links to what is there", () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target as string);
    expect(targets.filter((target) => !existsSync(join(dirname(path), target)))).toEqual([]);
  });
});

test.each(["(func $none", "i32.const"])("a part is the only one with its text, unlike %s", async (text) => {
  const path = join(root, "examples/wat/hello/README.md");
  const expanded = expand(`<!-- part hello.wat ${text} -->\n<!-- /part -->`, path);
  await expect(expanded).rejects.toThrow(/hello\.wat has (?!1 )\d+ parts with /);
});
