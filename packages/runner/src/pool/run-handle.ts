import type { RunStats } from "../explain/call-counts.ts";
import type { Interruption, LimitName } from "../limits/limits.ts";
import type { CompletedRun, RunReport } from "../result.ts";
import { receivedRun } from "./errors.ts";
import { receivedError } from "./sent-error.ts";
import type { RunEnd } from "./messages.ts";
import { promiseWithResolvers } from "./promise-with-resolvers.ts";
import { callAfter } from "./timer.ts";

/** A run in a worker, as the pool sees it. */
export interface RunHandle {
  /** Takes what the worker says of the run. */
  onMessage(message: RunEnd): void;
  /** Takes why the worker is gone. */
  onExit(error: Error): void;
  /** Ends the run. The first reason counts. */
  stop(reason: StopReason): void;
  /** The completed run, or the error because of which there is none. Never rejects. */
  done: Promise<CompletedRun | RunFailure>;
}

/** Why a run is ended from outside: for an outcome, or because something failed on this side. */
type StopReason = { readonly outcome: Interruption | "cpu-limit"; readonly limit?: LimitName } | RunFailure;

export interface RunFailure {
  readonly error: unknown;
}

/** How long a thread may take to terminate. */
const terminationTimeoutMs = 1000;

/** The worker that makes a run. */
interface RunWorker {
  terminate(): Promise<unknown>;
  /** Waits until what the guest wrote was taken: a run has not completed before that. Default: nothing to wait for. */
  drainOutput?(): Promise<unknown> | undefined;
  /** The CPU time of the run so far, in milliseconds. Default: not known. */
  cpuMs?(): number | undefined;
  /** What the calls of the guest amount to so far. Default: not known. */
  stats?(): RunStats;
}

/** Waits for the end of a run, or ends it: after so many milliseconds, or when `stop` is called. */
export function createRunHandle(
  { terminate, drainOutput = () => undefined, cpuMs = () => undefined, stats }: RunWorker,
  timeoutMs: number = Infinity,
): RunHandle {
  const started = performance.now();
  let cpuUsed: number | undefined;
  // The worker was terminated, and with it the memory and all that it knew.
  const report = (): RunReport => ({
    durationMs: performance.now() - started,
    ...(cpuUsed === undefined ? {} : { cpuMs: cpuUsed }),
    memoryBytes: 0,
    ...(stats ? { stats: stats() } : {}),
  });
  let reason: StopReason | undefined;
  const { promise, resolve } = promiseWithResolvers<CompletedRun | RunFailure>();
  /** Terminates the thread: Node closes the descriptors that it had opened. What the guest did until then stays done. */
  const stop = (why: StopReason): void => {
    if (reason) return;
    reason = why;
    cpuUsed = cpuMs();
    const settle = (): void => resolve("error" in why ? why : { termination: why, report: report() });
    // A thread that hangs in the system (a network drive, say) can't be terminated.
    const forced = setTimeout(settle, terminationTimeoutMs);
    void terminate().finally(() => {
      clearTimeout(forced);
      settle();
    });
  };
  const cancelTimeout = callAfter(timeoutMs, () => stop({ outcome: "timed-out", limit: "timeoutMs" }));

  const complete = (message: RunEnd): void => {
    // A run that completed before it was stopped has completed; but an error on this side is one all the same.
    if (reason && "error" in reason) resolve(reason);
    else if (message.kind === "failed") resolve({ error: receivedError(message) });
    else resolve(receivedRun(message));
  };

  return {
    onMessage(message) {
      const draining = drainOutput();
      if (draining) void draining.finally(() => complete(message));
      else complete(message);
    },
    onExit(error) {
      if (reason) return;
      const isFull = (error as { code?: string }).code === "ERR_WORKER_OUT_OF_MEMORY";
      resolve(
        isFull ? { termination: { outcome: "out-of-memory", limit: "maxHeapBytes" }, report: report() } : { error },
      );
    },
    stop,
    done: promise.finally(cancelTimeout),
  };
}
