import { statSync } from "node:fs";
import { basename, dirname, sep } from "node:path";
import { isWithin, modulePath } from "@wasi-kit/manifest";
import { watch } from "chokidar";
import { pathsElsewhere } from "./dev-target.ts";
import type { DevTarget } from "./dev-target.ts";

/** Watches programs. */
export interface FileWatcher {
  /** Resolves once changes are seen. */
  readonly ready: Promise<void>;
  /** Watches what a program is made of now, too. */
  update(target: DevTarget): void;
  close(): Promise<void>;
}

/** Folders of results and of other people's code. */
const ignored = new RegExp(`[\\\\/](node_modules|target|build|dist|__snapshots__|\\.git|\\.turbo)([\\\\/]|$)`);

/** Editors save in several steps: how long after the last one a change is reported, in milliseconds. */
const settleMs = 15;

/** After a change chokidar reports no other of the same file for 50 milliseconds: then the file is looked at once more. */
const deafMs = 60;

/**
 * Watches the folders of programs, and what they are made of elsewhere.
 *
 * @param changed - called with a program that a change affects, and the path that changed
 */
export function watchTargets(
  targets: readonly DevTarget[],
  changed: (target: DevTarget, path: string) => void,
): FileWatcher {
  const folders = targets.map(({ program }) => program.dir);
  // A project may itself lie in a folder of such a name.
  const isIgnored = (path: string): boolean => {
    const folder = folders.find((it) => isWithin(it, path)) ?? dirname(path);
    return ignored.test(path.slice(folder.length) + sep);
  };
  const watcher = watch(
    targets.flatMap((target) => [target.program.dir, ...pathsElsewhere(target)]),
    { ignoreInitial: true, ignored: isIgnored },
  );
  const timers = new Map<string, NodeJS.Timeout>();
  const later = (path: string, ms: number, task: () => void): void => {
    clearTimeout(timers.get(path));
    timers.set(path, setTimeout(task, ms));
  };
  const report = (path: string): void => {
    const time = timeOf(path);
    for (const target of targets.filter((it) => isAffected(it, path))) changed(target, path);
    later(path, deafMs, () => timeOf(path) !== time && report(path));
  };
  watcher.on("all", (_, path) => later(path, settleMs, () => report(path)));
  return {
    ready: new Promise((done) => void watcher.on("ready", done)),
    update: (target) => void watcher.add(pathsElsewhere(target)),
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      return watcher.close();
    },
  };
}

const timeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;

/** Whether a change at a path may change what a program does. Its own module is written by its builds. */
function isAffected(target: DevTarget, path: string): boolean {
  const { dir } = target.program;
  const module = modulePath(target.program);
  if (path === module || basename(path).startsWith(`.${basename(module)}.`) || path.startsWith(`${module}.`))
    return false;
  return isWithin(dir, path) || pathsElsewhere(target).some((it) => isWithin(it, path));
}
