import { resolve } from "node:path";
import { contentOf } from "../record/inputs.ts";

/** `main.go:6:2: undefined: x`, with or without a column. */
const place = /^((?:[a-zA-Z]:)?[^\s:][^:\n]*):(\d+):(?:(\d+):)? /;

/**
 * Adds the lines of the sources that a compiler names, for one that does not show them itself.
 *
 * @param said - what the compiler printed
 * @param dir - the folder that it was started in
 */
export function withCode(said: string, dir: string): string {
  return said
    .split("\n")
    .flatMap((line) => [line, ...codeAt(place.exec(line), dir)])
    .join("\n");
}

function codeAt(found: RegExpExecArray | null, dir: string): string[] {
  if (!found) return [];
  const [, path = "", line = "", column] = found;
  const content = contentOf(resolve(dir, path));
  const code = content && Buffer.from(content).toString().split(/\r?\n/)[Number(line) - 1];
  if (!code?.trim()) return [];
  const margin = " ".repeat(line.length);
  // Tabs before the place are tabs below it, so that the caret is below the right character.
  const before = column === undefined ? undefined : code.slice(0, Number(column) - 1).replaceAll(/[^\t]/g, " ");
  return [`  ${line} | ${code}`, ...(before === undefined ? [] : [`  ${margin} | ${before}^`])];
}
