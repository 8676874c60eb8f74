import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** What to type in a project, with the package manager that it uses. */
export interface ProjectCommands {
  /** The package manager. */
  packageManager: "npm" | "pnpm" | "yarn";
  /** Installs what its package.json asks for. */
  install: string;
  /** Installs a package for development, and writes it down; the package's name follows. */
  add: string;
  /** Has vitest write the snapshots again. */
  updateSnapshots: string;
}

const commands: Readonly<Record<string, ProjectCommands>> = {
  npm: {
    packageManager: "npm",
    install: "npm install",
    add: "npm install --save-dev",
    updateSnapshots: "npx vitest run -u",
  },
  pnpm: {
    packageManager: "pnpm",
    install: "pnpm install",
    add: "pnpm add --save-dev",
    updateSnapshots: "pnpm vitest run -u",
  },
  yarn: {
    packageManager: "yarn",
    install: "yarn install",
    add: "yarn add --dev",
    updateSnapshots: "yarn vitest run -u",
  },
};

/** The package managers, by their lock files. */
const lockFiles: Readonly<Record<string, string>> = {
  "package-lock.json": "npm",
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
};

/**
 * What to type in the project that a folder belongs to. The nearest folder with a lock file, or with a package.json
 * that pins a package manager, tells which one it uses. Default: npm.
 */
export function projectCommands(dir: string): ProjectCommands {
  const name = packageManagerOf(resolve(dir));
  return commands[name ?? "npm"] ?? (commands["npm"] as ProjectCommands);
}

function packageManagerOf(folder: string): string | undefined {
  const lockFile = Object.keys(lockFiles).find((name) => existsSync(join(folder, name)));
  const found = lockFile ? lockFiles[lockFile] : pinnedIn(join(folder, "package.json"));
  if (found !== undefined) return found;
  const above = dirname(folder);
  return above === folder ? undefined : packageManagerOf(above);
}

/** `pnpm` for `"packageManager": "pnpm@12.21.0"`. */
function pinnedIn(path: string): string | undefined {
  try {
    const { packageManager } = JSON.parse(readFileSync(path, "utf8")) as { packageManager?: string };
    return packageManager?.split("@")[0];
  } catch {
    // This is for advice alone: whoever reads package.json for its own sake reports what is wrong with it.
    return undefined;
  }
}
