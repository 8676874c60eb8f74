import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Vitest } from "vitest/node";
import { isAffected, isProgram, isWithin, watchedProgram } from "./watched-program.ts";
import type { WatchedProgram } from "./watched-program.ts";

const watching = new WeakSet<object>();

/** Has the tests beside a wasi.json run again when what belongs to that program changes. */
export function watchPrograms({ vite, watcher, config, state }: Vitest): void {
  // Each project of a workspace has its plugins, and they share a watcher.
  if (watching.has(vite)) return;
  watching.add(vite);
  const programs = new Map<string, WatchedProgram>();

  /** Looks at the programs again that tests are beside. */
  async function look(tests: readonly { moduleId: string }[]): Promise<void> {
    const dirs = new Set(tests.map(({ moduleId }) => dirname(resolve(moduleId))));
    await Promise.all(
      [...dirs].filter(isProgram).map(async (dir) => {
        const program = await watchedProgram(dir, programs.get(dir));
        programs.set(dir, program);
        vite.watcher.add(outside(config.root, program));
      }),
    );
  }

  // After a run as well: what its builds read is known then.
  config.reporters.push({ onTestRunStart: look, onTestRunEnd: look });
  vite.watcher.on("all", (_event, path) => {
    const affected = [...programs.values()].filter((program) => isAffected(program, resolve(path)));
    for (const { dir } of affected) {
      const tests = state.getFilepaths().filter((test) => dirname(resolve(test)) === dir);
      // Vitest knows that these depend on themselves: it waits for a run that goes on, and starts one for many changes.
      for (const test of tests) watcher.onFileChange(test);
    }
  });
}

/** What vitest does not watch by itself. A directory that has the project in it would be too much. */
function outside(root: string, { dir, files, directories }: WatchedProgram): string[] {
  return [dir, ...files, ...directories].filter(
    (path) => existsSync(path) && !isWithin(resolve(root), path) && !isWithin(path, resolve(root)),
  );
}
