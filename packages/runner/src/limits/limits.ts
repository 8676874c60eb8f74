import type { FileLimits } from "@wasi-kit/wasi";
import { amount, bytes, milliseconds } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";

/** The most that a run may use of something. With `Infinity`, or where there is no default, there is no limit. */
export interface Limits {
  /**
   * Milliseconds, from instantiation on, after which the run is ended, with the
   * outcome `timed-out`. At most 4294967295, or `Infinity`. Default: no limit,
   * except in a pool, which terminates the worker after a minute: `memoryBytes` is
   * 0 then, and the result has no `changes`, `trace` and `diagnostics`.
   */
  timeoutMs?: number;
  /**
   * The most memory that the guest may have, in bytes: to grow beyond it fails
   * in the guest, and a module that starts with more can't be run. The module has
   * to be a path or bytes. Default: 256 MiB in a pool, and elsewhere what the
   * module itself declares.
   */
  maxMemoryBytes?: number;
  /**
   * The most memories that the module may have: one that has more can't be run.
   * The module has to be a path or bytes. Default: 10 in a pool, and no limit
   * elsewhere.
   */
  maxMemories?: number;
  /**
   * The most elements that the guest's tables may have together; a table takes as
   * much as 64 of them besides its own. To grow further fails in the guest, and a
   * module that starts with more can't be run. The module has to be a path or
   * bytes. Default: 1,000,000 in a pool, which take up to 32 MB, and no limit
   * elsewhere.
   */
  maxTableElements?: number;
  /**
   * The most types of structures and arrays that the module may declare (the
   * garbage-collection proposal): one that declares more can't be run. Such
   * objects are in the JavaScript heap of the guest's thread, and an array that
   * does not fit ends the whole process. The module has to be a path or bytes.
   * Default: 0 in a pool, and no limit elsewhere.
   */
  maxGcTypes?: number;
  /**
   * The most that may be written to stdout and stderr together, in bytes: the
   * write that exceeds it ends the run, with the outcome `output-limit`.
   * Default: 64 MiB in a pool; elsewhere 64 MiB of captured output, and no limit
   * to other output.
   */
  maxOutputBytes?: number;
  /**
   * The most that the guest may read from stdin, in bytes: the read that comes
   * after that ends the run, with the outcome `input-limit`, unless stdin is at its
   * end. Default: 64 MiB in a pool, and no limit elsewhere.
   */
  maxInputBytes?: number;
  /**
   * The most calls of WASI's functions that the guest may make: one more ends the
   * run, with the outcome `call-limit`. Functions of your own (`imports`) don't
   * count. Default: 10,000,000 in a pool, and no limit elsewhere.
   */
  maxCalls?: number;
  /**
   * The most that the guest may write to files, in bytes: a call that would
   * exceed it writes nothing, and fails with `dquot`. What is written over
   * another time counts another time, a gap of zeros that a write or a new size
   * leaves counts too, and what is removed is not given back. Default: 64 MiB in
   * a pool, and no limit elsewhere.
   */
  maxWrittenBytes?: number;
  /**
   * The most files, directories and links that the guest may make: one more fails
   * with `dquot`. What is removed is not given back. Default: 10,000 in a pool,
   * and no limit elsewhere.
   */
  maxFiles?: number;
  /**
   * The most descriptors that the guest may have open at the same time, those of
   * stdin, stdout, stderr and the preopens included: to open one more fails with
   * `mfile`. At most 65,536. Default: 256 in a pool, and 65,536 elsewhere.
   */
  maxDescriptors?: number;
  /**
   * How many names deep below its preopen a path may lead, once its links and
   * dots are resolved: a deeper one fails with `nametoolong`, and so does moving a
   * directory if something in it would be deeper. Default: 32 in a pool, and no
   * limit elsewhere.
   */
  maxDepth?: number;
}

/** The most that a run in a worker may use: besides, what only another thread can limit. */
export interface WorkerLimits extends Limits {
  /**
   * The CPU time that the guest may use, in milliseconds: more ends the run, with
   * the outcome `cpu-limit`, by terminating its worker (see `timeoutMs`). A guest
   * that waits uses none. On Linux alone: elsewhere, to set it is an error.
   * Default: 60,000 in a pool on Linux, and no limit elsewhere.
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

/** A limit by its name: the name of the option that sets it, of a run or (`maxHeapBytes`) of its pool. */
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
