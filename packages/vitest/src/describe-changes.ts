import { isUtf8 } from "node:buffer";
import { describeDifference, printable } from "@wasi-kit/runner";
import type { Difference, Entry } from "@wasi-kit/runner";
import { unifiedDiff } from "./diff.ts";

/** What changed in a directory: a line for each entry, and below it what became of a file's content. */
export async function describeChanges(changes: readonly Difference[]): Promise<string[]> {
  const described = changes.map(async (change) => {
    const content = await describeContent(change);
    return [describeDifference(change), ...content.map((line) => `    ${line}`)];
  });
  return (await Promise.all(described)).flat();
}

/** Text as a diff; what can't be shown by its hash, so that each byte of it counts all the same. */
async function describeContent({ before, after, differsAt }: Difference): Promise<string[]> {
  const isNew = before === undefined;
  if (after?.kind !== "file" || (!isNew && differsAt === undefined)) return [];
  const [old, now] = [isNew ? [] : linesOf(before), linesOf(after)];
  const diff = old && now && (await unifiedDiff(old, now));
  // What is all new needs no place where it begins.
  if (diff) return isNew ? diff.slice(1) : diff;
  return [
    ...(differsAt === undefined ? [] : [`differs from offset ${differsAt} on`]),
    ...(after.sha256 === undefined ? [] : [`sha256 ${after.sha256}`]),
  ];
}

/** The lines of a text file; undefined for others, and for those that are too long to show. */
function linesOf(entry: Entry): string[] | undefined {
  const content = entry.kind === "file" ? entry.content : undefined;
  return content && isUtf8(content) && !content.includes(0) ? printable(content) : undefined;
}
