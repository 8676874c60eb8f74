import { statSync } from "node:fs";
import { basename, dirname, sep } from "node:path";
import { isWithin, modulePath } from "@wasi-kit/manifest";
import { watch } from "chokidar";
import { pathsOutside } from "./program.ts";
import type { Program } from "./program.ts";

/** Watches programs. */
export interface Watcher {
  /** Resolves once changes are seen. */
  readonly ready: Promise<void>;
  /** Watches what a program is made of by now as well. */
  update(program: Program): void;
  close(): Promise<void>;
}

/** Folders of results and of other people's code. */
const ignored = new RegExp(`[\\\\/](node_modules|target|build|dist|__snapshots__|\\.git|\\.turbo)([\\\\/]|$)`);

/** Editors save in several steps; this long after the last one they are done, in milliseconds. */
const settleMs = 15;

/** After a change chokidar hears no other of the same file for 50 milliseconds: one looks once more when they are over. */
const deafMs = 60;

/**
 * Watches the folders of programs, and what they are made of elsewhere.
 *
 * @param changed - told of a program of which something has changed, with the path
 */
export function watchPrograms(
  programs: readonly Program[],
  changed: (program: Program, path: string) => void,
): Watcher {
  const folders = programs.map(({ example }) => example.dir);
  // A project may itself lie in a folder of such a name.
  const isIgnored = (path: string): boolean => {
    const folder = folders.find((it) => isWithin(it, path)) ?? dirname(path);
    return ignored.test(path.slice(folder.length) + sep);
  };
  const watcher = watch(
    programs.flatMap((program) => [program.example.dir, ...pathsOutside(program)]),
    { ignoreInitial: true, ignored: isIgnored },
  );
  const timers = new Map<string, NodeJS.Timeout>();
  const later = (path: string, ms: number, task: () => void): void => {
    clearTimeout(timers.get(path));
    timers.set(path, setTimeout(task, ms));
  };
  const tell = (path: string): void => {
    const time = timeOf(path);
    for (const program of programs.filter((it) => concerns(it, path))) changed(program, path);
    later(path, deafMs, () => timeOf(path) !== time && tell(path));
  };
  watcher.on("all", (_, path) => later(path, settleMs, () => tell(path)));
  return {
    ready: new Promise((done) => void watcher.on("ready", done)),
    update: (program) => void watcher.add(pathsOutside(program)),
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      return watcher.close();
    },
  };
}

const timeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;

/** Whether a program may be another one now that a path has changed. Its own module is what it was built to. */
function concerns(program: Program, path: string): boolean {
  const { dir } = program.example;
  const module = modulePath(program.example);
  if (path === module || basename(path).startsWith(`.${basename(module)}.`) || path.startsWith(`${module}.`))
    return false;
  return isWithin(dir, path) || pathsOutside(program).some((it) => isWithin(it, path));
}
