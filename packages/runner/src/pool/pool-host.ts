import type { WasiKitError } from "../error.ts";
import type { Host } from "../host/host.ts";
import type { ModuleLimits } from "../limits/limits.ts";
import type { ModuleSource } from "../module/module.ts";
import type { CachedModule } from "./cached-module.ts";
import type { RunResult } from "../result.ts";
import type { Job } from "./job.ts";
import type { PoolOptions, PoolRunOptions } from "./pool-options.ts";
import type { PreparedModule } from "./prepared-module.ts";

/** What a pool needs of its host, Node.js or a browser. */
export interface PoolHost {
  readonly host: Host;
  /** How many workers a pool has at most that is not told. */
  readonly defaultSize: () => number;
  /** Makes what loads modules for a pool: at once, if the host can do that, and in other threads. */
  readonly createModules: () => {
    load(source: ModuleSource, limits: ModuleLimits): CachedModule | Promise<CachedModule>;
    /** Default: `load`. */
    prepare?(source: ModuleSource, limits: ModuleLimits): Promise<CachedModule>;
  };
  /** Whether it says how much CPU time each worker has used. Default: no. */
  readonly hasCpuTimes?: () => boolean;
  /** Starts a worker. */
  readonly startWorker: (options: PoolOptions) => PooledWorker;
  /** Why the host can't start one more worker now; undefined if it can. */
  readonly shortage?: () => WasiKitError | undefined;
  /** Calls a listener once, when that may have changed. Returns whether there is anything to wait for. */
  readonly onNextChange?: (listener: () => void) => boolean;
  /** Makes a run, and lets others observe it. */
  readonly traceRun?: (
    source: ModuleSource | PreparedModule,
    options: PoolRunOptions,
    run: () => Promise<RunResult>,
  ) => Promise<RunResult>;
}

/** A worker of a pool. */
export interface PooledWorker {
  /** Fulfilled once it can make runs, or with the error because of which it ended before that. */
  readonly started: Promise<Error | undefined>;
  /** How many runs it has made. */
  runs(): number;
  /** Whether it can make another one: it has not ended by itself. */
  isAlive(): boolean;
  /**
   * Makes a run of a module, and settles the job. Never rejects.
   *
   * @returns whether the worker can be used again
   */
  run(job: Job, module: CachedModule): Promise<boolean>;
  /** Ends the run that it is making, if any. */
  abort(): void;
  terminate(): Promise<unknown>;
}
