import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isWithin } from "@wasi-kit/manifest";
import type { Vitest } from "vitest/node";
import { isAffected, isProgram, watchedProgram } from "./watched-program.ts";
import type { WatchedProgram } from "./watched-program.ts";

const watched = new WeakSet<object>();

/** Runs the tests beside a wasi.json again when something that belongs to that program changes. */
export function rerunAffectedTests({ vite, watcher, config, state }: Vitest): void {
  // Each project of a workspace has plugins of its own, but all share one watcher.
  if (watched.has(vite)) return;
  watched.add(vite);
  const programs = new Map<string, WatchedProgram>();

  /** Finds out again what belongs to the programs that these tests are beside. */
  async function refresh(tests: readonly { moduleId: string }[]): Promise<void> {
    const dirs = new Set(tests.map(({ moduleId }) => dirname(resolve(moduleId))));
    await Promise.all(
      [...dirs].filter(isProgram).map(async (dir) => {
        const program = await watchedProgram(dir, programs.get(dir));
        programs.set(dir, program);
        vite.watcher.add(pathsOutside(config.root, program));
      }),
    );
  }

  // After a run as well: only then is it known what its builds have read.
  config.reporters.push({ onTestRunStart: refresh, onTestRunEnd: refresh });
  vite.watcher.on("all", async (_event, path) => {
    for (const program of programs.values()) {
      if (!(await isAffected(program, resolve(path)))) continue;
      const tests = state.getFilepaths().filter((test) => dirname(resolve(test)) === program.dir);
      // Vitest does the rest: it waits until a run in progress has ended, and makes one run of many changes.
      for (const test of tests) watcher.onFileChange(test);
    }
  });
}

/** What vitest does not watch by itself. A directory that contains the project is left out: it may be the whole disk. */
function pathsOutside(root: string, { dir, files, directories }: WatchedProgram): string[] {
  return [dir, ...files, ...directories].filter(
    (path) => existsSync(path) && !isWithin(resolve(root), path) && !isWithin(path, resolve(root)),
  );
}
