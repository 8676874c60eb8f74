import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../root.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const architecture = read("ARCHITECTURE.md");

const answers = [...read("CONTRIBUTING.md").matchAll(/^\| (.+\?) \| `([^`]+)`: `([^`]+)` \|$/gm)].map(
  ([, question = "", path = "", symbol = ""]) => [question, path, symbol] as const,
);

test("there are ten questions", () => expect(answers).toHaveLength(10));

test.each(answers)("%s", (_, path, symbol) => {
  expect(existsSync(join(root, path)), `${path} exists`).toBe(true);
  // The first step is ARCHITECTURE.md, which names a folder above the file; the second is to look into that folder.
  const [packages = "", name = "", , ...folders] = dirname(path).split("/");
  const above = folders.length > 0 ? folders : [`${packages}/${name}`];
  expect(above.filter((folder) => new RegExp(`[\`/]${folder}[\`/]`).test(architecture))).not.toEqual([]);
  expect(read(path)).toMatch(new RegExp(`\\b${symbol}\\b`));
});

test("each script of the repository is in the table of commands, and each of those exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const listed = [...read("CONTRIBUTING.md").matchAll(/^\| `pnpm ([\w:-]+)/gm)].map(([, script]) => script);
  // `start` is in the README; turbo runs the others, and `wasi-kit` is for examples.
  const others = ["start", "rust-version", "wasi-kit", ...Object.keys(scripts).filter((it) => it.startsWith("build:"))];
  expect([...new Set(listed), ...others].toSorted()).toEqual(Object.keys(scripts).toSorted());
});
