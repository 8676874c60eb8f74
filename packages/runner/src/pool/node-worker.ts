import { MessageChannel, Worker } from "node:worker_threads";
import type { MessagePort, ResourceLimits } from "node:worker_threads";
import { WasiKitError } from "../error.ts";
import { GuestError } from "../guest/guest-error.ts";
import { callCountsBytes, cpuMsAt, createCallCounts, statsOf } from "../explain/call-counts.ts";
import { nodeHost } from "../host/node.ts";
import { cpuMsOf } from "../host/thread-cpu-time.ts";
import type { LoadedModule } from "../module/module.ts";
import { inOwnRealm } from "../realm/own-realm.ts";
import { describeTermination } from "../result.ts";
import type { Outcome } from "../outcome.ts";
import type { CompletedRun } from "../result.ts";
import type { CachedModule } from "./cached-module.ts";
import { explainStartFailure, trackPending } from "./descriptor-budget.ts";
import { workerOptions } from "./job.ts";
import type { InstanceSession, OpenInstance } from "./instance.ts";
import type { InstanceJob } from "./instance-job.ts";
import type { Job, RunJob } from "./job.ts";
import type { PooledWorker } from "./pool-host.ts";
import { BrokenStream } from "./output-writer.ts";
import type { PoolOptions } from "./pool-options.ts";
import { promiseWithResolvers } from "./promise-with-resolvers.ts";
import { createRingBuffer, createRingReader } from "./ring-buffer.ts";
import type { RingReader } from "./ring-buffer.ts";
import { createRunHandle } from "./run-handle.ts";
import type { RunFailure, RunHandle } from "./run-handle.ts";
import { settleJob } from "./settle-job.ts";
import { serveStream } from "./stream-stdin.ts";
import { watchCpuTime } from "./watch-cpu-time.ts";
import type { ThreadMessage, ThreadRequest, ThreadSetup } from "./thread-messages.ts";

/** Outcomes that leave a worker in the middle of what it was doing, or short of memory. */
const unusableAfter: ReadonlySet<Outcome> = new Set(["timed-out", "cpu-limit", "aborted", "out-of-memory"]);
/** How long after its timeout a run may take to end by itself: the thread ends it, unless it hangs in a system call. */
const graceMs = 75;
/** How many modules a worker keeps. */
const maxModules = 100;

/** A heap's parts: the young generation is for objects that were just made. */
const heapLimits = (bytes: number): ResourceLimits => {
  const all = Math.floor(bytes / 2 ** 20);
  const young = Math.min(48, Math.floor(all / 4));
  return { maxYoungGenerationSizeMb: young, maxOldGenerationSizeMb: all - young };
};

/** Starts a worker. Once it has started, it keeps the process alive only while it makes a run. */
export function startWorker({ maxHeapBytes = Infinity }: PoolOptions): PooledWorker {
  const ringBuffers = [createRingBuffer(), createRingBuffer()] as const;
  const requestCount = new Int32Array(new SharedArrayBuffer(4));
  const counts = createCallCounts(new SharedArrayBuffer(callCountsBytes));
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData: { ringBuffers, requestCount, counts } satisfies ThreadSetup,
    // The flags of this process (a loader, say) are of no use to a worker that runs guests.
    execArgv: [],
    ...(maxHeapBytes === Infinity ? {} : { resourceLimits: heapLimits(maxHeapBytes) }),
  });
  const sentModules = new Set<number>();
  /** Its name in /proc. */
  let thread: string | undefined;
  let runs = 0;
  let current: { readonly job: Job; readonly handle: RunHandle } | undefined;
  /** The instance that it has. */
  let held: OpenInstance | undefined;
  let exitError: Error | undefined;
  let isTerminated = false;

  const readerOf = (name: "stdout" | "stderr", buffer: SharedArrayBuffer): RingReader => {
    const reader: RingReader = createRingReader(buffer, (bytes) => {
      const run = current;
      return run?.job[name].write(bytes, (error) => {
        // The worker is to notice that by itself, so that its result is a whole one.
        if (error instanceof BrokenStream) reader.setBroken(true);
        else run.handle.stop({ error });
      });
    });
    return reader;
  };
  const readers = [readerOf("stdout", ringBuffers[0]), readerOf("stderr", ringBuffers[1])];
  const readOutput = (): void => {
    for (const reader of readers) reader.read();
  };
  const drainOutput = (): Promise<unknown> | undefined => {
    const draining = readers.flatMap((reader) => reader.drain() ?? []);
    return draining.length > 0 ? Promise.all(draining) : undefined;
  };

  const started = new Promise<Error | undefined>((resolve) => {
    worker.on("message", (message: ThreadMessage) => {
      if (message.kind === "ready") {
        thread = message.thread;
        // One that is being terminated keeps the process alive until that is done.
        if (!isTerminated) worker.unref();
        resolve(undefined);
      } else if (message.kind === "output") readOutput();
      else current?.handle.onMessage(inOwnRealm(message));
    });
    const onExit = (error: Error): void => {
      exitError ??= explainStartFailure(error);
      current?.handle.onExit(exitError);
      if (!isTerminated) held?.lose("its worker ended by itself");
      resolve(exitError);
    };
    worker.on("error", onExit);
    worker.on("exit", (code) => onExit(new Error(`A worker of the pool ended by itself, with exit code ${code}.`)));
  });

  void trackPending("starts", started);

  const send = (request: ThreadRequest, transfer: readonly MessagePort[] = []): void => {
    worker.postMessage(request, transfer);
    Atomics.add(requestCount, 0, 1);
    Atomics.notify(requestCount, 0);
  };
  const terminate = (): Promise<unknown> => {
    isTerminated = true;
    return worker.terminate();
  };
  /** The CPU time of what it is doing. Undefined if that has not begun, or the host does not say. */
  const cpuMs = (): number | undefined => {
    const before = counts[cpuMsAt] as number;
    const now = thread === undefined || before === 0 ? undefined : cpuMsOf(thread);
    return now === undefined ? undefined : now - before;
  };
  /** Ends a run that uses up its CPU time; that takes at least as long, so that its time may be up before. */
  const watchCpu = (maxCpuMs: number = Infinity, timeoutMs: number, { stop: end }: RunHandle): (() => void) =>
    thread === undefined || maxCpuMs >= timeoutMs
      ? () => {}
      : watchCpuTime(thread, maxCpuMs, () => end({ outcome: "cpu-limit", limit: "maxCpuMs" }));
  /** Ends what it is doing; or the instance that it has, if that does nothing. */
  const stop = (): void => {
    if (current) current.handle.stop({ outcome: "aborted" });
    else held?.lose("its signal was aborted, or its pool was closed");
  };

  /** A request, and what it takes to serve it until its end. */
  const requestFor = ({ kind, options, input }: Job, { id, loaded }: CachedModule) => {
    const sendable = workerOptions(options, nodeHost);
    const clearsModules = sentModules.size >= maxModules;
    if (clearsModules) sentModules.clear();
    const isNew = !sentModules.has(id);
    sentModules.add(id);
    const what = kind === "run" ? kind : "instantiate";
    const request = {
      kind: what,
      id,
      ...(isNew ? { loaded } : {}),
      clearsModules,
      options: sendable,
    } satisfies ThreadRequest;
    if (!input) return { request, transfer: [], close() {} };

    const { port1, port2 } = new MessageChannel();
    const sentCount = new SharedArrayBuffer(4);
    serveStream(input, port1, sentCount, (error) => current?.handle.stop({ error }));
    return {
      request: { ...request, stdin: { port: port2, sentCount } },
      transfer: [port2],
      close: () => port1.close(),
    };
  };

  /** Asks the thread, and waits for its answer or ends it. */
  const ask = async (
    job: Job,
    request: ThreadRequest,
    timeoutMs: number = Infinity,
    transfer: readonly MessagePort[] = [],
  ): Promise<CompletedRun | RunFailure> => {
    if (exitError) return { error: exitError };
    worker.ref();
    const handle = createRunHandle(
      { terminate, drainOutput, cpuMs, stats: () => statsOf(counts) },
      timeoutMs + (request.kind === "run" ? graceMs : 0),
    );
    current = { job, handle };
    const stopWatching = watchCpu(job.options.maxCpuMs, timeoutMs, handle);
    send(request, transfer);
    const done = await handle.done;
    stopWatching();
    readOutput();
    current = undefined;
    worker.unref();
    return done;
  };
  /** The first request of a job. */
  const begin = async (
    job: Job,
    module: CachedModule,
  ): Promise<{ readonly done: CompletedRun | RunFailure; close(): void }> => {
    const { request, transfer, close } = requestFor(job, module);
    job.begin();
    for (const reader of readers) reader.setBroken(false);
    counts.fill(0);
    return { done: await ask(job, request, job.timeoutMs, transfer), close };
  };
  const run = (job: RunJob, module: CachedModule): Promise<boolean> => {
    const make = async (): Promise<CompletedRun | RunFailure> => {
      const { done, close } = await begin(job, module);
      close();
      return done;
    };
    return settleJob(job, module.loaded, { make, stop, unusableAfter });
  };
  const isAlive = (): boolean => exitError === undefined && !isTerminated;
  const hold = async (job: InstanceJob, module: CachedModule): Promise<boolean> => {
    const { signal } = job.options;
    signal?.addEventListener("abort", stop);
    try {
      const { done, close } = await begin(job, module);
      const hasStarted = await holdStarted(job, module.loaded, done);
      close();
      return hasStarted;
    } catch (error) {
      job.reject(error);
      return error instanceof WasiKitError;
    } finally {
      signal?.removeEventListener("abort", stop);
      held = undefined;
      job.finish();
    }
  };
  /** Keeps an instance until it is ended. */
  const holdStarted = async (
    job: InstanceJob,
    loaded: LoadedModule,
    start: CompletedRun | RunFailure,
  ): Promise<boolean> => {
    if ("error" in start) throw start.error;
    let outcome = start.termination.outcome;
    if (!start.returned) {
      job.reject(new GuestError(`${loaded.name}: its start`, describeTermination(start.termination, loaded, nodeHost)));
      return !unusableAfter.has(outcome);
    }
    const { promise: ended, resolve: end } = promiseWithResolvers<undefined>();
    const session: InstanceSession = {
      async ask(request, { timeoutMs, signal }) {
        signal?.addEventListener("abort", stop);
        const done = await ask(job, request, timeoutMs ?? job.timeoutMs);
        signal?.removeEventListener("abort", stop);
        if (!("error" in done)) outcome = done.termination.outcome;
        return done;
      },
      isAlive,
      end: () => end(undefined),
      ended: job.result,
    };
    held = job.open(session, loaded, start.returned.value as string[]);
    await ended;
    if (!isAlive() || unusableAfter.has(outcome)) return false;
    await ask(job, { kind: "close" });
    return true;
  };

  return {
    started,
    runs: () => runs,
    isAlive: () => exitError === undefined,
    async run(job, module) {
      runs++;
      const isReusable = job.kind === "run" ? await run(job, module) : await hold(job, module);
      // A run may complete just as its worker is terminated: the worker is gone all the same.
      return isReusable && !isTerminated;
    },
    abort: stop,
    terminate() {
      const terminated = terminate();
      void trackPending("ends", terminated);
      return terminated;
    },
  };
}
