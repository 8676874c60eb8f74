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
 * Options for a run that changes no directory of the host: directories that the
 * guest may write become copy-on-write. A run without a `timeoutMs` ends after ten
 * seconds, so that a guest that hangs does not delay others. Your own file systems
 * are used as they are.
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

/** The result of a run, and what it would have changed. */
export interface CopiesRunResult extends RunResult {
  /** What the run changed in each of its directories, by guest path: see {@link listDifferences}. */
  differences: (readonly [guestPath: string, differences: readonly Difference[]])[];
  /** How long the run was allowed to take, in milliseconds. */
  timeoutMs: number;
}

/**
 * Runs a command in this thread, and changes no directory of the host: see
 * {@link onCopies}. It is for your own programs: some endless loops that others can
 * write, such as loops of `memory.fill`, take minutes to end.
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
