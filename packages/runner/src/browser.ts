/**
 * The runner for browsers: in a page, or in a web worker. It is the same code as
 * on Node.js, over file systems in memory.
 *
 * @module
 */
export { WasiKitError } from "./error.ts";
export type { ErrorCode } from "./error.ts";
export { runInBrowser as run } from "./browser/run.ts";
export { instantiateInBrowser as instantiate } from "./browser/instantiate.ts";
export type { Instance } from "./guest/instance.ts";
export { GuestError } from "./guest/guest-error.ts";
export { createBrowserPool as createPool } from "./browser/pool.ts";
export type { BrowserPoolOptions as PoolOptions } from "./browser/pool.ts";
export type { BrowserPool as Pool } from "./browser/pool.ts";
export type { CloseOptions } from "./pool/pool-options.ts";
export type { BrowserLibraryOptions, BrowserPoolRunOptions, BrowserRunOptions } from "./browser/options.ts";
export { GuestMemoryError } from "./imports/calling-guest.ts";
export type { CallingGuest } from "./imports/calling-guest.ts";
export type { HostFunction, HostModules, Imports } from "./imports/imports.ts";
export type { ModuleSource } from "./module/module.ts";
export type { Outcome } from "./outcome.ts";
export type { HostError, RunResult } from "./result.ts";
export type { LimitName, Limits } from "./limits/limits.ts";
export type { Trap } from "./trap/trap.ts";
export { formatFrame } from "./trap/format-frame.ts";
export type { Frame, SourceLocation } from "@wasi-kit/wasm/debug";
export { explain } from "./explain/explain.ts";
export type { Explanation } from "./explain/explain.ts";
export type { ExplainInput } from "./explain/context.ts";
export type { MissingGrant } from "./explain/missing-grant.ts";
export type { Diagnostics } from "./explain/recorder.ts";
export { inspectInBrowser as inspect } from "./browser/load-module.ts";
export type { Inspection } from "./module/inspection.ts";
export { listBrowserDifferences as listDifferences } from "./browser/list-differences.ts";
export type { Difference } from "./differences/compare.ts";
export { describeDifference } from "./differences/describe.ts";
export type { Entry, FileEntry } from "./differences/entry.ts";
export type { RunChanges } from "./preopens/open-preopens.ts";
export { formatCall } from "./trace/format.ts";
export type * from "./trace/traced-call.ts";
export { printable } from "./text/printable.ts";
export { applyChanges, memory, symlink } from "@wasi-kit/wasi";
export type {
  Change,
  ChangedEntry,
  FileSystem,
  FixedClock,
  MemoryFileSystem,
  MemoryOptions,
  MemoryTree,
} from "@wasi-kit/wasi";
export type { FilesPreopen, FileSystemPreopen } from "./preopens/preopen.ts";
