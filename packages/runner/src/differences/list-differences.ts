import { memory } from "@wasi-kit/wasi";
import type { FileSystem, Change } from "@wasi-kit/wasi";
import { hostDirectory, spillFile } from "@wasi-kit/wasi/node";
import type { RunChanges } from "../preopens/open-preopens.ts";
import { normalizePreopen } from "../preopens/preopen.ts";
import type { Preopens } from "../preopens/preopen.ts";
import { sharedViews } from "../preopens/shared-view.ts";
import type { Difference } from "./compare.ts";
import { compareWithChanges } from "./compare-with-changes.ts";

/**
 * The differences that a run made: what was there before and what is there now, for
 * each path. They are listed for each directory of the run that is on the host or in
 * memory, in the order of `preopens`. Those of a directory of the host are only known
 * if it is copy-on-write.
 *
 * @param changes - from the result of the run
 * @param preopens - from the options of the run
 * @example
 * const options = { preopens: { "/src": { path: "src", access: "copy-on-write" } } };
 * const { changes = {} } = await run("format.wasm", options);
 * for (const [guestPath, differences] of listDifferences(changes, options.preopens)) console.log(guestPath, differences);
 */
export function listDifferences(
  changes: RunChanges,
  preopens: Preopens,
): (readonly [guestPath: string, differences: readonly Difference[]])[] {
  const views = sharedViews(preopens);
  const ofView = new Map(
    views.map(({ owner, path }) => [owner, differencesOf(changes[owner] ?? [], hostDirectory(path))]),
  );
  return Object.entries(preopens).flatMap(([guestPath, granted]) => {
    const full = normalizePreopen(granted);
    if ("fileSystem" in full) return [];
    if ("files" in full) return [[guestPath, differencesOf(changes[guestPath] ?? [], memory(full.files))] as const];
    const view = views.find(({ parts }) => parts.has(guestPath));
    const part = view?.parts.get(guestPath) ?? "";
    return [[guestPath, within(part, (view && ofView.get(view.owner)) ?? [])] as const];
  });
}

const differencesOf = (changes: readonly Change[], lower: FileSystem): Difference[] =>
  compareWithChanges(changes, lower, { spill: spillFile });

/** Those in a part of a directory, relative to it. */
function within(part: string, differences: readonly Difference[]): readonly Difference[] {
  if (part === "") return differences;
  return differences
    .filter(({ path }) => path.startsWith(`${part}/`))
    .map((it) => ({ ...it, path: it.path.slice(part.length + 1) }));
}
