import { isUtf8 } from "node:buffer";
import { describeDifference, printable } from "@wasi-kit/runner";
import type { Difference, Entry } from "@wasi-kit/runner";
import { unifiedDiff } from "./diff.ts";

/** Formats what changed in a directory: a line for each entry, and below it how a file's content changed. */
export async function formatChanges(changes: readonly Difference[]): Promise<string[]> {
  const described = changes.map(async (change) => {
    const content = await formatContent(change);
    return [describeDifference(change), ...content.map((line) => `    ${line}`)];
  });
  return (await Promise.all(described)).flat();
}

/** Text as a diff. Anything else as a hash, so that a snapshot covers each byte of it. */
async function formatContent({ before, after, differsAt }: Difference): Promise<string[]> {
  const isNew = before === undefined;
  if (after?.kind !== "file" || (!isNew && differsAt === undefined)) return [];
  const [old, now] = [isNew ? [] : linesOf(before), linesOf(after)];
  const diff = old && now && (await unifiedDiff(old, now));
  // The header of a hunk says nothing if all lines are new.
  if (diff) return isNew ? diff.slice(1) : diff;
  return [
    ...(differsAt === undefined ? [] : [`differs from offset ${differsAt} on`]),
    ...(after.sha256 === undefined ? [] : [`sha256 ${after.sha256}`]),
  ];
}

/** The lines of a text file; undefined for other files, and for files that are too long to show. */
function linesOf(entry: Entry): string[] | undefined {
  const content = entry.kind === "file" ? entry.content : undefined;
  return content && isUtf8(content) && !content.includes(0) ? printable(content) : undefined;
}
