import { MessageChannel, Worker } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { WasiKitError } from "../error.ts";
import { isStream } from "../options.ts";
import { inOwnRealm } from "../realm/own-realm.ts";
import type { Outcome } from "../result.ts";
import { explainStartFailure, trackPending } from "./descriptor-budget.ts";
import { abortedError, workerOptions } from "./job.ts";
import type { Job } from "./job.ts";
import type { RunRequest, WorkerMessage, WorkerSetup } from "./messages.ts";
import { createRingBuffer, createRingReader } from "./ring-buffer.ts";
import { createRunHandle } from "./run-handle.ts";
import type { RunHandle } from "./run-handle.ts";
import { serveStream } from "./stream-stdin.ts";

/** A worker of a pool. */
export interface PooledWorker {
  /** How many runs it has made. */
  runs(): number;
  /** Whether it can make another one. */
  isAlive(): boolean;
  /**
   * Makes a run, and settles the job. Never rejects.
   *
   * @returns whether the worker can be used again
   */
  run(job: Job): Promise<boolean>;
  /** Ends the run that it is making, if any. It makes no other. */
  abort(): void;
  terminate(): Promise<unknown>;
}

/** Outcomes that leave a worker in the middle of what it was doing, or short of memory. */
const unusableAfter: ReadonlySet<Outcome> = new Set(["timed-out", "aborted", "out-of-memory"]);
/** How many modules a worker keeps. */
const maxModules = 100;

/** Starts a worker. While it makes no run it does not keep the process alive. */
export function startWorker(): PooledWorker {
  const ringBuffers = [createRingBuffer(), createRingBuffer()] as const;
  const requestCount = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData: { ringBuffers, requestCount } satisfies WorkerSetup,
    // The flags of this process (a loader, say) are of no use to a worker that runs guests.
    execArgv: [],
  });
  worker.unref();
  const sentModules = new Set<number>();
  let runs = 0;
  let current: { readonly job: Job; readonly handle: RunHandle } | undefined;
  let exitError: Error | undefined;
  let isAborted = false;
  let isTerminated = false;

  const pass = (listenerOf: (job: Job) => (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
    try {
      if (current) listenerOf(current.job)(bytes);
    } catch (error) {
      current?.handle.stop({ error });
    }
  };
  const readStdout = createRingReader(
    ringBuffers[0],
    pass((job) => job.onStdout),
  );
  const readStderr = createRingReader(
    ringBuffers[1],
    pass((job) => job.onStderr),
  );
  const readOutput = (): void => {
    readStdout();
    readStderr();
  };

  const isReady = new Promise<void>((resolve) => {
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "ready") resolve();
      else if (message.kind === "output") readOutput();
      else current?.handle.onMessage(inOwnRealm(message));
    });
    const onExit = (error: Error): void => {
      exitError ??= explainStartFailure(error);
      current?.handle.onExit(exitError);
      resolve();
    };
    worker.on("error", onExit);
    worker.on("exit", (code) => onExit(new Error(`A worker of the pool ended by itself, with exit code ${code}.`)));
  });

  void trackPending("starts", isReady);

  const send = (request: RunRequest, transfer: readonly MessagePort[] = []): void => {
    worker.postMessage(request, transfer);
    Atomics.add(requestCount, 0, 1);
    Atomics.notify(requestCount, 0);
  };
  const terminate = (): Promise<unknown> => {
    isTerminated = true;
    return worker.terminate();
  };
  const stop = (): void => current?.handle.stop({ outcome: "aborted" });

  /** A request, and what it takes to serve it until its end. */
  const requestFor = ({ module: { id, loaded }, options }: Job) => {
    const sendable = workerOptions(options);
    const clearsModules = sentModules.size >= maxModules;
    if (clearsModules) sentModules.clear();
    const isNew = !sentModules.has(id);
    sentModules.add(id);
    const request = { id, ...(isNew ? { loaded } : {}), clearsModules, options: sendable } satisfies RunRequest;
    if (!isStream(options.stdin)) return { request, transfer: [], close() {} };

    const { port1, port2 } = new MessageChannel();
    const sentCount = new SharedArrayBuffer(4);
    serveStream(options.stdin, port1, sentCount, (error) => current?.handle.stop({ error }));
    return {
      request: { ...request, stdin: { port: port2, sentCount } },
      transfer: [port2],
      close: () => port1.close(),
    };
  };

  return {
    runs: () => runs,
    isAlive: () => exitError === undefined,
    async run(job) {
      runs++;
      worker.ref();
      await isReady;
      const { signal, timeoutMs } = job.options;
      try {
        if (exitError) throw exitError;
        if (isAborted || signal?.aborted) throw abortedError(signal?.reason);
        const { request, transfer, close } = requestFor(job);
        const handle = createRunHandle(terminate, timeoutMs);
        current = { job, handle };
        signal?.addEventListener("abort", stop);
        send(request, transfer);
        const done = await handle.done;
        close();
        readOutput();
        if ("error" in done) throw done.error;
        job.resolve(done);
        // A run may complete just as its worker is terminated: the worker is gone all the same.
        return !isTerminated && !unusableAfter.has(done.termination.outcome);
      } catch (error) {
        job.reject(error);
        return !isTerminated && error instanceof WasiKitError;
      } finally {
        signal?.removeEventListener("abort", stop);
        current = undefined;
        worker.unref();
      }
    },
    abort() {
      isAborted = true;
      stop();
    },
    terminate() {
      const terminated = terminate();
      void trackPending("ends", terminated);
      return terminated;
    },
  };
}
