/** What installs packages and runs scripts. */
export type PackageManager = "npm" | "pnpm" | "yarn";

interface Commands {
  /** Installs what a project needs. */
  install: string;
  /** Runs the script `start`. */
  start: string;
  /** Runs the script `test`. */
  test: string;
  /** Runs wasi-kit, as it is installed in the project. */
  wasiKit: string;
  /** The steps of a CI job before the tests. */
  ci: readonly string[];
  /** Files that it needs. */
  files?: Readonly<Record<string, string>>;
}

/** What to type for each. */
export const packageManagers: Readonly<Record<PackageManager, Commands>> = {
  npm: {
    install: "npm install",
    start: "npm start",
    test: "npm test",
    wasiKit: "npx wasi-kit",
    ci: ["run: npm ci"],
  },
  pnpm: {
    install: "pnpm install",
    start: "pnpm start",
    test: "pnpm test",
    wasiKit: "pnpm wasi-kit",
    ci: ["run: npm install --global pnpm", "run: pnpm install"],
  },
  yarn: {
    install: "yarn install",
    start: "yarn start",
    test: "yarn test",
    // `yarn wasi-kit run -- ARG` loses the dashes with yarn 1.
    wasiKit: "npx wasi-kit",
    ci: ["run: corepack enable", "run: yarn install"],
    // An editor finds the schema of wasi.json in node_modules, which yarn makes by itself up to version 1 only.
    files: { ".yarnrc.yml": "nodeLinker: node-modules\n" },
  },
};

/** The package manager that this process was started by; npm where that can't be told. */
export function detectPackageManager(): PackageManager {
  const name = process.env["npm_config_user_agent"]?.split("/")[0] ?? "";
  return Object.hasOwn(packageManagers, name) ? (name as PackageManager) : "npm";
}
