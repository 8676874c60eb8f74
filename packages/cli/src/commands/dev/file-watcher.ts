import { statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { isWithin, manifestName, modulePath } from "@wasi-kit/manifest";
import { watch } from "chokidar";
import { pathsOf } from "./dev-target.ts";
import type { DevTarget } from "./dev-target.ts";

/** Watches programs. */
export interface FileWatcher {
  /** Resolves once changes are seen. */
  readonly ready: Promise<unknown>;
  /** Watches what a program is made of now, too. */
  update(target: DevTarget): Promise<void>;
  close(): Promise<void>;
}

/** Folders of results and of other people's code. */
const ignored = new RegExp(
  `[\\\\/](node_modules|target|build|dist|__snapshots__|\\.git|\\.turbo|\\.zig-cache|zig-out)([\\\\/]|$)`,
);

/** Editors empty a file before they write it: how often to look whether it is still empty, and how many milliseconds apart. */
const writing = { looks: 16, ms: 1 };

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
    targets.map(({ program }) => program.dir),
    { ignoreInitial: true, ignored: isIgnored },
  );
  const update = async (target: DevTarget): Promise<void> =>
    void watcher.add((await pathsOf(target)).filter((path) => !isWithin(target.program.dir, path)));
  const ready = new Promise<void>((done) => void watcher.on("ready", done));
  const timers = new Map<string, NodeJS.Timeout>();
  const later = (path: string, ms: number, task: () => void): void => {
    clearTimeout(timers.get(path));
    timers.set(path, setTimeout(task, ms));
  };
  const report = async (path: string): Promise<void> => {
    const time = timeOf(path);
    later(path, deafMs, () => timeOf(path) !== time && void report(path));
    for (const target of targets) if (await isAffected(target, path)) changed(target, path);
  };
  // At once, if there is something to build. What comes later ends that build, and begins another one.
  const reportOnceWritten = (path: string, looks = writing.looks): void => {
    if (looks > 0 && isEmpty(path)) later(path, writing.ms, () => reportOnceWritten(path, looks - 1));
    else void report(path);
  };
  watcher.on("all", (_, path) => reportOnceWritten(path));
  return {
    ready: Promise.all([ready, ...targets.map(update)]),
    update,
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      return watcher.close();
    },
  };
}

const isEmpty = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;

const timeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;

/** Whether a change at a path may change what a program does. Its own module is written by its builds. */
async function isAffected(target: DevTarget, path: string): Promise<boolean> {
  const { dir, manifest } = target.program;
  const module = modulePath(target.program);
  if (path === module || basename(path).startsWith(`.${basename(module)}.`) || path.startsWith(`${module}.`))
    return false;
  // What a command writes besides is not known: so it is affected by what it is made of, and not by all in its folder.
  const isNamed = manifest.build && "command" in manifest.build;
  const paths = isNamed ? [join(dir, manifestName), ...(await pathsOf(target))] : [dir, ...(await pathsOf(target))];
  return paths.some((it) => isWithin(it, path));
}
