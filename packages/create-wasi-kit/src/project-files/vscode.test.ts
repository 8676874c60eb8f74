import { expect, test } from "vitest";
import type { Project } from "./project.ts";
import { vscode } from "./vscode.ts";

const project = (language: string): Project => ({
  name: "hello",
  program: "hello",
  description: "Says hello",
  language,
  isOnItsOwn: true,
  packageManager: "npm",
  pinned: "npm@11.6.0",
  runs: ["default"],
  files: {},
});

test("an editor of Go sees what is built for WASI", () => {
  const settings = vscode(project("go"))[".vscode/settings.json"] as string;
  expect(JSON.parse(settings)).toEqual({ gopls: { "build.env": { GOOS: "wasip1", GOARCH: "wasm" } } });
});

test("an editor shows what a build finds, and after a change what dev finds then", () => {
  const { tasks } = JSON.parse(vscode(project("c"))[".vscode/tasks.json"] as string) as {
    tasks: { label: string; problemMatcher: { pattern: { regexp: string }[]; background?: Record<string, unknown> } }[];
  };
  expect(tasks.map(({ label }) => label)).toEqual(["build", "test", "dev", "build for debugging"]);
  for (const { problemMatcher } of tasks) {
    const [, file, line, column] =
      new RegExp(problemMatcher.pattern[0]!.regexp).exec("src/main.c:2:11: error: x") ?? [];
    expect([file, line, column]).toEqual(["src/main.c", "2", "11"]);
  }
  expect(tasks.filter(({ problemMatcher }) => problemMatcher.background).map(({ label }) => label)).toEqual(["dev"]);
});

test.each(["wat", "c", "zig"])("%s needs no settings", (language) => {
  expect(Object.keys(vscode(project(language)))).toEqual([
    ".vscode/tasks.json",
    ".vscode/launch.json",
    ".vscode/extensions.json",
  ]);
});
