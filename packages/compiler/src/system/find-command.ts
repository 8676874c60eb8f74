import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";

/** The endings that a program's file may have. */
const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];

/**
 * The path of a command as a shell finds it: a name on PATH, or a path.
 *
 * @param dir - what a path is relative to
 * @returns undefined if there is none that this user may start
 */
export function findCommand(command: string, dir: string): string | undefined {
  const isPath = /[\\/]/.test(command);
  const folders = isPath ? [dir] : (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => endings.map((ending) => resolve(folder, command + ending))).find(mayStart);
}

function mayStart(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
