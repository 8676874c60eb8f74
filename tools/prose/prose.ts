/**
 * Checks the words of documents, messages and comments by the list in words.yml. It is a part of `pnpm check`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { root } from "../root.ts";
import { checkProse } from "./check-prose.ts";

const groups: readonly { patterns: readonly string[]; kind: "markdown" | "text" | "comments" }[] = [
  {
    patterns: ["*.md", "docs/**/*.md", "examples/**/*.md", "packages/*/README.md", "site/content/**/*.md"],
    kind: "markdown",
  },
  // What the help and the explanations print.
  { patterns: ["packages/cli/src/**/__snapshots__/*.txt", "tools/end-to-end/__snapshots__/*.txt"], kind: "text" },
  {
    patterns: [
      "packages/*/{src,test}/**/*.ts",
      "packages/*/*.js",
      "tools/**/*.{ts,js}",
      "examples/**/*.{wat,rs,c,h,cpp,go,zig,ts,js,css}",
      "site/**/*.{ts,js,css}",
      "tools/docs/samples/*",
    ],
    kind: "comments",
  },
];
// The check's own test has wrong words on purpose.
const ignore = ["**/{node_modules,target,build,.zig-cache,dist}/**", "tools/prose/prose.test.ts"];

const files = groups.flatMap(({ patterns, kind }) =>
  globSync([...patterns], { cwd: root, ignore })
    .toSorted()
    .map((path) => ({ path, kind, text: readFileSync(join(root, path), "utf8") })),
);
const problems = await checkProse(files);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
