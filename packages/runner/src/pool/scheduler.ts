import { WasiKitError } from "../error.ts";
import type { CachedModule } from "./cached-module.ts";
import { createFairQueue } from "./fair-queue.ts";
import type { Job } from "./job.ts";
import type { PoolHost, PooledWorker } from "./pool-host.ts";
import type { CloseOptions, PoolOptions } from "./pool-options.ts";
import { callAfter } from "./timer.ts";
import { createWorkers } from "./workers.ts";

/** Brings the runs of a pool and its workers together. */
export interface Scheduler {
  /**
   * Has a job done by the next worker that is free for its key, and settles it.
   *
   * @param module - what it runs, which may still be loading
   * @param queueTimeoutMs - how long it may wait. Default: that of the pool
   */
  add(job: Job, module: CachedModule | Promise<CachedModule>, queueTimeoutMs?: number): Promise<void>;
  /** How many workers there are, how many of them are in use, and how many jobs wait. */
  count(): { readonly workers: number; readonly busy: number; readonly queued: number };
  /** @throws WasiKitError `E_POOL_CLOSED` once it was closed */
  requireOpen(): void;
  /** Takes no more jobs, waits for those that it has, and ends the workers. */
  close(how: CloseOptions): Promise<void>;
}

/** A job that waits for a worker. */
interface QueuedJob {
  readonly job: Job;
  readonly module: CachedModule;
}

/** @throws WasiKitError `E_OPTION` for options that do not go together */
export function createScheduler(poolHost: PoolHost, options: PoolOptions): Scheduler {
  const { size = poolHost.defaultSize(), minWorkers = 0, runsPerWorker = 10_000 } = options;
  const { maxQueue = Infinity, queueTimeoutMs: poolQueueTimeoutMs = Infinity } = options;
  if (minWorkers > size) {
    throw new WasiKitError("E_OPTION", `minWorkers is ${minWorkers}. It can be at most size, which is ${size}.`);
  }
  const queue = createFairQueue<QueuedJob>();
  /** Jobs that wait for their modules. */
  const loading = new Set<Job>();
  /** For each key that has some, when the last of them is in the queue: they begin in the order in which they came. */
  const lastTurns = new Map<string, Promise<void>>();
  const unfinished = new Set<Promise<unknown>>();
  let isClosed = false;

  const dispatchQueue = (): void => {
    for (let worker = take(); worker; worker = take()) void dispatch(worker, queue.next() as QueuedJob);
    workers.start(queue.size());
  };
  const take = (): PooledWorker | undefined => (queue.size() > 0 ? workers.take() : undefined);
  const dispatch = async (worker: PooledWorker, { job, module }: QueuedJob): Promise<void> =>
    workers.giveBack(worker, await worker.run(job, module));
  const rejectWaiting = (error: WasiKitError): void => {
    for (const job of loading) job.reject(error);
    loading.clear();
    for (const { job } of queue.clear()) job.reject(error);
  };
  const workers = createWorkers(poolHost, {
    size,
    runsPerWorker,
    ofWorkers: options,
    onChange: dispatchQueue,
    onFailure: (error) => queue.next()?.job.reject(error),
    onShortage: rejectWaiting,
  });
  workers.start(minWorkers);
  /** Calls back with the module of a job, once the jobs of its key that came before are in the queue. */
  const whenLoaded = (
    job: Job,
    module: CachedModule | Promise<CachedModule>,
    enqueue: (loaded: CachedModule) => void,
  ): void => {
    loading.add(job);
    // A job that is cancelled delays no other.
    const cancelled = Promise.allSettled([job.result]).then(() => undefined);
    const loaded = Promise.race([module, cancelled]);
    const before = lastTurns.get(job.key);
    const takeTurn = async (): Promise<void> => {
      const [result] = await Promise.allSettled([loaded, before]);
      if (lastTurns.get(job.key) === turn) lastTurns.delete(job.key);
      if (!loading.delete(job)) return;
      if (result.status === "rejected") job.reject(result.reason);
      else if (result.value) enqueue(result.value);
    };
    const turn = takeTurn();
    lastTurns.set(job.key, turn);
  };
  const abort = (): void => {
    rejectWaiting(closedError());
    workers.abort();
  };

  return {
    async add(job, module, queueTimeoutMs = poolQueueTimeoutMs) {
      const { signal } = job.options;
      let cancel = (error: WasiKitError): void => {
        if (loading.delete(job)) job.reject(error);
      };
      const enqueue = (loaded: CachedModule): void => {
        const queued: QueuedJob = { job, module: loaded };
        cancel = (error) => {
          if (queue.remove(job.key, queued)) job.reject(error);
        };
        queue.add(job.key, queued);
        dispatchQueue();
        // A worker that is starting will take one of them.
        if (queue.size() > maxQueue + workers.count().starting) cancel(queueFullError(maxQueue));
      };
      const onAbort = (): void => cancel(abortedError(signal?.reason));
      signal?.addEventListener("abort", onAbort);
      const cancelTimeout = callAfter(queueTimeoutMs, () =>
        cancel((loading.has(job) ? loadTimeoutError : queueTimeoutError)(queueTimeoutMs)),
      );
      unfinished.add(job.result);
      if (module instanceof Promise || lastTurns.has(job.key)) whenLoaded(job, module, enqueue);
      else enqueue(module);
      await Promise.allSettled([job.result]);
      signal?.removeEventListener("abort", onAbort);
      cancelTimeout();
      unfinished.delete(job.result);
    },
    count() {
      const { all, starting, free } = workers.count();
      return { workers: all, busy: all - starting - free, queued: loading.size + queue.size() };
    },
    requireOpen() {
      if (isClosed) throw closedError();
    },
    async close(how) {
      isClosed = true;
      if (how.abort === true) abort();
      const cancelTimeout = callAfter(how.timeoutMs ?? Infinity, abort);
      await Promise.allSettled(unfinished);
      cancelTimeout();
      await workers.close();
    },
  };
}

/** The error of a run that was aborted before it began. */
export const abortedError = (cause: unknown): WasiKitError =>
  new WasiKitError("E_ABORTED", "The run was aborted before it began.", { cause });

const closedError = (): WasiKitError =>
  new WasiKitError("E_POOL_CLOSED", "The pool was closed, and makes no more runs.");

const queueFullError = (maxQueue: number): WasiKitError =>
  new WasiKitError(
    "E_QUEUE_FULL",
    `No worker of the pool is free, and maxQueue allows ${maxQueue} ${maxQueue === 1 ? "run" : "runs"} to wait for one.\n` +
      "Try again later, or raise maxQueue or size.",
  );

const loadTimeoutError = (ms: number): WasiKitError =>
  new WasiKitError(
    "E_QUEUE_TIMEOUT",
    `The module, or that of an earlier run with the same key, was not loaded within ${ms} ms, which is how long the run might wait: queueTimeoutMs.\n` +
      "Try again later, or raise queueTimeoutMs.",
  );

const queueTimeoutError = (ms: number): WasiKitError =>
  new WasiKitError(
    "E_QUEUE_TIMEOUT",
    `No worker of the pool was free for ${ms} ms, which is how long the run might wait for one: queueTimeoutMs.\n` +
      "Try again later, or raise queueTimeoutMs or size.",
  );
