import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { filesOf, isIntact, sourceFiles } from "@wasi-kit/compiler/current";
import { hostPaths, isWithin, manifestName, modulePath, readProgram, resolveBuild } from "@wasi-kit/manifest";
import type { CommandBuild } from "@wasi-kit/manifest";

/** A program whose tests run again when something that belongs to it changes. Paths are absolute. */
export interface WatchedProgram {
  /** The folder of its wasi.json. */
  dir: string;
  /** Undefined until its wasi.json is valid. */
  module: string | undefined;
  /** What makes its module, if a command does. */
  command: CommandBuild | undefined;
  /** Whether its module is built from sources that exist. */
  isBuilt: boolean;
  /** Its wasi.json, the files that its module is built from, and those that its runs read as stdin. */
  files: ReadonlySet<string>;
  /** The directories that its runs are granted. */
  directories: ReadonlySet<string>;
}

/** Files that builds, tests and tools write, anywhere in the folder of a program. */
const generated = /(^|[\\/])(node_modules|target|__snapshots__|\.git)([\\/]|$)/;

/** Files that editors and tools keep for themselves. */
const hidden = /(^|[\\/])\.|~$/;

/** Whether there is a program in a folder. */
export const isProgram = (dir: string): boolean => existsSync(join(dir, manifestName));

/**
 * Finds out what belongs to the program in a folder.
 *
 * @param before - the previous result, which is kept while its wasi.json is not valid
 */
export async function watchedProgram(dir: string, before?: WatchedProgram): Promise<WatchedProgram> {
  const example = await readProgram(dir).catch(() => undefined);
  if (!example)
    return (
      before ?? { dir, module: undefined, command: undefined, isBuilt: false, files: new Set(), directories: new Set() }
    );
  const module = modulePath(example);
  const granted = hostPaths(example);
  const build = resolveBuild(example);
  const sources = build ? await sourceFiles(build) : [];
  return {
    dir,
    module,
    command: build && "command" in build ? build : undefined,
    isBuilt: sources.length > 0,
    files: new Set([join(dir, manifestName), ...filesOf({ dir, module }), ...granted.files, ...sources]),
    directories: new Set(granted.directories),
  };
}

/** Whether a change at a path can change the result of a program's tests. */
export async function isAffected(program: WatchedProgram, path: string): Promise<boolean> {
  const { dir, module, command, files, directories } = program;
  if (path === module) return isNewModule(program, module);
  // Files beside the module: a build's record, and its temporary files.
  if (module !== undefined && isBuildOutput(dir, module, path)) return false;
  if (files.has(path)) return true;
  if (generated.test(relative(dir, path))) return false;
  if ([...directories].some((it) => isWithin(it, path))) return true;
  if (!isWithin(dir, path) || hidden.test(relative(dir, path))) return false;
  // What a command writes besides the module is not known, so only its inputs count.
  return command === undefined || (await sourceFiles(command)).includes(path);
}

/**
 * Whether a module is not what a build of its source makes. The tests begin with
 * a build, which changes the module too, and must not start them once more.
 */
function isNewModule({ isBuilt }: WatchedProgram, module: string): boolean {
  return existsSync(module) ? !isIntact(module) : !isBuilt;
}

function isBuildOutput(dir: string, module: string, path: string): boolean {
  const folder = dirname(module);
  if (folder !== dir) return isWithin(folder, path);
  return path.startsWith(`${module}.`) || path.startsWith(join(folder, `.${relative(folder, module)}.`));
}
