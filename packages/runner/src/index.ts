export { WasiKitError } from "./error.ts";
export type { ErrorCode } from "./error.ts";
export { formatFrame } from "./trap/format-frame.ts";
export type { Frame, SourceLocation } from "@wasi-kit/wasm/debug";
export { explain } from "./explain/explain.ts";
export type { Explanation } from "./explain/explain.ts";
export type { ExplainInput } from "./explain/context.ts";
export type { MissingGrant } from "./explain/missing-grant.ts";
export type { RunStats } from "./explain/call-counts.ts";
export type { Diagnostics } from "./explain/recorder.ts";
export { GuestMemoryError } from "./imports/calling-guest.ts";
export type { CallingGuest } from "./imports/calling-guest.ts";
export type { HostFunction, HostModules, Imports } from "./imports/imports.ts";
export { GuestError } from "./guest/guest-error.ts";
export { instantiate } from "./instantiate.ts";
export type { Instance } from "./guest/instance.ts";
export { checkCommand } from "./module/check-command.ts";
export { inspect } from "./module/inspect.ts";
export type { Inspection } from "./module/inspection.ts";
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
export { parseSignature } from "@wasi-kit/wasm";
export type { Signature } from "@wasi-kit/wasm";
export type { ModuleSource } from "./module/module.ts";
export type { FixedClock, Readiness } from "@wasi-kit/wasi";
export { limitNames } from "./limits/limits.ts";
export type { LimitName, Limits, ModuleLimits } from "./limits/limits.ts";
export type {
  AsyncOutputTarget,
  LibraryOptions,
  OutputTarget,
  RunOptions,
  Stdin,
  StdinReader,
  SyncRunOptions,
} from "./options.ts";
export type { InputStream, NodeWritable, OutputStream, WebReadable, WebWritable } from "./stdio/streams.ts";
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
export { createPool } from "./pool/node-pool.ts";
export type { CallOptions, PooledExports, PooledInstance, UnknownExports } from "./pool/instance.ts";
export type { Pool } from "./pool/pool.ts";
export type { CloseOptions, PoolOptions, PoolRunOptions } from "./pool/pool-options.ts";
export type { PreparedModule } from "./pool/prepared-module.ts";
export type { PoolStats } from "./pool/stats.ts";
export type { PoolRunContext } from "./pool/trace-runs.ts";
export type { Capability } from "@wasi-kit/wasi/abi";
export { formatCall } from "./trace/format.ts";
export type * from "./trace/traced-call.ts";
export { functionNames } from "@wasi-kit/wasi/abi";
export type { FunctionName } from "@wasi-kit/wasi/abi";
export { errorText } from "./text/error-text.ts";
export { printable } from "./text/printable.ts";
export { quoteForShell } from "./text/shell.ts";
export { readRecording } from "./record/read-recording.ts";
export type { Recording } from "./record/read-recording.ts";
export { replay } from "./record/replay.ts";
export type { ReplayOptions } from "./record/replay.ts";
export type { RecordedEnd, RecordedOptions, RecordedPreopen } from "./record/recording.ts";
export type { Outcome } from "./outcome.ts";
export type { HostError, RunResult } from "./result.ts";
export type { Trap } from "./trap/trap.ts";
export { run, runSync } from "./run.ts";
export { onCopies, runOnCopies } from "./run-on-copies.ts";
export type { CopiesRunResult } from "./run-on-copies.ts";
