import { memory } from "@wasi-kit/wasi";
import type { Difference } from "../differences/compare.ts";
import { compareWithChanges } from "../differences/compare-with-changes.ts";
import type { RunChanges } from "../preopens/open-preopens.ts";
import type { BrowserRunOptions } from "./options.ts";

/**
 * The changes of a run as what was there before and what is there now, path by
 * path: for each of its directories that was given as files.
 *
 * @param changes - the result's
 * @param preopens - the options' that the run was made with
 * @example
 * const options = { preopens: { "/data": { files: { "a.txt": "text" } } } };
 * const { changes = {} } = await run("edit.wasm", options);
 * for (const [guestPath, differences] of listDifferences(changes, options.preopens)) console.log(guestPath, differences);
 */
export const listBrowserDifferences = (
  changes: RunChanges,
  preopens: NonNullable<BrowserRunOptions["preopens"]>,
): (readonly [guestPath: string, differences: readonly Difference[]])[] =>
  Object.entries(preopens).flatMap(([guestPath, granted]) =>
    "files" in granted
      ? [[guestPath, compareWithChanges(changes[guestPath] ?? [], memory(granted.files))] as const]
      : [],
  );
