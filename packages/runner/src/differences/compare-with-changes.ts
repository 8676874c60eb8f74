import { applyChanges, copyOnWrite } from "@wasi-kit/wasi";
import type { ByteString, Change, CopyOnWriteOptions, DirectoryHandle, FileSystem } from "@wasi-kit/wasi";
import { compareFileSystems, pathsBelowPath } from "./compare.ts";
import type { Difference } from "./compare.ts";

/**
 * What differs between a file system and itself with changes.
 *
 * @param options - of the view that has the changes
 */
export function compareWithChanges(
  changes: readonly Change[],
  lower: FileSystem,
  options: CopyOnWriteOptions = {},
): Difference[] {
  if (changes.length === 0) return [];
  const after = copyOnWrite(lower, options);
  try {
    applyChanges(changes, after);
    return compareFileSystems(lower, after, (before, now) => changes.flatMap((it) => touched(it, before, now)));
  } finally {
    after.close();
  }
}

/** The paths that a change may make different. */
function touched(change: Change, before: DirectoryHandle, now: DirectoryHandle): ByteString[] {
  if (change.path === "") return [];
  if (change.kind !== "renamed") return [change.path];
  const { from, path } = change;
  return [from, ...pathsBelowPath(before, from), path, ...pathsBelowPath(now, path)];
}
