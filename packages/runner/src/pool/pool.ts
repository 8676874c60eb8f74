import { asyncDispose } from "../realm/dispose-symbols.ts";
import { WasiKitError } from "../error.ts";
import { moduleLimitRules, pickModuleLimits, withLimits, withoutModuleLimits } from "../limits/limits.ts";
import type { ModuleLimits, WorkerLimits } from "../limits/limits.ts";
import { isCompiled } from "../module/module.ts";
import type { ModuleSource } from "../module/module.ts";
import { checkOptionRules } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";
import { checkOptions } from "../options.ts";
import type { RunResult } from "../result.ts";
import type { CachedModule } from "./cached-module.ts";
import type { PooledInstance, UnknownExports } from "./instance.ts";
import { createInstanceJob } from "./instance-job.ts";
import { createRunJob } from "./job.ts";
import type { JobRequest } from "./job-base.ts";
import type { PoolHost } from "./pool-host.ts";
import { closeOptionRules } from "./pool-options.ts";
import type { CloseOptions, PoolOptions, PoolRunOptions } from "./pool-options.ts";
import { isPrepared, requireNoModuleLimits } from "./prepared-module.ts";
import type { PreparedModule } from "./prepared-module.ts";
import { abortedError, createScheduler } from "./scheduler.ts";
import { createPoolCounter } from "./stats.ts";
import type { PoolStats } from "./stats.ts";

/** Workers that run modules, each one at a time. Idle workers do not keep the process alive. */
export interface Pool<Options = PoolRunOptions> {
  /**
   * Runs a command in the next free worker. Runs with the same `key` start in the
   * order in which they were asked for. A module that is given by its path is
   * compiled once, as long as the file does not change, and sent to each worker once.
   *
   * @throws WasiKitError as {@link run} does, `E_ABORTED` if its `signal` was
   * aborted before it began, `E_QUEUE_FULL`, `E_QUEUE_TIMEOUT`, `E_POOL_CLOSED`,
   * and `E_DESCRIPTORS` if the process has too few left for a single worker
   */
  run(source: ModuleSource | PreparedModule, options?: Options): Promise<RunResult>;
  /**
   * Instantiates a library in the next free worker, so that its functions can be
   * called. A library is a reactor, whose `_initialize` is called there, or a module
   * that needs only its imports. The instance occupies the worker until it is closed:
   * at most `size` instances are open at a time, and others wait in the queue.
   * `timeoutMs` and `maxCpuMs` apply to the start, and then to each call; other
   * limits apply to all calls together. `signal` ends the instance. When the pool is
   * closed, it closes its open instances.
   *
   * @typeParam Exports - what it exports, as TypeScript sees it: what `wasi-kit types` writes
   * @example
   * await using library = await pool.instantiate<{ add(a: number, b: number): number }>("library.wasm");
   * await library.exports.add(1, 2);
   * await library.call("add", [1, 2], { timeoutMs: 100 });
   *
   * @throws WasiKitError as {@link Pool.run} does, and `E_NOT_REACTOR` for a command
   * @throws GuestError if `_initialize` fails
   */
  instantiate<Exports = UnknownExports>(
    source: ModuleSource | PreparedModule,
    options?: Options,
  ): Promise<PooledInstance<Exports>>;
  /**
   * Compiles a module in other threads, so that neither this thread nor a run has to
   * wait. It helps most with bytes, which {@link Pool.run} compiles each time. If the
   * file changes later, runs still use what was compiled.
   *
   * @param limits - those that are put into the module. Default: those of the pool
   * @throws WasiKitError as {@link run} does for the module
   */
  prepare(source: ModuleSource, limits?: ModuleLimits): Promise<PreparedModule>;
  /** What the pool does now, and what it has done so far. */
  stats(): PoolStats;
  /**
   * Accepts no more runs, waits for the runs that it has, and terminates the workers.
   * With `abort`, or after `timeoutMs`, runs that have not begun fail with
   * `E_POOL_CLOSED`, and the others end with the outcome `aborted`.
   */
  close(options?: CloseOptions): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a pool on a host.
 *
 * @param rules - what each option of a run may be
 * @param limits - those of a run that sets no others
 */
export function startPoolOn<Options extends PoolRunOptions>(
  poolHost: PoolHost,
  rules: OptionRules<Options>,
  poolOptions: PoolOptions,
  limits: WorkerLimits,
): Pool<Options> {
  const { host, traceRun = (_source, _options, makeRun) => makeRun() } = poolHost;
  const modules = poolHost.createModules();
  const prepared = new WeakMap<PreparedModule, { readonly module: CachedModule; readonly limits: ModuleLimits }>();
  const scheduler = createScheduler(poolHost, poolOptions);
  const counter = createPoolCounter();

  /** A module, and the limits of a run of it that sets no others. */
  const findPrepared = (module: PreparedModule): { module: CachedModule; defaults: WorkerLimits } => {
    const found = prepared.get(module);
    if (found) return { module: found.module, defaults: { ...withoutModuleLimits(limits), ...found.limits } };
    throw new WasiKitError(
      "E_OPTION",
      `${module.name} was not prepared by this pool.\nPass what prepare() of the pool gave, or the module itself.`,
    );
  };
  /**
   * What a job is made of, of options that were checked, and its module.
   *
   * @throws WasiKitError `E_OPTION` for a limit that nothing here can keep, `E_ABORTED`, and as `loadModule` does
   */
  const requestFor = (
    source: ModuleSource | PreparedModule,
    given: PoolRunOptions,
  ): { request: JobRequest; module: CachedModule | Promise<CachedModule> } => {
    const { key = "", queueTimeoutMs: _queueTimeoutMs, ...ofRun } = given;
    const found = isPrepared(source) ? findPrepared(source) : undefined;
    const { timeoutMs, ...others } = found?.defaults ?? (isCompiled(source) ? withoutModuleLimits(limits) : limits);
    if ((given.maxCpuMs ?? Infinity) < Infinity && !poolHost.hasCpuTimes?.()) throw noCpuTimes();
    const options = withLimits(ofRun, others);
    if (options.signal?.aborted) throw abortedError(options.signal.reason);
    // The pool alone ends a run after the default time: for a worker to watch its own costs more than a short run takes.
    return {
      request: { key, options, timeoutMs: given.timeoutMs ?? timeoutMs },
      module: found?.module ?? modules.load(source as ModuleSource, options),
    };
  };
  const checkGiven = (source: ModuleSource | PreparedModule, given: Options, whose: string): void => {
    scheduler.requireOpen();
    checkOptions(given, rules, whose, host);
    if (isPrepared(source)) requireNoModuleLimits(source, given);
  };
  const countedRun = async (source: ModuleSource | PreparedModule, given: Options): Promise<RunResult> => {
    try {
      checkGiven(source, given, "run() of a pool");
      const { request, module } = requestFor(source, given);
      const job = createRunJob(host, request);
      await scheduler.add(job, module, given.queueTimeoutMs);
      const result = await job.result;
      counter.addResult(result);
      return result;
    } catch (error) {
      counter.addError(error);
      throw error;
    }
  };

  const instances = new Set<PooledInstance>();
  const instantiate = async (source: ModuleSource | PreparedModule, given: Options): Promise<PooledInstance> => {
    checkGiven(source, given, "instantiate() of a pool");
    const { request, module } = requestFor(source, given);
    const job = createInstanceJob(host, request);
    void scheduler.add(job, module, given.queueTimeoutMs);
    const instance = await job.opened;
    instances.add(instance);
    void job.result.finally(() => instances.delete(instance));
    return instance;
  };

  const close = async (how: CloseOptions): Promise<void> => {
    for (const instance of instances) void instance.close();
    await scheduler.close(how);
  };

  return {
    instantiate: (source, given = {} as Options) => instantiate(source, given) as Promise<never>,
    run: (source, given = {} as Options) => traceRun(source, given, () => countedRun(source, given)),
    async prepare(source, moduleLimits = {}) {
      scheduler.requireOpen();
      checkOptionRules(moduleLimits, moduleLimitRules, "prepare() of a pool");
      const all = pickModuleLimits(isCompiled(source) ? moduleLimits : withLimits(moduleLimits, limits));
      const module = await (modules.prepare ?? modules.load)(source, all);
      const handle = { name: module.loaded.name };
      prepared.set(handle, { module, limits: all });
      return handle;
    },
    stats: () => ({ ...scheduler.count(), ...counter.counts() }),
    async close(how = {}) {
      checkOptionRules(how, closeOptionRules, "close() of a pool");
      await close(how);
    },
    [asyncDispose]: () => close({}),
  };
}

const noCpuTimes = (): WasiKitError =>
  new WasiKitError(
    "E_OPTION",
    "maxCpuMs can't be kept on this host: it does not say how much CPU time a thread has used. Linux does.\n" +
      "Limit the time: timeoutMs.",
  );
