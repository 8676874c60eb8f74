import { tracingChannel } from "node:diagnostics_channel";
import { moduleName } from "../module/load-module.ts";
import type { ModuleSource } from "../module/module.ts";
import type { RunResult } from "../result.ts";
import type { PoolRunOptions } from "./pool-options.ts";
import { isPrepared } from "./prepared-module.ts";
import type { PreparedModule } from "./prepared-module.ts";

/**
 * A run in a pool, as it is published to `wasi-kit:pool:run`, a `tracingChannel`
 * of `node:diagnostics_channel`: when it is asked for, and when it has ended.
 */
export interface PoolRunContext {
  /** The module's name: its path, if it has one. */
  readonly module: string;
  /** Its key in the queue. */
  readonly key: string;
  /** Its result, once it has ended. */
  result?: RunResult;
  /** The error that the run failed with, if it has no result. */
  error?: unknown;
}

const runs = tracingChannel<PoolRunContext, PoolRunContext>("wasi-kit:pool:run");

/** Makes a run, and publishes it if somebody listens. */
export function traceRun(
  source: ModuleSource | PreparedModule,
  options: PoolRunOptions | null,
  run: () => Promise<RunResult>,
): Promise<RunResult> {
  if (!runs.hasSubscribers) return run();
  return runs.tracePromise(run, {
    module: isPrepared(source) ? source.name : moduleName(source),
    key: options?.key ?? "",
  });
}
