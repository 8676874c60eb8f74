import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

/** What a compiler found, as hashes by path or name; null for what it looked for and was not there. */
export interface Inputs {
  files: Record<string, string | null>;
  /** The names in folders. */
  folders: Record<string, string | null>;
  /** Variables of the environment. */
  variables: Record<string, string | null>;
}

/** Writes down what a compiler reads. Paths may be absolute, and are kept relative to the folder of the program. */
export interface InputRecorder {
  /** A file, with what was read of it; null if there is none. */
  file(path: string, content: string | Uint8Array | null): void;
  /**
   * A folder whose names were listed, in any order; null if there is none.
   *
   * @param ending - only names that end so count. Default: all
   */
  folder(path: string, names: readonly string[] | null, ending?: string): void;
  /** A file of which it is not known what was read of it: no build is ever current with it. */
  unknownFile(path: string): void;
  /** A variable of the environment, as it is now. */
  variable(name: string): void;
  /** All of them. */
  inputs(): Inputs;
}

/** @param dir - the folder of the program, absolute */
export function createInputRecorder(dir: string): InputRecorder {
  const files = new Map<string, string | null>();
  const folders = new Map<string, string | null>();
  const variables = new Map<string, string | null>();
  const key = (path: string): string => inputKey(dir, path);
  return {
    file: (path, content) => void files.set(key(path), hashOf(content)),
    folder: (path, names, ending = "") =>
      void folders.set(key(ending ? join(path, `*${ending}`) : path), names && hashOfNames(names, ending)),
    unknownFile: (path) => void files.set(key(path), "unknown"),
    variable: (name) => void variables.set(name, variableHash(name)),
    inputs: () => ({ files: sorted(files), folders: sorted(folders), variables: sorted(variables) }),
  };
}

/** A path as it is written down: with slashes on every system, so that what was built on one is current on another. */
export const inputKey = (dir: string, path: string): string => relative(dir, resolve(dir, path)).replaceAll(sep, "/");

/** Whether all is as it was found. Content decides: a file that was only touched is the same. */
export const areSame = (dir: string, { files, folders, variables }: Inputs): boolean =>
  Object.entries(files).every(([path, then]) => hashOf(contentOf(resolve(dir, path))) === then) &&
  Object.entries(folders).every(([path, then]) => namesHash(resolve(dir, path)) === then) &&
  Object.entries(variables).every(([name, then]) => variableHash(name) === then);

/** The SHA-256 of a file's content, in hexadecimal. */
export const hashOf = <T extends string | Uint8Array | null>(content: T): T extends null ? null : string =>
  (content === null ? null : hash("sha256", content)) as never;

/** A file's content; null if there is none that can be read. */
export function contentOf(path: string): Uint8Array | null {
  try {
    // Most of where a compiler looks for something it is not, and to throw takes longer than to look.
    return existsSync(path) ? readFileSync(path) : null;
  } catch {
    return null;
  }
}

/** @param path - may end with a pattern for names: `src/*.go` */
function namesHash(path: string): string | null {
  const [, folder = path, ending = ""] = /^(.*)[\\/]\*([^\\/]*)$/.exec(path) ?? [];
  try {
    return hashOfNames(readdirSync(folder), ending);
  } catch {
    return null;
  }
}

const variableHash = (name: string): string | null => hashOf(process.env[name] ?? null);

const hashOfNames = (names: readonly string[], ending: string): string =>
  hashOf(
    names
      .filter((name) => name.endsWith(ending))
      .toSorted()
      .join("/"),
  );

const sorted = <T>(map: ReadonlyMap<string, T>): Record<string, T> =>
  Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
