import { existsSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { CreateError } from "./error.ts";
import { suggestName } from "./package-name.ts";
import { shown } from "./place.ts";
import { writeBeside } from "./write-beside.ts";

/** What a package.json is to have: name to version, and name to command. */
export interface PackageJsonAdditions {
  devDependencies: Readonly<Record<string, string>>;
  scripts: Readonly<Record<string, string>>;
}

interface PackageJson {
  scripts?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** What `npm init` writes, which says that there is no script. */
const placeholder = 'echo "Error: no test specified" && exit 1';

/**
 * Adds scripts and dependencies to a package.json, or writes one. What is there already stays, in whatever version.
 *
 * @returns the scripts that it has then
 * @throws CreateError `E_WORKSPACE` if it can't be read, `E_WRITE` if it can't be written
 */
export function extendPackageJson(path: string, additions: PackageJsonAdditions): Record<string, string> {
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const manifest = before === undefined ? newPackage(path) : parse(path, before);
  const present = Object.entries(manifest.scripts ?? {}).filter(([, script]) => script !== placeholder);
  const scripts = { ...additions.scripts, ...Object.fromEntries(present) };
  const devDependencies = { ...missing(manifest, additions.devDependencies), ...manifest.devDependencies };
  const after = { ...manifest, scripts, devDependencies: sorted(devDependencies) };
  const indent = /^[ \t]+(?=")/m.exec(before ?? "")?.[0] ?? "  ";
  writeBeside(path, `${JSON.stringify(after, null, indent)}\n`);
  return scripts;
}

const newPackage = (path: string): PackageJson & Record<string, unknown> => ({
  name: suggestName(basename(dirname(path))),
  version: "0.0.0",
  private: true,
  type: "module",
});

function parse(path: string, text: string): PackageJson {
  try {
    return JSON.parse(text) as PackageJson;
  } catch (cause) {
    throw new CreateError("E_WORKSPACE", `${shown(path)} can't be read: ${(cause as Error).message}`, { cause });
  }
}

/** Those that it has in no way, as a dependency or otherwise. */
function missing(manifest: object, wanted: Readonly<Record<string, string>>): Record<string, string> {
  const lists = Object.entries(manifest).flatMap(([key, value]) =>
    key.endsWith("ependencies") ? [value as object] : [],
  );
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => !lists.some((list) => name in list)));
}

const sorted = (dependencies: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(dependencies).toSorted(([a], [b]) => (a < b ? -1 : 1)));
