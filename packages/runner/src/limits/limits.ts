import type { FileLimits } from "@wasi-kit/wasi";
import { amount, bytes, milliseconds } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";

/** The most that a run may use. `Infinity` means no limit. */
export interface Limits {
  /**
   * How long the run may take from instantiation on, in milliseconds. After that, it
   * ends with the outcome `timed-out`. At most 4294967295, or `Infinity`. Default: no
   * limit, except in a pool, which terminates the worker after a minute: `memoryBytes`
   * is 0 then, and the result has no `changes`, `trace` and `diagnostics`.
   */
  timeoutMs?: number;
  /**
   * The most memory that the guest may have, in bytes. If it asks for more,
   * `memory.grow` fails. A module that starts with more can't be run. The module has
   * to be a path or bytes. Default: 256 MiB in a pool; otherwise what the module
   * itself declares.
   */
  maxMemoryBytes?: number;
  /**
   * The most memories that the module may have. A module with more can't be run.
   * The module has to be a path or bytes. Default: 10 in a pool; otherwise no limit.
   */
  maxMemories?: number;
  /**
   * The most elements that the guest's tables may have together. Each table counts as
   * 64 elements more than it has. If the guest asks for more, `table.grow` fails. A
   * module that starts with more can't be run. The module has to be a path or bytes.
   * Default: 1,000,000 in a pool, which take up to 32 MB; otherwise no limit.
   */
  maxTableElements?: number;
  /**
   * The most struct and array types that the module may declare (the
   * garbage-collection proposal). A module with more can't be run. Such objects are
   * in the JavaScript heap of the guest's thread, and an array that does not fit
   * there ends the whole process. The module has to be a path or bytes. Default: 0 in
   * a pool; otherwise no limit.
   */
  maxGcTypes?: number;
  /**
   * The most that the guest may write to stdout and stderr together, in bytes. The
   * write that exceeds it ends the run with the outcome `output-limit`. Default:
   * 64 MiB in a pool; otherwise 64 MiB of captured output, and no limit for other
   * output.
   */
  maxOutputBytes?: number;
  /**
   * The most that the guest may read from stdin, in bytes. The next read ends the run
   * with the outcome `input-limit`, unless stdin is at its end. Default: 64 MiB in a
   * pool; otherwise no limit.
   */
  maxInputBytes?: number;
  /**
   * The most calls of WASI's functions that the guest may make. One more ends the run
   * with the outcome `call-limit`. Calls of your own functions (`imports`) don't
   * count. Default: 10,000,000 in a pool; otherwise no limit.
   */
  maxCalls?: number;
  /**
   * The most that the guest may write to files, in bytes. A call that would exceed it
   * writes nothing, and fails with `dquot`. Bytes that are overwritten count again. A
   * gap of zeros that a write or a new size leaves counts, too. Removing a file gives
   * nothing back. Default: 64 MiB in a pool; otherwise no limit.
   */
  maxWrittenBytes?: number;
  /**
   * The most files, directories and links that the guest may create. One more fails
   * with `dquot`. Removing them gives nothing back. Default: 10,000 in a pool;
   * otherwise no limit.
   */
  maxFiles?: number;
  /**
   * The most descriptors that the guest may have open at the same time, including
   * those of stdin, stdout, stderr and the preopens. Opening one more fails with
   * `mfile`. At most 65,536. Default: 256 in a pool; otherwise 65,536.
   */
  maxDescriptors?: number;
  /**
   * The most names that a path may have below its preopen, after links and dots are
   * resolved. A longer path fails with `nametoolong`, and so does moving a directory
   * if something in it would be deeper. Default: 32 in a pool; otherwise no limit.
   */
  maxDepth?: number;
}

/** The most that a run in a worker may use: {@link Limits}, and what only another thread can limit. */
export interface WorkerLimits extends Limits {
  /**
   * The CPU time that the guest may use, in milliseconds. After that, the run ends
   * with the outcome `cpu-limit`, and its worker is terminated (see `timeoutMs`). A
   * guest that waits uses no CPU time. It works on Linux only: on other systems,
   * setting it is an error. Default: 60,000 in a pool on Linux; otherwise no limit.
   */
  maxCpuMs?: number;
}

/** The limits that are put into a module before it is compiled. */
export type ModuleLimits = Pick<Limits, "maxMemoryBytes" | "maxMemories" | "maxTableElements" | "maxGcTypes">;

/** What ends a call from outside. */
export interface CallLimits {
  /** Milliseconds after which it is ended. Default: never. */
  timeoutMs?: number | undefined;
  /** Whether Ctrl-C (SIGINT) ends it. Default: `false`. */
  handleSigint?: boolean | undefined;
}

/** Why a call was ended early. */
export type Interruption = "timed-out" | "aborted";

/** The name of a limit: that of the option that sets it, of a run or, for `maxHeapBytes`, of its pool. */
export type LimitName = keyof WorkerLimits | "maxHeapBytes";

/** Whether a run is ended after some time. */
export const hasDeadline = ({ timeoutMs = Infinity }: Limits): boolean => timeoutMs < Infinity;

/** What each limit to files may be. */
export const fileLimitRules: OptionRules<FileLimits> = { maxWrittenBytes: bytes, maxFiles: amount };

/** What each of those may be that are put into a module. */
export const moduleLimitRules: OptionRules<ModuleLimits> = {
  maxMemoryBytes: bytes,
  maxMemories: amount,
  maxTableElements: amount,
  maxGcTypes: amount,
};

/** The names of those. */
export const moduleLimitNames = Object.keys(moduleLimitRules) as readonly (keyof ModuleLimits)[];

/** What each limit may be. */
export const limitRules: OptionRules<Limits> = {
  timeoutMs: milliseconds,
  ...moduleLimitRules,
  maxOutputBytes: bytes,
  maxInputBytes: amount,
  maxCalls: amount,
  ...fileLimitRules,
  maxDescriptors: amount,
  maxDepth: amount,
};

/** What each limit of a run in a worker may be. */
export const workerLimitRules: OptionRules<WorkerLimits> = { ...limitRules, maxCpuMs: milliseconds };

/** The names of all limits of a run in any thread. */
export const limitNames = Object.keys(limitRules) as readonly (keyof Limits)[];
const workerLimitNames = Object.keys(workerLimitRules) as readonly (keyof WorkerLimits)[];

const mebibyte = 2 ** 20;

/** The JavaScript heap of a worker whose pool sets none, in bytes. */
export const defaultHeapBytes: number = 512 * mebibyte;

/** The limits of a run in a pool that sets no others: for guests of which nothing is known. */
export const poolLimits: Readonly<Required<WorkerLimits>> = {
  timeoutMs: 60_000,
  maxCpuMs: 60_000,
  maxMemoryBytes: 256 * mebibyte,
  maxMemories: 10,
  maxTableElements: 1_000_000,
  maxGcTypes: 0,
  maxOutputBytes: 64 * mebibyte,
  maxInputBytes: 64 * mebibyte,
  maxCalls: 10_000_000,
  maxWrittenBytes: 64 * mebibyte,
  maxFiles: 10_000,
  maxDescriptors: 256,
  maxDepth: 32,
};

/** The ones of them that are put into a module. */
export const pickModuleLimits = (limits: WorkerLimits): ModuleLimits =>
  Object.fromEntries(moduleLimitNames.filter((name) => limits[name] !== undefined).map((name) => [name, limits[name]]));

/** Those without the ones that are put into a module. */
export const withoutModuleLimits = (limits: WorkerLimits): WorkerLimits =>
  Object.fromEntries(Object.entries(limits).filter(([name]) => !Object.hasOwn(moduleLimitRules, name)));

/** Options with each of some limits that they don't set themselves. */
export function withLimits<Options extends WorkerLimits>(options: Options, limits: WorkerLimits): Options {
  const all: Options = { ...options };
  for (const name of workerLimitNames) if (limits[name] !== undefined) all[name] ??= limits[name];
  return all;
}
