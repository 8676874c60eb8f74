import { basename, resolve } from "node:path";
import { adapt } from "./adapt.ts";
import { checkName, suggestName, withoutScope } from "./package-name.ts";
import { pinned } from "./package-manager.ts";
import type { PackageManager } from "./package-manager.ts";
import { place } from "./place.ts";
import { programFiles, projectFiles } from "./project-files/index.ts";
import { rename } from "./rename.ts";
import { findTemplate } from "./templates.ts";

/** What to copy, and where. */
export interface CopyOptions {
  /** Language and scenario: `rust/read-file`. {@link examples} lists them. */
  example: string;
  /** The folder to make. */
  dir: string;
  /** The name of the package, and without its scope of the program. Default: the folder's, made into one that npm takes. */
  name?: string;
  /** What the README's commands and the CI workflow are for. Default: npm. */
  packageManager?: PackageManager;
  /** Write over files that are there already. Default: false, which refuses a folder that is not empty. */
  force?: boolean;
  /**
   * What the copy is: a project of its own; a package of a workspace, without what a workspace has once, such as a CI
   * workflow; or a folder of a project, without a package.json. Default: `project`.
   */
  as?: "project" | "package" | "folder";
  /** Where its packages are installed, relative to `dir`: `../../node_modules`. Default: `./node_modules`. */
  nodeModules?: string;
}

/** What was copied. */
export interface CopyResult {
  /** The folder, absolute. */
  dir: string;
  /** The name of the package. */
  name: string;
  /** The paths of its files, in the folder. */
  files: string[];
  /** What it needs to be installed, name to version: its package.json has it, and without one another has to. */
  devDependencies: Record<string, string>;
}

/**
 * Copies an example into a new folder, by the name of the project: whole, or not at all.
 *
 * @throws CreateError `E_EXAMPLE` if there is no such example, `E_NAME` if npm refuses the name, `E_TARGET` if
 * something is in the way, `E_WRITE` if the folder can't be written
 */
export function copyExample(options: CopyOptions): CopyResult {
  const { example, packageManager = "npm", force = false, as = "project", nodeModules = "./node_modules" } = options;
  const dir = resolve(options.dir);
  const name = options.name ?? suggestName(basename(dir));
  checkName(name);
  const { description, files: template } = findTemplate(example);
  const [language = "", scenario = ""] = example.split("/");
  const about = {
    name,
    program: withoutScope(name),
    description,
    language,
    packageManager,
    isOnItsOwn: as === "project",
    pinned: as === "project" ? pinned(packageManager) : "",
    runs: Object.keys((JSON.parse(template["wasi.json"] as string) as { runs: object }).runs),
  };
  const own = adapt(rename(template, scenario, about.program), about, nodeModules);
  const project = { ...about, files: own };
  const { devDependencies } = JSON.parse(own["package.json"] as string) as Pick<CopyResult, "devDependencies">;
  const files = {
    ...own,
    ...programFiles(project),
    ...(as === "project" ? projectFiles(project) : {}),
  };
  if (as === "folder") for (const path of ofPackages) delete files[path];
  place(files, dir, force);
  return { dir, name, files: Object.keys(files), devDependencies };
}

/** What belongs to a package.json, and so is that of the project that a folder is in. */
const ofPackages = ["package.json", "README.md", "tsconfig.json", "vitest.config.ts"];
