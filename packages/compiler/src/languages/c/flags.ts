import { join } from "node:path";
import { contentOf } from "../../record/inputs.ts";

/** Where a program keeps the options of its compiler, one a line: clangd reads it as well. */
export const flagsFile = (dir: string): string => join(dir, "compile_flags.txt");

/**
 * The options of a program's compiler; none if it has no such file. The target is left out: the file has it for clangd,
 * and the build sets it by itself.
 */
export function readFlags(dir: string): string[] {
  const text = contentOf(flagsFile(dir));
  const lines = text === null ? [] : Buffer.from(text).toString().split(/\r?\n/);
  return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("--target="));
}

/** Whether a program is a library: a reactor, which has no `main`. */
export const isReactor = (flags: readonly string[]): boolean => flags.includes("-mexec-model=reactor");
