import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { holdSignals } from "./hold-signals.ts";

/**
 * Writes beside and renames: a reader finds the old file or the new one, never
 * half of one. A file keeps its mode. A signal waits until it is done. What a
 * process that was killed in the middle left beside is removed by the next.
 *
 * @param named - what an error names: of a hidden file, the one that it is about. Default: the file itself
 * @throws Error of the system, with a path
 */
export function replaceFile(path: string, content: string | Uint8Array, named: string = path): void {
  createFolder(dirname(path));
  holdSignals(() => writeAndRename(path, content, named));
  removeLeftOvers(path);
}

function writeAndRename(path: string, content: string | Uint8Array, named: string): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, content);
    const mode = statSync(path, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined) chmodSync(beside, mode);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    // Of a write, the system says no path.
    throw Object.assign(error as NodeJS.ErrnoException, { path: named });
  }
}

/** Creates a folder. For some reasons why that fails, Node.js says ENOENT if it is to create those above as well. */
function createFolder(path: string): void {
  if (isFolder(path)) return;
  if (!existsSync(dirname(path))) createFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** What is beside a file since a process was ended that wrote it. */
function removeLeftOvers(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    const [, pid] = name.startsWith(`${basename(path)}.`) ? (/\.(\d+)\.tmp(?:\.[\w.]+)?$/.exec(name) ?? []) : [];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(dirname(path), name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
