import { describeDifference, listDifferences } from "@wasi-kit/runner";
import type { Preopens, RunChanges } from "@wasi-kit/runner";

/** What a run changed in its copy-on-write directories: a text for each in which it changed something. */
export function describeChanges(changes: RunChanges, preopens: Preopens): string[] {
  return listDifferences(changes, preopens).flatMap(([guestPath, differences]) => {
    const granted = preopens[guestPath];
    if (typeof granted !== "object" || !("path" in granted) || granted.access !== "copy-on-write") return [];
    if (differences.length === 0) return [];
    const lines = differences.map((it) => `  ${describeDifference(it)}`);
    return [[`In ${guestPath}, a copy-on-write view of ${granted.path}, which stays as it is:`, ...lines].join("\n")];
  });
}
