export { WasiKitError } from "./error.ts";
export type { ErrorCode } from "./error.ts";
export { formatFrame } from "./trap/format-frame.ts";
export type { Frame, SourceLocation } from "@wasi-kit/wasm/debug";
export { explain } from "./explain/explain.ts";
export type { Explanation } from "./explain/explain.ts";
export type { ExplainInput } from "./explain/context.ts";
export type { MissingGrant } from "./explain/missing-grant.ts";
export type { Diagnostics } from "./explain/recorder.ts";
export { GuestError, instantiate } from "./instantiate.ts";
export type { Instance } from "./instantiate.ts";
export { inspect } from "./module/inspect.ts";
export type { Inspection } from "./module/inspect.ts";
export type {
  BinaryInspection,
  BinaryIssue,
  DebugInformation,
  EntryCounts,
  InspectedExport,
  InspectedImport,
  InspectedMemory,
  InspectedSection,
  ModuleKind,
  SourceLanguage,
} from "@wasi-kit/wasm";
export type { ModuleSource } from "./module/load-module.ts";
export type { FixedClock, Readiness } from "@wasi-kit/wasi";
export type { OutputTarget, RunOptions, Stdin, StdinReader, SyncRunOptions } from "./options.ts";
export { applyChanges, memory, symlink } from "@wasi-kit/wasi";
export type {
  Change,
  ChangedEntry,
  CopyOnWrite,
  CopyOnWriteOptions,
  FileSystem,
  MemoryFileSystem,
  MemoryOptions,
  MemoryTree,
} from "@wasi-kit/wasi";
export { hostDirectory, holdsByDescriptor } from "@wasi-kit/wasi/node";
export type { HostDirectoryOptions } from "@wasi-kit/wasi/node";
export { copyOnWrite } from "./preopens/copy-on-write.ts";
export type { RunChanges } from "./preopens/open-preopens.ts";
export type { Access, FilesPreopen, FileSystemPreopen, HostPreopen, Preopen, Preopens } from "./preopens/preopen.ts";
export { compareFileSystems, listEntries } from "./differences/compare.ts";
export type { Difference, ListedEntry } from "./differences/compare.ts";
export { describeDifference, describeEntry } from "./differences/describe.ts";
export type { Entry, FileEntry } from "./differences/entry.ts";
export { listDifferences } from "./differences/list-differences.ts";
export { createPool } from "./pool/pool.ts";
export type { Pool, PoolOptions } from "./pool/pool.ts";
export type { Capability } from "@wasi-kit/wasi/abi";
export { formatCall } from "./trace/format.ts";
export type * from "./trace/traced-call.ts";
export { functionNames } from "@wasi-kit/wasi/abi";
export type { FunctionName } from "@wasi-kit/wasi/abi";
export { printable } from "./text/printable.ts";
export { quoteForShell } from "./text/shell.ts";
export type { Outcome, RunResult } from "./result.ts";
export type { Trap } from "./trap/trap.ts";
export { run, runSync } from "./run.ts";
export { onCopies, runOnCopies } from "./run-on-copies.ts";
export type { CopiesRunResult } from "./run-on-copies.ts";
