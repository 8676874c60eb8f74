import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { filesOf, isIntact } from "@wasi-kit/compiler/current";
import { manifestName, modulePath, readExample, resolveBuild, resolveRun } from "@wasi-kit/manifest";

/** A program whose tests run again when what belongs to it changes. Paths are absolute. */
export interface WatchedProgram {
  /** Its folder. */
  dir: string;
  /** Undefined until its wasi.json is valid. */
  module: string | undefined;
  /** Whether its module is built from a source that is there. */
  isBuilt: boolean;
  /** What its module was made of, and what its runs read as stdin. */
  files: ReadonlySet<string>;
  /** What its runs are granted. */
  directories: ReadonlySet<string>;
}

/** What builds, tests and tools write, anywhere in the folder of a program. */
const written = /(^|[\\/])(node_modules|target|__snapshots__|\.git)([\\/]|$)/;

/** What editors and tools keep for themselves. */
const hidden = /(^|[\\/])\.|~$/;

/** Whether there is a program in a folder. */
export const isProgram = (dir: string): boolean => existsSync(join(dir, manifestName));

/**
 * Finds out what belongs to the program in a folder.
 *
 * @param before - what was known of it, in case that its wasi.json is not valid now
 */
export async function watchedProgram(dir: string, before?: WatchedProgram): Promise<WatchedProgram> {
  const example = await readExample(dir).catch(() => undefined);
  if (!example) return before ?? { dir, module: undefined, isBuilt: false, files: new Set(), directories: new Set() };
  const module = modulePath(example);
  const runs = Object.keys(example.manifest.runs).map((name) => resolveRun(example, name).options);
  const granted = runs.flatMap(({ preopens }) => Object.values(preopens));
  const source = resolveBuild(example)?.source;
  return {
    dir,
    module,
    isBuilt: source !== undefined && existsSync(source),
    files: new Set([
      ...filesOf({ dir, module }),
      ...runs.flatMap(({ stdin }) => (typeof stdin === "string" ? [] : [resolve(stdin.file)])),
      ...(source === undefined ? [] : [source]),
    ]),
    directories: new Set(granted.flatMap((it) => ("path" in it ? [resolve(it.path)] : []))),
  };
}

/** Whether the tests of a program may end in another way, now that there was a change at a path. */
export function isAffected(program: WatchedProgram, path: string): boolean {
  const { dir, module, files, directories } = program;
  if (path === module) return isNewModule(program, module);
  // Beside the module: what a build keeps, and what it is about to rename.
  if (module !== undefined && isResult(dir, module, path)) return false;
  if (files.has(path)) return true;
  if (written.test(relative(dir, path))) return false;
  return (
    [...directories].some((it) => isWithin(it, path)) || (isWithin(dir, path) && !hidden.test(relative(dir, path)))
  );
}

/**
 * Whether a module is another one than a build of its source makes. The build that
 * the tests begin with changes the module as well, and what they see is the same then.
 */
function isNewModule({ isBuilt }: WatchedProgram, module: string): boolean {
  return existsSync(module) ? !isIntact(module) : !isBuilt;
}

function isResult(dir: string, module: string, path: string): boolean {
  const folder = dirname(module);
  if (folder !== dir) return isWithin(folder, path);
  return path.startsWith(`${module}.`) || path.startsWith(join(folder, `.${relative(folder, module)}.`));
}

/** Whether a path is a directory or leads to something in it. */
export const isWithin = (directory: string, path: string): boolean =>
  path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
