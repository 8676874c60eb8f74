import { availableParallelism } from "node:os";
import { asyncDispose } from "../realm/dispose-symbols.ts";
import { WasiKitError } from "../error.ts";
import type { ModuleSource } from "../module/load-module.ts";
import { checkOptionRules, countingNumber, flag } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";
import { checkOptions, runOptionRules } from "../options.ts";
import type { RunOptions } from "../options.ts";
import type { RunResult } from "../result.ts";
import { onNextChange, tooFewDescriptors } from "./descriptor-budget.ts";
import { abortedError, createJob } from "./job.ts";
import type { Job } from "./job.ts";
import { createModuleCache } from "./module-cache.ts";
import { startWorker } from "./pooled-worker.ts";
import type { PooledWorker } from "./pooled-worker.ts";

/** Options of {@link createPool}. */
export interface PoolOptions {
  /**
   * How many workers it has at most. Each is started when it is needed, and takes
   * 13 to 18 MB of memory and four or five descriptors. If the process may have
   * no more of those (`ulimit -n`), the pool goes on with the workers that it has.
   * Default: one for each core.
   */
  size?: number;
  /** After how many runs a worker is replaced. Default: 10000. */
  runsPerWorker?: number;
}

/** What each option of a pool may be. */
export const poolOptionRules: OptionRules<PoolOptions> = { size: countingNumber, runsPerWorker: countingNumber };

/** What each option of the end of a pool may be. */
export const closeOptionRules: OptionRules<NonNullable<Parameters<Pool["close"]>[0]>> = { abort: flag };

/** Workers that run modules, one at a time each. While none runs, they do not keep the process alive. */
export interface Pool {
  /**
   * Runs a command in the next worker that is free, in the order of the calls.
   * A module that is named by its path is compiled once, as long as the file does
   * not change, and sent to each worker once.
   *
   * @throws WasiKitError as {@link run} does, `E_ABORTED` if its `signal` was
   * aborted before it began, `E_POOL_CLOSED`, and `E_DESCRIPTORS` if the process
   * has too few left for a single worker
   */
  run(source: ModuleSource, options?: RunOptions): Promise<RunResult>;
  /**
   * Takes no more runs, waits for those that it has, and terminates the workers.
   * With `abort`, those that have yet to begin fail with `E_POOL_CLOSED`, and
   * those that are running are ended: their outcome is `aborted`.
   */
  close(options?: { abort?: boolean }): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a pool of workers: for many runs, for several at the same time, and for
 * runs that are ended from outside while this thread goes on. Each worker takes
 * memory and descriptors: see `size` of {@link PoolOptions}.
 *
 * @example
 * await using pool = createPool({ size: 2 });
 * const results = await Promise.all(names.map((name) => pool.run("hello.wasm", { args: [name] })));
 *
 * @throws WasiKitError `E_OPTION`
 */
export function createPool(poolOptions: PoolOptions = {}): Pool {
  checkOptionRules(poolOptions, poolOptionRules, "createPool()");
  const { size = availableParallelism(), runsPerWorker = 10_000 } = poolOptions;
  const modules = createModuleCache();
  const queue: Job[] = [];
  const workers = new Set<PooledWorker>();
  const idleWorkers: PooledWorker[] = [];
  const unfinished = new Set<Promise<unknown>>();
  let isClosed = false;

  const addWorker = (): PooledWorker => {
    const worker = startWorker();
    workers.add(worker);
    return worker;
  };
  const nextWorker = (): PooledWorker | undefined => {
    // The one that was idle for the longest time: one that was just added is still starting.
    for (let worker = idleWorkers.shift(); worker; worker = idleWorkers.shift()) {
      if (worker.isAlive()) return worker;
      workers.delete(worker);
    }
    return workers.size < size && canStartWorker() ? addWorker() : undefined;
  };
  let lastRefusal = -Infinity;
  /** Whether one more worker can be started. If not, and there is none, the runs in the queue fail. */
  const canStartWorker = (): boolean => {
    if (workers.size > 0 && performance.now() - lastRefusal < retryMs) return false;
    const problem = tooFewDescriptors();
    if (!problem || onNextChange(dispatchQueue)) return !problem;
    lastRefusal = performance.now();
    if (workers.size === 0) for (const job of queue.splice(0)) job.reject(problem);
    return false;
  };
  const dispatchQueue = (): void => {
    while (queue.length > 0) {
      const worker = nextWorker();
      if (!worker) return;
      void dispatch(worker, queue.shift() as Job);
    }
  };
  const dispatch = async (worker: PooledWorker, job: Job): Promise<void> => {
    const isReusable = await worker.run(job);
    if (isReusable && worker.runs() < runsPerWorker) idleWorkers.push(worker);
    else {
      workers.delete(worker);
      void worker.terminate();
      // At once, so that the next run need not wait for its start.
      if (!isClosed && canStartWorker()) idleWorkers.push(addWorker());
    }
    dispatchQueue();
  };
  /** Takes a job out of the queue, unless it has begun. */
  const cancelQueued = (job: Job, error: WasiKitError): void => {
    const at = queue.indexOf(job);
    if (at < 0) return;
    queue.splice(at, 1);
    job.reject(error);
  };

  const run: Pool["run"] = async (source, options = {}) => {
    if (isClosed) throw closedError();
    checkOptions(options, runOptionRules, "run() of a pool");
    const { signal, maxMemoryBytes } = options;
    if (signal?.aborted) throw abortedError(signal.reason);
    const job = createJob(modules.load(source, maxMemoryBytes), options);
    const onAbort = (): void => cancelQueued(job, abortedError(signal?.reason));
    signal?.addEventListener("abort", onAbort);
    queue.push(job);
    unfinished.add(job.result);
    dispatchQueue();
    try {
      return await job.result;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      unfinished.delete(job.result);
    }
  };

  const close: Pool["close"] = async (how = {}) => {
    checkOptionRules(how, closeOptionRules, "close() of a pool");
    const { abort = false } = how;
    isClosed = true;
    if (abort) {
      for (const job of queue.splice(0)) job.reject(closedError());
      for (const worker of workers) worker.abort();
    }
    await Promise.allSettled(unfinished);
    await Promise.all(Array.from(workers, (worker) => worker.terminate()));
    workers.clear();
  };

  return { run, close, [asyncDispose]: () => close() };
}

/** How long after a worker could not be started to try again, while others make the runs. */
const retryMs = 1000;

const closedError = (): WasiKitError =>
  new WasiKitError("E_POOL_CLOSED", "The pool was closed, and makes no more runs.");
