import { sep } from "node:path";
import type { Program } from "./read.ts";
import { resolveRun } from "./resolve.ts";

/** The directories and files of the host that the runs of a program are granted, by their absolute paths. */
export function hostPaths(program: Program): { directories: string[]; files: string[] } {
  const runs = Object.keys(program.manifest.runs).map((name) => resolveRun(program, name, {}).options);
  return {
    directories: runs.flatMap(({ preopens }) => Object.values(preopens).flatMap((it) => ("path" in it ? it.path : []))),
    files: runs.flatMap(({ stdin }) => (typeof stdin === "string" ? [] : stdin.file)),
  };
}

/** Whether a path is a folder, or leads to something in it. Both are absolute. */
export const isWithin = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
