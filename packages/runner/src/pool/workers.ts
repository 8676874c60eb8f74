import type { WasiKitError } from "../error.ts";
import type { PoolHost, PooledWorker } from "./pool-host.ts";
import type { PoolOptions } from "./pool-options.ts";

/** The workers of a pool. */
export interface Workers {
  /** How many there are, and how many of them are still being started, or free. */
  count(): { readonly all: number; readonly starting: number; readonly free: number };
  /** Takes a worker that is free, if there is one: that which was free for the longest time. */
  take(): PooledWorker | undefined;
  /** Gives a worker back. One that made all its runs, or can't be used again, is replaced. */
  giveBack(worker: PooledWorker, isReusable: boolean): void;
  /** Starts workers until so many are starting, as far as there may be more. */
  start(needed: number): void;
  /** Ends the runs that they make. */
  abort(): void;
  /** Ends them all. None is replaced from then on. */
  close(): Promise<void>;
}

/** What a pool does about its workers. */
export interface WorkersOptions {
  readonly size: number;
  readonly runsPerWorker: number;
  /** What each is started with. */
  readonly ofWorkers: PoolOptions;
  /** Called if a worker may be free, or may be started again. */
  onChange(): void;
  /** Called if a worker ended before it was ready. */
  onFailure(error: Error): void;
  /** Called if there is no worker, and none can be started. */
  onShortage(problem: WasiKitError): void;
}

/** How long after a worker could not be started to try again, while others make the runs. */
const retryMs = 1000;

export function createWorkers(
  { startWorker, shortage, onNextChange }: PoolHost,
  { size, runsPerWorker, ofWorkers, onChange, onFailure, onShortage }: WorkersOptions,
): Workers {
  const all = new Set<PooledWorker>();
  const free: PooledWorker[] = [];
  const starting = new Set<PooledWorker>();
  let isClosed = false;
  let lastShortage = -Infinity;

  /** Whether the host can start one more. */
  const isAffordable = (): boolean => {
    if (all.size > 0 && performance.now() - lastShortage < retryMs) return false;
    const problem = shortage?.();
    if (!problem || onNextChange?.(onChange)) return !problem;
    lastShortage = performance.now();
    if (all.size === 0) onShortage(problem);
    return false;
  };
  const start = async (): Promise<void> => {
    const worker = startWorker(ofWorkers);
    all.add(worker);
    starting.add(worker);
    const error = await worker.started;
    starting.delete(worker);
    if (error) {
      all.delete(worker);
      onFailure(error);
    } else free.push(worker);
    onChange();
  };

  return {
    count: () => ({ all: all.size, starting: starting.size, free: free.length }),
    take() {
      for (let worker = free.shift(); worker; worker = free.shift()) {
        if (worker.isAlive()) return worker;
        all.delete(worker);
      }
      return undefined;
    },
    giveBack(worker, isReusable) {
      if (isReusable && worker.runs() < runsPerWorker) free.push(worker);
      else {
        all.delete(worker);
        void worker.terminate();
        // At once, so that the next run need not wait for its start.
        if (!isClosed && isAffordable()) void start();
      }
      onChange();
    },
    start(needed) {
      while (starting.size < needed && all.size < size && isAffordable()) void start();
    },
    abort() {
      for (const worker of all) worker.abort();
    },
    async close() {
      isClosed = true;
      await Promise.all(Array.from(all, (worker) => worker.terminate()));
    },
  };
}
