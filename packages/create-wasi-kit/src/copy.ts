import { basename, resolve } from "node:path";
import { adapt } from "./adapt.ts";
import { gitignore, workflow } from "./extras.ts";
import { checkName, suggestName } from "./package-name.ts";
import { packageManagers } from "./package-manager.ts";
import type { PackageManager } from "./package-manager.ts";
import { place } from "./place.ts";
import { findTemplate, readTemplates } from "./templates.ts";

/** What to copy, and where. */
export interface CopyOptions {
  /** Language and scenario: `rust/read-file`. {@link examples} lists them. */
  example: string;
  /** The folder to make. */
  dir: string;
  /** The name of the package. Default: the folder's, made into one that npm takes. */
  name?: string;
  /** What the README's commands and the CI workflow are for. Default: npm. */
  packageManager?: PackageManager;
  /** Write over files that are there already. Default: false, which refuses a folder that is not empty. */
  force?: boolean;
  /**
   * For a package of a workspace: where the workspace's packages are installed, relative to `dir`
   * (`../../node_modules`). What a workspace has once, such as a CI workflow, is left out then. Default: a project of
   * its own.
   */
  nodeModules?: string;
}

/** What was copied. */
export interface Copied {
  /** The folder, absolute. */
  dir: string;
  /** The name of the package. */
  name: string;
  /** The paths of its files, in the folder. */
  files: string[];
}

/**
 * Copies an example into a new folder: whole, or not at all.
 *
 * @throws CreateError `E_EXAMPLE` where there is no such example, `E_NAME` where npm refuses the name, `E_TARGET` where
 * something is in the way, `E_WRITE` where the folder can't be written
 */
export function copyExample(options: CopyOptions): Copied {
  const { example, packageManager = "npm", force = false, nodeModules } = options;
  const dir = resolve(options.dir);
  const name = options.name ?? suggestName(basename(dir));
  checkName(name);
  const template = findTemplate(example);
  const files = {
    ...adapt(template.files, { name, packageManager, nodeModules: nodeModules ?? "./node_modules" }),
    ".gitignore": gitignore(template.files),
    ...(nodeModules === undefined ? ownFiles(template.files, packageManager) : {}),
  };
  place(files, dir, force);
  return { dir, name, files: Object.keys(files) };
}

/** What a project has and a package of a workspace shares with the others. */
function ownFiles(files: Readonly<Record<string, string>>, packageManager: PackageManager): Record<string, string> {
  return {
    ".editorconfig": readTemplates().editorconfig,
    ".github/workflows/test.yml": workflow(files, packageManager),
    ...packageManagers[packageManager].files,
  };
}
