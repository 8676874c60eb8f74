import { readFileSync, statSync } from "node:fs";
import { contentOf } from "../record/inputs.ts";
import type { InputRecorder } from "../record/inputs.ts";

/**
 * The files that the first rule of a file as make has them depends on: `target: path path`, over several lines if a
 * backslash ends each, with a backslash before each space in a path.
 *
 * @see https://clang.llvm.org/docs/ClangCommandLineReference.html#dependency-file-generation
 */
export function readDepfile(file: string): string[] {
  const [rule = ""] = readFileSync(file, "utf8")
    .replaceAll(/\\\r?\n/g, " ")
    .split(/\r?\n/);
  const [, paths = ""] = /: (.*)$/.exec(rule) ?? [];
  return paths
    .split(/(?<!\\)\s+/)
    .flatMap((path) => (path === "" ? [] : [path.replaceAll(/\\([ #])/g, "$1").replaceAll("$$", "$")]));
}

/**
 * Records a file that a compiler process read.
 *
 * @param startedAt - when the compiler was started, in milliseconds since 1970: what has changed since then was read
 * before or after that, and counts as changed
 */
export function recordRead(inputs: InputRecorder, path: string, startedAt: number): void {
  // A file has a part of a millisecond, too. What was saved in the one in which the compiler was started was there.
  if (Math.floor(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > startedAt) inputs.unknownFile(path);
  else inputs.file(path, contentOf(path));
}
