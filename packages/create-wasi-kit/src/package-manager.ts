import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";

/** What installs packages and runs scripts. */
export type PackageManager = "npm" | "pnpm" | "yarn";

interface PackageManagerFacts {
  /** Installs what a project needs. */
  install: string;
  /** Runs a script of package.json that is not `start` or `test`, by its name. */
  run: string;
  /** Runs the script `start`. */
  start: string;
  /** Runs the script `test`. */
  test: string;
  /** Runs the script `test`, and writes the snapshots again. */
  update: string;
  /** Runs a command that a package has installed in the project, by its name. */
  exec: string;
  /** Runs wasi-kit, as it is installed in the project. */
  wasiKit: string;
  /** The version that a project is pinned to where none is on this machine. */
  version: string;
  /** Files that it needs. */
  files?: Readonly<Record<string, string>>;
}

/** What to type for each. */
export const packageManagers: Readonly<Record<PackageManager, PackageManagerFacts>> = {
  npm: {
    install: "npm install",
    run: "npm run",
    start: "npm start",
    test: "npm test",
    update: "npm test -- -u",
    exec: "npx",
    wasiKit: "npx wasi-kit",
    version: "11.19.1",
  },
  pnpm: {
    install: "pnpm install",
    run: "pnpm",
    start: "pnpm start",
    test: "pnpm test",
    update: "pnpm test -u",
    exec: "pnpm",
    wasiKit: "pnpm wasi-kit",
    version: "12.21.0",
  },
  yarn: {
    install: "yarn install",
    run: "yarn",
    start: "yarn start",
    test: "yarn test",
    update: "yarn test -u",
    exec: "yarn",
    // `yarn wasi-kit run -- ARG` loses the dashes with yarn 1.
    wasiKit: "npx wasi-kit",
    version: "1.22.22",
    // An editor finds the schema of wasi.json in node_modules, which yarn makes by itself up to version 1 only.
    files: { ".yarnrc.yml": "nodeLinker: node-modules\n" },
  },
};

/** The package manager that this process was started by; npm if that is unknown. */
export function detectPackageManager(): PackageManager {
  const [name = ""] = startedBy();
  return Object.hasOwn(packageManagers, name) ? (name as PackageManager) : "npm";
}

/** What `packageManager` in package.json says: a name and the version that is here. */
export function pinned(packageManager: PackageManager): string {
  const [name, version] = startedBy();
  return `${packageManager}@${name === packageManager && version ? version : (installed(packageManager) ?? packageManagers[packageManager].version)}`;
}

/** Name and version: package managers say who they are to what they start, as `npm/11.6.0 node/v24.1.0 …`. */
const startedBy = (): string[] => (process.env["npm_config_user_agent"] ?? "").split(" ")[0]?.split("/") ?? [];

function installed(packageManager: PackageManager): string | undefined {
  // Elsewhere it might follow what a package.json above pins.
  const { stdout } = spawnSync(packageManager, ["--version"], {
    cwd: tmpdir(),
    encoding: "utf8",
    shell: process.platform === "win32",
    timeout: 10_000,
  });
  return /^\d+\.\d+\.\d+\S*$/.exec(stdout?.trim() ?? "")?.[0];
}
