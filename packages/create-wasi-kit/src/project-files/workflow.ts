import { packageManagers } from "../package-manager.ts";
import type { PackageManager } from "../package-manager.ts";
import { languageFacts } from "../templates.ts";
import type { Project } from "./project.ts";

/** The versions of Node.js that a project is tested with: those that are maintained. */
const nodeVersions = [22, 24, 26];

/**
 * The steps that install, each with the package manager that package.json pins: those before Node.js is set up, which
 * asks the package manager where its cache is, and those after.
 */
const steps: Readonly<Record<PackageManager, (pinned: string) => { before: string[]; after: string[] }>> = {
  npm: () => ({
    before: [],
    after: [`run: npm install --global "$(node -p 'require("./package.json").packageManager')"`, "run: npm ci"],
  }),
  pnpm: () => ({ before: ["uses: pnpm/action-setup@v4"], after: ["run: pnpm install --frozen-lockfile"] }),
  yarn: (pinned) => ({
    before: ["run: corepack enable"],
    after: [pinned.startsWith("yarn@1.") ? "run: yarn install --frozen-lockfile" : "run: yarn install --immutable"],
  }),
};

/** A workflow for GitHub Actions that tests the project with each push. */
export function workflow({ language, packageManager, pinned }: Project): string {
  const { before, after } = steps[packageManager](pinned);
  const all = [
    "uses: actions/checkout@v5",
    ...before,
    `uses: actions/setup-node@v5
        with:
          node-version: \${{ matrix.node }}
          cache: ${packageManager}`,
    ...languageFacts(language).steps,
    ...after,
    `run: ${packageManagers[packageManager].test}`,
  ];
  return `name: Test
on: [push, pull_request]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        node: [${nodeVersions.join(", ")}]
    steps:
${all.map((step) => `      - ${step}\n`).join("")}`;
}

/** The same, in words. */
export const testedWith: string = `${nodeVersions.slice(0, -1).join(", ")} and ${nodeVersions.at(-1)}`;
