import type { LanguageName } from "@wasi-kit/manifest";

/** What is tried with nothing but what was published. */
export interface Trial {
  name: string;
  /** What its program is in: it takes that language's compiler. */
  language: LanguageName;
  /** What is there before: path to text. */
  before?: Readonly<Record<string, string>>;
  /** Makes or equips a program; in the folder that `before` is in. */
  start: string;
  /** The folder that this makes, with a project of its own; otherwise what is there before gets something. */
  project?: string;
  /** Installs what it needs. */
  install: string;
  /** What the README of a project says, and what a newcomer does first. */
  use: readonly string[];
  test: string;
  /** Runs the script `dev`. */
  dev?: string;
  /** The scenario's name, which is to be nowhere. */
  scenario?: string;
}

const project = "my-tool";

/** The commands of each package manager; `create` takes what follows the project's folder. */
const managers = {
  npm: { create: "npm create --yes wasi-kit@latest", dashes: " --", run: "npm run", exec: "npx --no-install" },
  pnpm: { create: "pnpm create wasi-kit@latest", dashes: "", run: "pnpm", exec: "pnpm exec" },
  yarn: { create: "yarn create wasi-kit", dashes: "", run: "yarn", exec: "yarn run" },
};

function created(manager: keyof typeof managers, language: LanguageName, scenario: string): Trial {
  const { create, dashes, run, exec } = managers[manager];
  const example = `${language}/${scenario}`;
  const isLibrary = scenario === "library";
  return {
    name: `${manager} ${example}`,
    language,
    start: `${create} ${project}${dashes} --example ${example} --package-manager ${manager} --yes --no-install --no-git`,
    project,
    install: `${manager} install`,
    use: [
      `${manager} start`,
      ...(isLibrary ? [] : [`${exec} wasi-kit run`]),
      "tsc --noEmit -p .",
      ...(language === "rust" ? [`cargo ${isLibrary ? "test" : "run"} --quiet`] : []),
    ],
    test: `${manager} test`,
    dev: `${run} dev`,
    scenario,
  };
}

/** One for each language and package manager, and one for each kind of project that is there already. */
export const trials: readonly Trial[] = [
  created("npm", "wat", "hello"),
  created("npm", "rust", "read-file"),
  created("npm", "assemblyscript", "hello"),
  created("npm", "c", "library"),
  created("npm", "go", "read-file"),
  created("npm", "zig", "args-env"),
  created("pnpm", "wat", "stdin-filter"),
  created("pnpm", "rust", "args-env"),
  created("pnpm", "assemblyscript", "list-directory"),
  created("pnpm", "c", "read-file"),
  created("pnpm", "go", "library"),
  created("pnpm", "zig", "list-directory"),
  created("yarn", "wat", "exit-code"),
  created("yarn", "rust", "library"),
  created("yarn", "assemblyscript", "read-file"),
  {
    name: "in a vitest project",
    language: "wat",
    before: {
      "package.json":
        '{ "type": "module", "scripts": { "test": "vitest run" }, "devDependencies": { "vitest": "^4" } }',
      "src/sum.test.ts": 'import { expect, test } from "vitest";\ntest("sum", () => expect(1 + 1).toBe(2));\n',
    },
    start: "npx --yes wasi-kit@latest add wat/read-file wasm/reader",
    install: "npm install",
    use: ["npx --no-install wasi-kit run wasm/reader"],
    test: "npm test",
  },
  {
    name: "in a crate",
    language: "rust",
    before: {
      "Cargo.toml": '[package]\nname = "greet"\nversion = "0.1.0"\nedition = "2021"\n',
      "src/main.rs": 'fn main() {\n    println!("Hello, world!");\n}\n',
      ".gitignore": "/target\n",
    },
    start: "npx --yes wasi-kit@latest init",
    install: "npm install",
    use: ["npm start"],
    test: "npm test",
    dev: "npm run dev",
  },
  {
    name: "in a pnpm workspace",
    language: "assemblyscript",
    before: {
      "package.json": '{ "private": true }',
      "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
      "packages/other/package.json": '{ "name": "other", "version": "1.0.0" }',
    },
    start: "pnpm dlx wasi-kit@latest add assemblyscript/write-file",
    install: "pnpm install",
    use: ["pnpm --filter ./packages/write-file start"],
    test: "pnpm --filter ./packages/write-file test",
  },
];
