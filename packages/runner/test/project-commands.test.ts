import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { asTyped, projectCommands } from "../src/advice/project-commands.ts";

test.each<[files: Record<string, string>, install: string]>([
  [{ "package-lock.json": "{}" }, "npm install"],
  [{ "pnpm-lock.yaml": "" }, "pnpm install"],
  [{ "yarn.lock": "" }, "yarn install"],
  [{}, "npm install"],
  // The nearest one counts, and a lock file more than what package.json pins.
  [{ "yarn.lock": "", "app/pnpm-lock.yaml": "" }, "pnpm install"],
  [{ "yarn.lock": "", "app/package.json": '{ "packageManager": "pnpm@12.21.0" }' }, "pnpm install"],
  [{ "app/package-lock.json": "", "app/package.json": '{ "packageManager": "pnpm@12.21.0" }' }, "npm install"],
  // What says nothing is passed over.
  [{ "yarn.lock": "", "app/package.json": "{}" }, "yarn install"],
  [{ "yarn.lock": "", "app/package.json": "no JSON" }, "yarn install"],
  [{ "package.json": '{ "packageManager": "bun@1.3.0" }' }, "npm install"],
])("in a program below %j, what to type is %s", (files, install) => {
  expect(projectCommands(join(folderWith(files), "app/program")).install).toBe(install);
});

/** A folder with these files, and with one for a program. */
function folderWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "wasi-kit-commands-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries({ ...files, "app/program/wasi.json": "" })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const installed = { "node_modules/.bin/wasi-kit": "" };

test.each<[files: Record<string, string>, typed: string]>([
  [{}, "wasi-kit"],
  [{ "pnpm-lock.yaml": "" }, "wasi-kit"],
  [installed, "npx wasi-kit"],
  [{ ...installed, "pnpm-lock.yaml": "" }, "pnpm wasi-kit"],
  [{ ...installed, "yarn.lock": "" }, "npx wasi-kit"],
  [{ "app/node_modules/.bin/wasi-kit": "", "pnpm-lock.yaml": "" }, "pnpm wasi-kit"],
])("in a program below %j, wasi-kit is typed %s", (files, typed) => {
  expect(projectCommands(join(folderWith(files), "app/program")).wasiKit).toBe(typed);
});

const script = '{ "scripts": { "wasi-kit": "node wasi-kit.js" } }';

test.each<[files: Record<string, string>, typed: string]>([
  [{ "package.json": script }, "npm run wasi-kit -- build"],
  [{ "package.json": script, "pnpm-lock.yaml": "" }, "pnpm wasi-kit build"],
  [{ "package.json": script, "yarn.lock": "" }, "yarn wasi-kit build"],
  [{ "package.json": script, ...installed }, "npx wasi-kit build"],
  [{ "package.json": "{}" }, "wasi-kit build"],
])("in a folder with %j, it is typed %s", (files, typed) => {
  const folder = folderWith(files);
  expect(asTyped("wasi-kit build", folder)).toBe(typed);
  expect(asTyped(typed, folder)).toBe(typed);
});

test("a package manager finds no script from a folder below", () => {
  expect(asTyped("wasi-kit build", join(folderWith({ "package.json": script }), "app"))).toBe("wasi-kit build");
});

test.each([
  ["type: wasi-kit build", "type: npx wasi-kit build"],
  ["wasi-kit run --env A=1\nor wasi-kit run.", "npx wasi-kit run --env A=1\nor npx wasi-kit run."],
  ["(wasi-kit doctor --fix)", "(npx wasi-kit doctor --fix)"],
  // What names the program, a package or a file is no command.
  ["wasi-kit runs modules, and wasi-kit has no threads", "wasi-kit runs modules, and wasi-kit has no threads"],
  ["@wasi-kit/runner, my-wasi-kit run, ./wasi-kit run", "@wasi-kit/runner, my-wasi-kit run, ./wasi-kit run"],
])("where it is installed, %j is %j", (text, typed) => {
  expect(asTyped(text, folderWith(installed))).toBe(typed);
  expect(asTyped(text, folderWith({}))).toBe(text);
});
