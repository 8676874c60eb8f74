import { amount, countingNumber, flag, milliseconds, text } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";
import { runOptionRules } from "../options.ts";
import type { RunOptions } from "../options.ts";

/** Options of {@link createPool}. */
export interface PoolOptions {
  /**
   * The most workers that it has. Each is started when it is needed, and takes 13 to
   * 18 MB of memory and four or five descriptors. If the process can open no more
   * descriptors (`ulimit -n`), the pool continues with the workers that it has.
   * Default: one for each core.
   */
  size?: number;
  /** How many workers are started with the pool, before there is a run. At most `size`. Default: 0. */
  minWorkers?: number;
  /** After how many runs a worker is replaced. Default: 10000. */
  runsPerWorker?: number;
  /**
   * The JavaScript heap that each worker may have, in bytes. It contains objects of
   * the garbage-collection proposal, tables, traces and lists of changes, but not
   * linear memories. If a guest fills it, its worker ends, and the run with it, with
   * the outcome `out-of-memory`. At least 64 MiB, or `Infinity`. Default: 512 MiB.
   */
  maxHeapBytes?: number;
  /**
   * How many runs may wait for a worker. One more fails with `E_QUEUE_FULL`. With 0,
   * a run only waits for a worker that is being started. Default: no limit.
   */
  maxQueue?: number;
  /**
   * How long a run may wait for a worker, in milliseconds, including the time to start
   * one and, in browsers, to load the module. After that, it fails with `E_QUEUE_TIMEOUT`. Default: no limit.
   */
  queueTimeoutMs?: number;
}

/** What a run in a pool is granted, and how it waits for a worker. */
export interface PoolRunOptions extends RunOptions {
  /**
   * Whose run it is, such as a user or an address. While runs wait, free workers take
   * one of each key in turn, so that many runs of one key do not delay those of
   * another. Default: `""`.
   */
  key?: string;
  /** As in {@link PoolOptions}, for this run. Default: that of the pool. */
  queueTimeoutMs?: number;
}

/** How a pool is closed. */
export interface CloseOptions {
  /** Whether all runs end immediately. Default: `false`. */
  abort?: boolean;
  /** Milliseconds after which the remaining runs end, as with `abort`. Default: no limit. */
  timeoutMs?: number;
}

/** What each option of a pool may be. */
export const poolOptionRules: OptionRules<PoolOptions> = {
  size: countingNumber,
  minWorkers: amount,
  runsPerWorker: countingNumber,
  maxHeapBytes: ["a number, 67108864 or above", (value) => typeof value === "number" && value >= 67_108_864],
  maxQueue: amount,
  queueTimeoutMs: milliseconds,
};

/** What each option of a run in a pool may be. */
export const poolRunOptionRules: OptionRules<PoolRunOptions> = {
  ...runOptionRules,
  key: text,
  queueTimeoutMs: milliseconds,
};

/** What each option of the end of a pool may be. */
export const closeOptionRules: OptionRules<CloseOptions> = { abort: flag, timeoutMs: milliseconds };
