import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { CreateError } from "./error.ts";
import { suggestName } from "./package-name.ts";
import { shown } from "./place.ts";

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
  write(path, `${JSON.stringify(after, null, indent)}\n`);
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

/** Beside and renamed, so that it is never half of one. */
function write(path: string, text: string): void {
  try {
    const beside = `${path}.${randomUUID().slice(0, 8)}`;
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CreateError("E_WRITE", `${shown(path)} can't be written (${code}).`, { cause });
  }
}
