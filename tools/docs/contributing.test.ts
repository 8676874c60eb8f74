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

test("each script of the repository is mentioned, and each in the table of commands exists", () => {
  const text = read("CONTRIBUTING.md");
  const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts);
  const namesIn = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = ""]) => name);
  // `start` is in the README; turbo runs the others, and `wasi-kit` is for examples.
  const elsewhere = /^(start|wasi-kit|build:.*|toolchain:.*)$/;
  const mentioned = namesIn(/`pnpm ([\w:-]+)/g);
  expect(scripts.filter((name) => !elsewhere.test(name) && !mentioned.includes(name))).toEqual([]);
  expect(namesIn(/^\| `pnpm ([\w:-]+)/gm).filter((name) => !scripts.includes(name))).toEqual([]);
});
