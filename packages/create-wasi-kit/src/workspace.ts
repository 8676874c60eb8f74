import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import picomatch from "picomatch";
import { parse } from "yaml";
import { CreateError } from "./error.ts";
import type { PackageManager } from "./package-manager.ts";

/** A folder whose packages are installed together. */
export interface Workspace {
  /** The folder, absolute. */
  root: string;
  packageManager: PackageManager;
  /** The file that declares its packages. */
  declaredIn: string;
  /** Which folders are packages: globs, relative to the root; with `!` those that are not. */
  patterns: readonly string[];
}

/** The workspace that a folder is in, or the folder itself is; undefined if there is none. */
export function findWorkspace(folder: string): Workspace | undefined {
  const found = pnpmWorkspace(folder) ?? npmWorkspace(folder);
  if (found) return found;
  const above = dirname(folder);
  return above === folder ? undefined : findWorkspace(above);
}

/** Whether a folder is a package of a workspace, once it has a package.json. */
export function isPackage({ root, patterns }: Workspace, folder: string): boolean {
  const path = relative(root, folder).replaceAll(sep, "/");
  const matches = (pattern: string): boolean => picomatch(pattern.replace(/^\.\//, "").replace(/\/$/, ""))(path);
  return (
    patterns.some((pattern) => !pattern.startsWith("!") && matches(pattern)) &&
    !patterns.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1)))
  );
}

/** Where a workspace has its packages: the folder before the first `*`; undefined if each is named. */
export function packagesFolder({ patterns }: Workspace): string | undefined {
  return patterns.map((pattern) => /^(?:\.\/)?([^!*]+)\/\*{1,2}\/?$/.exec(pattern)?.[1]).find(Boolean);
}

function pnpmWorkspace(root: string): Workspace | undefined {
  const declaredIn = "pnpm-workspace.yaml";
  const content = read(join(root, declaredIn), parse) as { packages?: string[] } | null | undefined;
  // Without packages it holds pnpm's settings only.
  if (!content?.packages) return undefined;
  return { root, packageManager: "pnpm", declaredIn, patterns: content.packages };
}

function npmWorkspace(root: string): Workspace | undefined {
  const declaredIn = "package.json";
  const content = read(join(root, declaredIn), JSON.parse) as
    | { packageManager?: string; workspaces?: string[] | { packages?: string[] } }
    | undefined;
  const patterns = Array.isArray(content?.workspaces) ? content.workspaces : content?.workspaces?.packages;
  if (!patterns) return undefined;
  const isYarn = content?.packageManager?.startsWith("yarn@") || existsSync(join(root, "yarn.lock"));
  return { root, packageManager: isYarn ? "yarn" : "npm", declaredIn, patterns };
}

function read(path: string, parseText: (text: string) => unknown): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return parseText(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new CreateError(
      "E_WORKSPACE",
      `${relative(process.cwd(), path)} can't be read: ${(cause as Error).message}`,
      { cause },
    );
  }
}
