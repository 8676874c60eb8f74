import { quoteName } from "../text/printable.ts";
import type { Difference } from "./compare.ts";
import type { Entry, FileEntry } from "./entry.ts";

/** Describes what is at a path in a line: `file.txt: 9 bytes`. */
export function describeEntry(path: string, entry: Entry): string {
  const name = quoteName(path);
  if (entry.kind === "directory") return `${name} (directory)`;
  if (entry.kind === "link") return `${name} -> ${quoteName(entry.to)}`;
  if (entry.kind === "other") return `${name} (named pipe, socket or device)`;
  const size = `${entry.bytes} ${entry.bytes === 1 ? "byte" : "bytes"}`;
  return `${name}: ${size}${entry.executable ? ", executable" : ""}`;
}

/**
 * Describes a difference in a line: `changed file.txt: 9 bytes, was 48`.
 *
 * @param prefix - comes before the path
 */
export function describeDifference({ path, before, after }: Difference, prefix = ""): string {
  const whole = prefix + path;
  if (!after) return `removed ${describeEntry(whole, before as Entry)}`;
  if (!before) return `added   ${describeEntry(whole, after)}`;
  if (before.kind === "link") return `changed ${describeEntry(whole, after)}, was -> ${quoteName(before.to)}`;
  const [was, is] = [before as FileEntry, after as FileEntry];
  const size = was.bytes === is.bytes ? "" : `, was ${was.bytes}`;
  const mode = was.executable === is.executable ? "" : `, ${is.executable ? "now" : "no longer"} executable`;
  return `changed ${describeEntry(whole, { ...is, executable: false })}${size}${mode}`;
}
