import { browserHost } from "../host/browser.ts";
import { poolLimits } from "../limits/limits.ts";
import type { WorkerLimits } from "../limits/limits.ts";
import { checkOptionRules } from "../option-rules.ts";
import type { PoolHost } from "../pool/pool-host.ts";
import { poolOptionRules } from "../pool/pool-options.ts";
import type { PoolOptions } from "../pool/pool-options.ts";
import { startPoolOn } from "../pool/pool.ts";
import type { Pool } from "../pool/pool.ts";
import { fetchModule } from "./load-module.ts";
import { browserPoolRunOptionRules } from "./options.ts";
import type { BrowserPoolRunOptions } from "./options.ts";
import { startWebWorker } from "./web-worker.ts";

/** Options of a pool of web workers: a browser limits their heaps by itself. */
export type BrowserPoolOptions = Omit<PoolOptions, "maxHeapBytes">;

const { maxHeapBytes: _maxHeapBytes, ...browserPoolOptionRules } = poolOptionRules;

/** Web workers that run commands. Libraries are in a pool on Node.js alone. */
export type BrowserPool = Omit<Pool<BrowserPoolRunOptions>, "instantiate">;

let lastId = 0;

const webWorkers: PoolHost = {
  host: browserHost,
  defaultSize: () => navigator.hardwareConcurrency,
  // The browser keeps what it fetched, and compiles in other threads.
  createModules: () => ({
    load: async (source, limits) => ({ id: ++lastId, loaded: await fetchModule(source, limits) }),
  }),
  startWorker: startWebWorker,
};

/**
 * Makes a pool of web workers: for many runs, for several at the same time, and
 * for runs that are ended from outside while the page goes on. A run is ended
 * with its worker: its result has the output until then, and no `changes`,
 * `trace` and `diagnostics`.
 *
 * @example
 * const pool = createPool({ size: 1 });
 * const { outcome } = await pool.run("loop.wasm", { signal: AbortSignal.timeout(100) });
 *
 * @throws WasiKitError `E_OPTION`
 */
export function createBrowserPool(poolOptions: BrowserPoolOptions = {}): BrowserPool {
  checkOptionRules(poolOptions, browserPoolOptionRules, "createPool()");
  return startBrowserPool(poolOptions, poolLimits);
}

/** @param limits - those of a run that sets no others */
export function startBrowserPool(poolOptions: PoolOptions, limits: WorkerLimits): BrowserPool {
  const { instantiate: _instantiate, ...pool } = startPoolOn(
    webWorkers,
    browserPoolRunOptionRules,
    poolOptions,
    limits,
  );
  return pool;
}
