import { availableParallelism } from "node:os";
import { asyncDispose } from "../realm/dispose-symbols.ts";
import { WasiKitError } from "../error.ts";
import type { ModuleSource } from "../module/load-module.ts";
import { checkOptions } from "../options.ts";
import type { RunOptions } from "../options.ts";
import type { RunResult } from "../result.ts";
import { atNextChange, tooFewDescriptors } from "./descriptor-budget.ts";
import { aborted, createJob } from "./job.ts";
import type { Job } from "./job.ts";
import { createModules } from "./module-cache.ts";
import { startMember } from "./pooled-worker.ts";
import type { Member } from "./pooled-worker.ts";

/** How a pool is made. */
export interface PoolOptions {
  /**
   * How many workers it has at most. Each is started when it is needed, and takes
   * 13 to 18 MB of memory and four or five descriptors. Where the process may have
   * no more of those (`ulimit -n`), the pool goes on with the workers that it has.
   * Default: one for each core.
   */
  size?: number;
  /** After how many runs a worker is replaced. Default: 10000. */
  runsPerWorker?: number;
}

/** Workers that run modules, one at a time each. While none does, they do not keep the process alive. */
export interface Pool {
  /**
   * Runs a command in the next worker that is free; who asked first goes first.
   * Modules that are named by their path are compiled once, as long as the
   * file does not change; so are compiled modules sent to a worker once.
   *
   * @throws WasiKitError as {@link run} does, `E_ABORTED` where its `signal`
   * was aborted before it began, `E_POOL_CLOSED`, and `E_DESCRIPTORS` where the
   * process has too few left for a single worker
   */
  run(source: ModuleSource, options?: RunOptions): Promise<RunResult>;
  /**
   * Takes no more runs, waits for those that it has, and ends the workers.
   * With `abort`, those that wait fail with `E_POOL_CLOSED`, and those that are
   * running are ended: their outcome is `aborted`.
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
export function createPool({ size = availableParallelism(), runsPerWorker = 10_000 }: PoolOptions = {}): Pool {
  for (const [name, value] of Object.entries({ size, runsPerWorker })) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new WasiKitError("E_OPTION", `${name} is ${value}. It can be a whole number above 0.`);
  }
  const modules = createModules();
  const waiting: Job[] = [];
  const members = new Set<Member>();
  const idle: Member[] = [];
  const unfinished = new Set<Promise<unknown>>();
  let isClosed = false;

  const hire = (): Member => {
    const member = startMember();
    members.add(member);
    return member;
  };
  const nextMember = (): Member | undefined => {
    // The one that has waited longest: one that was just hired is still starting.
    for (let member = idle.shift(); member; member = idle.shift()) {
      if (member.isAlive()) return member;
      members.delete(member);
    }
    return members.size < size && hasRoom() ? hire() : undefined;
  };
  let lastRefusal = -Infinity;
  /** Whether one more worker can be started; where none can be, and there is none, nobody will make the runs. */
  const hasRoom = (): boolean => {
    if (members.size > 0 && performance.now() - lastRefusal < askAgainMs) return false;
    const problem = tooFewDescriptors();
    if (!problem || atNextChange(next)) return !problem;
    lastRefusal = performance.now();
    if (members.size === 0) for (const job of waiting.splice(0)) job.fail(problem);
    return false;
  };
  const next = (): void => {
    while (waiting.length > 0) {
      const member = nextMember();
      if (!member) return;
      void employ(member, waiting.shift() as Job);
    }
  };
  const employ = async (member: Member, job: Job): Promise<void> => {
    const mayStay = await member.make(job);
    if (mayStay && member.runs() < runsPerWorker) idle.push(member);
    else {
      members.delete(member);
      void member.end();
      // At once, so that the next run need not wait for its start.
      if (!isClosed && hasRoom()) idle.push(hire());
    }
    next();
  };
  /** Takes a job out of the queue, unless it has begun. */
  const withdraw = (job: Job, error: WasiKitError): void => {
    const at = waiting.indexOf(job);
    if (at < 0) return;
    waiting.splice(at, 1);
    job.fail(error);
  };

  const run: Pool["run"] = async (source, options = {}) => {
    if (isClosed) throw closed();
    const { signal, maxMemoryBytes } = options;
    if (signal?.aborted) throw aborted(signal.reason);
    checkOptions(options);
    const job = createJob(modules.load(source, maxMemoryBytes), options);
    const onAbort = (): void => withdraw(job, aborted(signal?.reason));
    signal?.addEventListener("abort", onAbort);
    waiting.push(job);
    unfinished.add(job.result);
    next();
    try {
      return await job.result;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      unfinished.delete(job.result);
    }
  };

  const close: Pool["close"] = async ({ abort = false } = {}) => {
    isClosed = true;
    if (abort) {
      for (const job of waiting.splice(0)) job.fail(closed());
      for (const member of members) member.abort();
    }
    await Promise.allSettled(unfinished);
    await Promise.all(Array.from(members, (member) => member.end()));
    members.clear();
  };

  return { run, close, [asyncDispose]: () => close() };
}

/** Where there was no room for a worker, and others make the runs, it is looked for again after so long. */
const askAgainMs = 1000;

const closed = (): WasiKitError => new WasiKitError("E_POOL_CLOSED", "The pool was closed, and makes no more runs.");
