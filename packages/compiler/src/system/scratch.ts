import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { access, constants } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterSignals, beforeSignals } from "./hold-signals.ts";

/** With what the paths of a module's scratch files begin, for `runChild`. */
export const scratchOf = (module: string): string => `${module}.${process.pid}.tmp.`;

/**
 * A file for what a compiler writes on the way to a module: beside that, so that it is on the same disk.
 * {@link withScratch} removes it, and `replaceFile` what a build that was killed has left.
 */
export function scratchFile(module: string, name: string): string {
  mkdirSync(dirname(module), { recursive: true });
  return scratchOf(module) + name;
}

/**
 * A folder for a compiler that keeps files where the system does, for `runChild` to make and remove.
 *
 * @throws Error of the system if there can't be one: a compiler would say so in a page of its own
 */
export async function temporaryFolder(): Promise<string> {
  await access(tmpdir(), constants.W_OK);
  return join(tmpdir(), `wasi-kit-${randomUUID()}`);
}

/** The modules whose scratch files are in use. */
const inUse = new Set<string>();
let stopListening: (() => void) | undefined;

/** Runs what writes scratch files for a module, and removes them after it, also if a signal ends this process before. */
export async function withScratch<T>(module: string, task: () => Promise<T>): Promise<T> {
  inUse.add(module);
  stopListening ??= beforeSignals(() => inUse.forEach(removeScratch));
  try {
    return await task();
  } finally {
    removeScratch(module);
    inUse.delete(module);
    // The next module may have begun by then.
    afterSignals(() => {
      if (inUse.size > 0) return;
      stopListening?.();
      stopListening = undefined;
    });
  }
}

/** Removes all of them that this process has written for a module. */
function removeScratch(module: string): void {
  const folder = dirname(module);
  if (!existsSync(folder)) return;
  const start = basename(scratchOf(module));
  for (const name of readdirSync(folder)) if (name.startsWith(start)) rmSync(join(folder, name), { force: true });
}
