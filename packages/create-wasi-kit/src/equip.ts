import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { extendPackageJson } from "./package-json.ts";
import { gitignoreLines } from "./project-files/index.ts";
import { examples, findTemplate } from "./templates.ts";
import { findWorkspace, isPackage } from "./workspace.ts";
import { writeBeside } from "./write-beside.ts";

/** Where what a program needs is declared and installed. */
export interface ProgramHome {
  /** The folder of the package.json, absolute. It may not be there yet. */
  root: string;
  /** The node_modules, relative to the program's folder. */
  nodeModules: string;
}

/**
 * The package that a folder belongs to: a package of a workspace, the nearest one above in the same repository, or one
 * of its own.
 */
export function findHome(dir: string): ProgramHome {
  const workspace = findWorkspace(dir);
  if (workspace && isPackage(workspace, dir)) {
    // pnpm gives each package a node_modules of its own; others put all into the one of the root.
    const installed = workspace.packageManager === "pnpm" ? dir : workspace.root;
    return { root: dir, nodeModules: nodeModulesIn(installed, dir) };
  }
  const root = packageAbove(dir) ?? dir;
  return { root, nodeModules: nodeModulesIn(root, dir) };
}

/** The nearest folder with a package.json: this one or one above it, in the same repository. */
export function packageAbove(folder: string): string | undefined {
  if (existsSync(join(folder, "package.json"))) return folder;
  const above = dirname(folder);
  return above === folder || existsSync(join(folder, ".git")) ? undefined : packageAbove(above);
}

function nodeModulesIn(root: string, dir: string): string {
  const path = relative(dir, join(root, "node_modules"));
  return path.startsWith("..") ? path : `./${path}`;
}

/** A program that has a wasi.json, and is to be built and tested. */
export interface EquipOptions {
  /** The folder of its wasi.json, absolute. */
  dir: string;
  /** The name of its module. */
  program: string;
  /** Its name in wasi.json: `rust`. Undefined for a module that is built elsewhere. */
  language: string | undefined;
  /** Whether it can be run. */
  isCommand: boolean;
}

/** What was done for a program. */
export interface EquipResult {
  /** The files that were written or changed, absolute. */
  written: string[];
  /** Whether the script `test` of its package runs vitest. */
  isTestScript: boolean;
}

/**
 * Gives a program what it is built and tested with: a test, what git is to ignore, scripts and packages to install.
 * What is there already stays.
 *
 * @throws CreateError `E_WORKSPACE` if a package.json can't be read, `E_WRITE` if one can't be written
 */
export function equip({ dir, program, language, isCommand }: EquipOptions): EquipResult {
  const { root } = findHome(dir);
  const { files } = findTemplate(modelFor(language));
  const { devDependencies } = JSON.parse(files["package.json"] as string) as {
    devDependencies: Record<string, string>;
  };
  const packageJson = join(root, "package.json");
  const scripts = extendPackageJson(packageJson, {
    devDependencies,
    scripts: root === dir ? scriptsFor(language, isCommand) : { test: "vitest run" },
  });
  const written = [
    packageJson,
    ...(root === dir && !hasConfig(dir) ? writeNew(join(dir, configName(packageJson)), files["vitest.config.ts"]) : []),
    ...writeNew(join(dir, `${program}.test.ts`), files["read-file.test.ts"]),
    ...ignore(join(dir, ".gitignore"), language, root === dir),
  ];
  return { written, isTestScript: /\bvitest\b/.test(scripts["test"] ?? "") };
}

/** An example that has the packages which programs in a language need; one in WAT, which needs no more than any, if there is none. */
const modelFor = (language: string | undefined): string =>
  [`${language}/read-file`].find((example) => example in examples()) ?? "wat/read-file";

/** A module that is built elsewhere is run and tested only, and a library is not run. */
function scriptsFor(language: string | undefined, isCommand: boolean): Record<string, string> {
  const build = language === undefined ? "" : "wasi-kit build && ";
  return {
    ...(build ? { build: "wasi-kit build" } : {}),
    ...(isCommand ? { dev: "wasi-kit dev", start: `${build}wasi-kit run --all` } : {}),
    test: `${build}vitest run`,
  };
}

/** In a package of CommonJS, vite takes a `.ts` for that, and warns of its imports. */
const configName = (packageJson: string): string =>
  (JSON.parse(readFileSync(packageJson, "utf8")) as { type?: string }).type === "module"
    ? "vitest.config.ts"
    : "vitest.config.mts";

const hasConfig = (dir: string): boolean => readdirSync(dir).some((name) => /^vite(st)?\.config\.\w+$/.test(name));

function writeNew(path: string, text = ""): string[] {
  if (existsSync(path)) return [];
  writeFileSync(path, text, { flag: "wx" });
  return [path];
}

function ignore(path: string, language: string | undefined, isPackageHere: boolean): string[] {
  const present = existsSync(path) ? readFileSync(path, "utf8") : "";
  const known = new Set(present.split("\n").map(bare));
  const lines = gitignoreLines(language)
    .filter((line) => isPackageHere || line !== "node_modules/")
    .filter((line) => !known.has(bare(line)));
  if (lines.length === 0) return [];
  const gap = present === "" || present.endsWith("\n") ? "" : "\n";
  writeBeside(path, `${present}${gap}${lines.map((line) => `${line}\n`).join("")}`);
  return [path];
}

/** `/target`, `target/` and `target` ignore the same folder here. */
const bare = (line: string): string => line.trim().replaceAll(/^\/|\/$/g, "");
