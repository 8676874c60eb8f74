import { availableParallelism } from "node:os";
import { nodeHost } from "../host/node.ts";
import { ownThread } from "../host/thread-cpu-time.ts";
import { interruptLoops } from "../limits/interrupt-loops.ts";
import { defaultHeapBytes, poolLimits } from "../limits/limits.ts";
import type { WorkerLimits } from "../limits/limits.ts";
import { checkOptionRules } from "../option-rules.ts";
import { onNextChange, tooFewDescriptors } from "./descriptor-budget.ts";
import { createModuleCache } from "./module-cache.ts";
import { startWorker } from "./node-worker.ts";
import type { PoolHost } from "./pool-host.ts";
import { poolOptionRules, poolRunOptionRules } from "./pool-options.ts";
import type { PoolOptions } from "./pool-options.ts";
import { startPoolOn } from "./pool.ts";
import type { Pool } from "./pool.ts";
import { traceRun } from "./trace-runs.ts";

const threads: PoolHost = {
  host: nodeHost,
  defaultSize: availableParallelism,
  createModules: createModuleCache,
  hasCpuTimes: () => ownThread() !== undefined,
  startWorker,
  shortage: tooFewDescriptors,
  onNextChange,
  traceRun,
};

/**
 * Creates a pool of workers: for many runs, for several at the same time, and for
 * runs that this thread can end while it does something else. Each worker takes
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
  return startPool({ ...poolOptions, maxHeapBytes: poolOptions.maxHeapBytes ?? defaultHeapBytes }, poolLimits);
}

/** @param limits - those of a run that sets no others */
export function startPool(poolOptions: PoolOptions, limits: WorkerLimits): Pool {
  interruptLoops();
  return startPoolOn(threads, poolRunOptionRules, poolOptions, limits);
}
