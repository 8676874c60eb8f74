import { packageManagers } from "./package-manager.ts";
import type { PackageManager } from "./package-manager.ts";

/** What git is to leave alone: results, by the files that they come from. */
export function gitignore(files: Readonly<Record<string, string>>): string {
  return ["node_modules/", "build/", ...("Cargo.toml" in files ? ["target/"] : [])].map((line) => `${line}\n`).join("");
}

/** A workflow for GitHub Actions that tests the project with each push. */
export function workflow(files: Readonly<Record<string, string>>, packageManager: PackageManager): string {
  const { ci, test } = packageManagers[packageManager];
  const steps = [
    "uses: actions/checkout@v4",
    "uses: actions/setup-node@v4\n        with:\n          node-version: 22",
    ...("Cargo.toml" in files ? ["run: rustup target add wasm32-wasip1"] : []),
    ...ci,
    `run: ${test}`,
  ];
  return `name: Test
on: [push, pull_request]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
${steps.map((step) => `      - ${step}\n`).join("")}`;
}
