/**
 * WASI preview 1 for guests whose files are wherever a {@link FileSystem} has
 * them. Nothing here is of one host: the directories, clocks and streams of
 * Node.js are in `@wasi-kit/wasi/node`, the clocks of a browser in
 * `@wasi-kit/wasi/browser`.
 *
 * @module
 */
export { bytesOf } from "./bytes.ts";
export { applyChanges } from "./fs/apply-changes.ts";
export { byteStringOf, textOf } from "./fs/byte-string.ts";
export type { Change, ChangedContents, ChangedEntry } from "./fs/changes.ts";
export type { Part } from "./fs/content.ts";
export { copyOnWrite } from "./fs/copy-on-write.ts";
export type { ChangesOptions, CopyOnWrite, CopyOnWriteOptions } from "./fs/copy-on-write.ts";
export { memory, symlink } from "./fs/memory.ts";
export type { MemoryFileSystem, MemoryOptions, MemorySymlink, MemoryTree } from "./fs/memory.ts";
export type { SpillStore } from "./fs/space.ts";
export { subdirectory } from "./fs/subdirectory.ts";
export { fixedClock } from "./clock.ts";
export type { Clock, FixedClock } from "./clock.ts";
export type { Descriptor, DescriptorTable, OpenDirectory, OpenFile, PreopenedDirectory } from "./descriptor-table.ts";
export { maxNameBytes, openFlags } from "./fs/file-system.ts";
export type * from "./fs/file-system.ts";
export type { FileLimits, WasiLimits } from "./limits.ts";
export type { GuestMemory } from "./guest-memory.ts";
export { abortSignal, flag, OptionError, requireOptions, showValue } from "./option-rules.ts";
export type { OptionRule, OptionRules } from "./option-rules.ts";
export { ProcessExit } from "./preview1/proc.ts";
export { hostRandom } from "./host-random.ts";
export { seededRandom } from "./random.ts";
export type { Random } from "./random.ts";
export { bytesSource, endStream, functionSink, outputTo, stdinFrom } from "./stdio.ts";
export type { Readiness, StdioStream, StreamSink, StreamSource } from "./stdio.ts";
export { createWasi } from "./wasi.ts";
export type { GrantedDirectory, Wasi, WasiOptions } from "./wasi.ts";
export { WasiError } from "./wasi-error.ts";
