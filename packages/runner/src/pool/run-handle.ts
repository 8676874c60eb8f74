import { WasiKitError } from "../error.ts";
import type { ErrorCode } from "../error.ts";
import type { Interruption } from "../limits/call-with-limits.ts";
import type { CompletedRun, RunReport } from "../result.ts";
import type { WorkerMessage } from "./messages.ts";
import { promiseWithResolvers } from "./promise-with-resolvers.ts";

/** A run in a worker, as the pool sees it. */
export interface RunHandle {
  /** Takes what the worker says of the run. */
  onMessage(message: Exclude<WorkerMessage, { kind: "ready" | "output" }>): void;
  /** Takes why the worker is gone. */
  onExit(error: Error): void;
  /** Ends the run. The first reason counts. */
  stop(reason: StopReason): void;
  /** The completed run, or the error because of which there is none. Never rejects. */
  done: Promise<CompletedRun | RunFailure>;
}

/** Why a run is ended from outside: for an outcome, or because something failed on this side. */
type StopReason = { readonly outcome: Interruption } | RunFailure;

interface RunFailure {
  readonly error: unknown;
}

/** How long after its timeout a run may take to end by itself. */
const graceMs = 75;
/** How long a thread may take to terminate. */
const terminationTimeoutMs = 1000;
/** The longest delay that `setTimeout` takes. */
const maxTimerMs = 2_147_483_647;

/**
 * Waits for the end of a run, or ends it: at its timeout (a worker does that
 * itself, unless it hangs in a system call), or when `stop` is called.
 *
 * @param terminate - terminates the worker
 */
export function createRunHandle(terminate: () => Promise<unknown>, timeoutMs: number = Infinity): RunHandle {
  const started = performance.now();
  // The worker was terminated, and with it the memory and all that it knew.
  const report = (): RunReport => ({ durationMs: performance.now() - started, memoryBytes: 0 });
  let reason: StopReason | undefined;
  const { promise, resolve } = promiseWithResolvers<CompletedRun | RunFailure>();
  /** Terminates the thread: Node closes the descriptors that it had opened. What the guest did until then stays done. */
  const stop = (why: StopReason): void => {
    if (reason) return;
    reason = why;
    const settle = (): void => resolve("error" in why ? why : { termination: why, report: report() });
    void terminate().finally(settle);
    // A thread that hangs in the system (a network drive, say) can't be terminated.
    setTimeout(settle, terminationTimeoutMs).unref();
  };
  const limit = timeoutMs + graceMs;
  const timer = limit < maxTimerMs ? setTimeout(stop, limit, { outcome: "timed-out" }) : undefined;

  return {
    onMessage(message) {
      // A run that completed before it was stopped has completed; but an error on this side is one all the same.
      if (reason && "error" in reason) resolve(reason);
      else if (message.kind === "failed") resolve({ error: deserializeError(message) });
      else resolve({ termination: message.termination, report: message.report });
    },
    onExit(error) {
      if (reason) return;
      const isFull = (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
      resolve(isFull ? { termination: { outcome: "out-of-memory" }, report: report() } : { error });
    },
    stop,
    done: promise.finally(() => clearTimeout(timer)),
  };
}

function deserializeError({ code, message, stack }: Extract<WorkerMessage, { kind: "failed" }>): Error {
  if (code !== undefined) return new WasiKitError(code as ErrorCode, message);
  return Object.assign(new Error(message), { stack });
}
