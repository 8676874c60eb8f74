import { MessageChannel, Worker } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { WasiKitError } from "../error.ts";
import { isStream } from "../options.ts";
import type { Ending } from "../result.ts";
import { isUnderWay, workerFailed } from "./descriptor-budget.ts";
import { aborted, workerOptions } from "./job.ts";
import type { Job } from "./job.ts";
import { inOwnRealm } from "../realm/own-realm.ts";
import type { Answer, Request, WorkerData } from "./messages.ts";
import { createRing, ringReader } from "./ring-buffer.ts";
import { serveStream } from "./stream-stdin.ts";
import { watchRun } from "./run-handle.ts";
import type { WatchedRun } from "./run-handle.ts";

/** A worker of a pool. */
export interface Member {
  /** How many runs it has made. */
  runs(): number;
  /** Whether it can make one. */
  isAlive(): boolean;
  /**
   * Makes a run, and tells the job how it went. Never fails.
   *
   * @returns whether the worker is as good as before
   */
  make(job: Job): Promise<boolean>;
  /** Ends the run that it is making, if any, and makes no other. */
  abort(): void;
  /** Ends the worker. */
  end(): Promise<unknown>;
}

/** Outcomes that leave a worker in the middle of what it was doing, or short of memory. */
const harmful: ReadonlySet<Ending["outcome"]> = new Set(["timed-out", "aborted", "out-of-memory"]);
/** As many modules as a worker keeps. */
const mostModules = 100;

/** Starts a worker. While it makes no run it does not keep the process alive. */
export function startMember(): Member {
  const rings = [createRing(), createRing()] as const;
  const requests = new Int32Array(new SharedArrayBuffer(4));
  // What this process was started with (a loader, say) is nothing to a worker that runs guests.
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData: { rings, requests } satisfies WorkerData,
    execArgv: [],
  });
  worker.unref();
  const known = new Set<number>();
  let runs = 0;
  let job: Job | undefined;
  let run: WatchedRun | undefined;
  let gone: Error | undefined;
  let isAborted = false;
  let isTerminated = false;

  const pass = (take: (it: Job) => (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
    try {
      if (job) take(job)(bytes);
    } catch (error) {
      run?.stop({ error });
    }
  };
  const readers = [
    ringReader(
      rings[0],
      pass((it) => it.takeOut),
    ),
    ringReader(
      rings[1],
      pass((it) => it.takeErr),
    ),
  ];
  const drain = (): void => {
    for (const read of readers) read();
  };

  const isReady = new Promise<void>((resolve) => {
    worker.on("message", (answer: Answer) => {
      if (answer.kind === "ready") resolve();
      else if (answer.kind === "output") drain();
      else run?.hear(inOwnRealm(answer));
    });
    const died = (error: Error): void => {
      gone ??= workerFailed(error);
      run?.died(gone);
      resolve();
    };
    worker.on("error", died);
    worker.on("exit", (code) => died(new Error(`A worker of the pool ended by itself, with exit code ${code}.`)));
  });

  void isUnderWay("starts", isReady);

  const send = (request: Request, transfer: readonly MessagePort[] = []): void => {
    worker.postMessage(request, transfer);
    Atomics.add(requests, 0, 1);
    Atomics.notify(requests, 0);
  };
  const terminate = (): Promise<unknown> => {
    isTerminated = true;
    return worker.terminate();
  };
  const stop = (): void => run?.stop({ outcome: "aborted" });

  /** A request, and what it takes to serve it until its end. */
  const requestFor = ({ module: { id, loaded }, options }: Job) => {
    const sendable = workerOptions(options);
    const forgets = known.size >= mostModules;
    if (forgets) known.clear();
    const isNew = !known.has(id);
    known.add(id);
    const request = { id, ...(isNew ? { loaded } : {}), forgets, options: sendable } satisfies Request;
    if (!isStream(options.stdin)) return { request, transfer: [], close() {} };

    const { port1, port2 } = new MessageChannel();
    const sent = new SharedArrayBuffer(4);
    serveStream(options.stdin, port1, sent, (error) => run?.stop({ error }));
    return { request: { ...request, input: { port: port2, sent } }, transfer: [port2], close: () => port1.close() };
  };

  return {
    runs: () => runs,
    isAlive: () => gone === undefined,
    async make(made) {
      runs++;
      worker.ref();
      await isReady;
      const { signal, timeoutMs } = made.options;
      try {
        if (gone) throw gone;
        if (isAborted || signal?.aborted) throw aborted(signal?.reason);
        const { request, transfer, close } = requestFor(made);
        [job, run] = [made, watchRun(terminate, timeoutMs)];
        signal?.addEventListener("abort", stop);
        send(request, transfer);
        const over = await run.over;
        close();
        drain();
        if ("error" in over) throw over.error;
        made.finish(over.ending, over.figures);
        // A run may come to its end just as its worker is terminated: the worker will be gone all the same.
        return !isTerminated && !harmful.has(over.ending.outcome);
      } catch (error) {
        made.fail(error);
        return !isTerminated && error instanceof WasiKitError;
      } finally {
        signal?.removeEventListener("abort", stop);
        [job, run] = [undefined, undefined];
        worker.unref();
      }
    },
    abort() {
      isAborted = true;
      stop();
    },
    end() {
      const ended = terminate();
      void isUnderWay("ends", ended);
      return ended;
    },
  };
}
