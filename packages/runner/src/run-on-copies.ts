import type { Difference } from "./differences/compare.ts";
import { listDifferences } from "./differences/list-differences.ts";
import { runLoaded } from "./guest/command.ts";
import { nodeHost } from "./host/node.ts";
import { loadModule } from "./module/load-module.ts";
import type { ModuleSource } from "./module/module.ts";
import { checkOptionRules } from "./option-rules.ts";
import { checkOptions, syncRunOptionRules } from "./options.ts";
import type { RunOptions, SyncRunOptions } from "./options.ts";
import { normalizePreopen } from "./preopens/preopen.ts";
import type { Preopen } from "./preopens/preopen.ts";
import type { RunResult } from "./result.ts";

/** How long a run may take that sets no `timeoutMs` of its own, in milliseconds. */
const defaultTimeoutMs = 10_000;

/**
 * The options of a run that is to change no directory of the host: those that the
 * guest may write are copy-on-write instead. A run that sets no `timeoutMs` is
 * ended after ten seconds, so that one that hangs does not hold up others. A file
 * system of one's own is used as it is.
 */
export function onCopies<T extends Pick<RunOptions, "preopens" | "timeoutMs">>(
  options: T,
): T & Required<Pick<RunOptions, "preopens" | "timeoutMs">> {
  const preopens = Object.entries(options.preopens ?? {}).map(([guestPath, granted]) => [guestPath, copyOf(granted)]);
  return { timeoutMs: defaultTimeoutMs, ...options, preopens: Object.fromEntries(preopens) };
}

function copyOf(granted: Preopen): Preopen {
  const full = normalizePreopen(granted);
  return "path" in full && full.access === "read-write" ? { ...full, access: "copy-on-write" } : granted;
}

/** What a run did, and what it would have changed. */
export interface CopiesRunResult extends RunResult {
  /** Each of its directories by guest path, with what the run changed there: see {@link listDifferences}. */
  differences: (readonly [guestPath: string, differences: readonly Difference[]])[];
  /** The time that it had, in milliseconds. */
  timeoutMs: number;
}

/**
 * Runs a command in this thread, and changes no directory of the host: see
 * {@link onCopies}. It is for programs of one's own: to find an endless loop in
 * any program would cost more (`interruptLoops`).
 *
 * @throws WasiKitError as {@link runSync} does
 */
export function runOnCopies(source: ModuleSource, options: SyncRunOptions = {}): CopiesRunResult {
  checkOptionRules(options, syncRunOptionRules, "runOnCopies()");
  const copies = onCopies(options);
  checkOptions(copies, syncRunOptionRules, "runOnCopies()", nodeHost);
  const result = runLoaded(nodeHost, loadModule(source, copies), copies);
  const differences = listDifferences(result.changes ?? {}, copies.preopens);
  return Object.assign(result, { differences, timeoutMs: copies.timeoutMs });
}
