import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { projectCommands } from "./project-commands.ts";

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
  const root = mkdtempSync(join(tmpdir(), "wasi-kit-commands-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries({ ...files, "app/program/wasi.json": "" })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  expect(projectCommands(join(root, "app/program")).install).toBe(install);
});
