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
  /** Runs wasi-kit: as it is installed in the project, as a script of the folder, or else as it is on PATH. Its arguments follow. */
  wasiKit: string;
}

const commands: Readonly<Record<string, ProjectCommands>> = {
  npm: {
    packageManager: "npm",
    install: "npm install",
    add: "npm install --save-dev",
    updateSnapshots: "npx vitest run -u",
    wasiKit: "npx wasi-kit",
  },
  pnpm: {
    packageManager: "pnpm",
    install: "pnpm install",
    add: "pnpm add --save-dev",
    updateSnapshots: "pnpm vitest run -u",
    wasiKit: "pnpm wasi-kit",
  },
  yarn: {
    packageManager: "yarn",
    install: "yarn install",
    add: "yarn add --dev",
    updateSnapshots: "yarn vitest run -u",
    // `yarn wasi-kit run -- ARG` loses the dashes with yarn 1.
    wasiKit: "npx wasi-kit",
  },
};

/** What runs a script of that name, as this repository has one. */
const scripts: Readonly<Record<ProjectCommands["packageManager"], string>> = {
  npm: "npm run wasi-kit --",
  pnpm: "pnpm wasi-kit",
  yarn: "yarn wasi-kit",
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
  const folder = resolve(dir);
  const found = commands[packageManagerOf(folder) ?? "npm"] ?? (commands["npm"] as ProjectCommands);
  if (isInstalled(folder)) return found;
  const hasScript = packageJsonIn(folder).scripts?.["wasi-kit"] !== undefined;
  return { ...found, wasiKit: hasScript ? scripts[found.packageManager] : "wasi-kit" };
}

/** The commands of wasi-kit. */
export type CommandName = (typeof commandNames)[number];

const commandNames = [
  "add",
  "audit",
  "build",
  "check",
  "completion",
  "dev",
  "doctor",
  "init",
  "inspect",
  "list",
  "replay",
  "run",
  "test",
  "types",
  "version",
] as const;

// Not one that is written as it is typed already: a message may pass through several hands.
const namedCommand = new RegExp(
  String.raw`(?<![^\s("'\`])(?<!\b(?:npx|pnpm|yarn) )wasi-kit (?=(?:${commandNames.join("|")})\b)`,
  "g",
);

/**
 * Writes the commands of wasi-kit that a text names as they are typed in the project that a folder belongs to: messages
 * say `wasi-kit build`, and where wasi-kit is installed in a project, no shell finds it by that name.
 */
export function asTyped(text: string, dir: string): string {
  return text.search(namedCommand) < 0 ? text : text.replaceAll(namedCommand, `${projectCommands(dir).wasiKit} `);
}

/** Whether wasi-kit is installed in the project of a folder: npx, pnpm and yarn look there as well. */
function isInstalled(folder: string): boolean {
  if (existsSync(join(folder, "node_modules/.bin/wasi-kit"))) return true;
  const above = dirname(folder);
  return above !== folder && isInstalled(above);
}

function packageManagerOf(folder: string): string | undefined {
  const lockFile = Object.keys(lockFiles).find((name) => existsSync(join(folder, name)));
  // "pnpm@12.21.0"
  const found = lockFile ? lockFiles[lockFile] : packageJsonIn(folder).packageManager?.split("@")[0];
  if (found !== undefined) return found;
  const above = dirname(folder);
  return above === folder ? undefined : packageManagerOf(above);
}

/** What the package.json of a folder says of it. */
interface PackageJson {
  readonly packageManager?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

function packageJsonIn(folder: string): PackageJson {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageJson;
  } catch {
    // This is for advice alone: whoever reads package.json for its own sake reports what is wrong with it.
    return {};
  }
}
