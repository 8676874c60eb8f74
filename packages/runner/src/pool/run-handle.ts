import { WasiKitError } from "../error.ts";
import type { ErrorCode } from "../error.ts";
import type { Ending, Figures } from "../result.ts";
import type { Answer } from "./messages.ts";
import { resolvable } from "./promise-with-resolvers.ts";

/** A run that a worker is making, as the pool sees it. */
export interface WatchedRun {
  /** To be told what the worker says of the run. */
  hear(answer: Exclude<Answer, { kind: "ready" | "output" }>): void;
  /** To be told that the worker is no more, and why. */
  died(error: Error): void;
  /** Ends the run. The first reason counts. */
  stop(why: Stop): void;
  /** What came of it. Never fails. */
  over: Promise<Over>;
}

/** Why a run is ended from outside: for an outcome, or because something failed on this side. */
type Stop = { readonly outcome: "aborted" | "timed-out" } | { readonly error: unknown };

/** What came of a run, or the error that there is instead. */
type Over = { readonly ending: Ending; readonly figures: Figures } | { readonly error: unknown };

/** How long after its time a run may take to end itself, in milliseconds. */
const graceMs = 75;
/** How long a thread may take to end, in milliseconds. */
const hangMs = 1000;
const longestTimer = 2_147_483_647;

/**
 * Waits for the end of a run, or makes an end: by its time (a worker sees to
 * that itself, unless it hangs in a call of the system) or when it is told.
 */
export function watchRun(terminate: () => Promise<unknown>, timeoutMs: number = Infinity): WatchedRun {
  const started = performance.now();
  const figures = (memoryBytes: number): Figures => ({ durationMs: performance.now() - started, memoryBytes });
  let why: Stop | undefined;
  const { promise: over, resolve } = resolvable<Over>();
  /** Ends the thread: Node closes the descriptors that it had opened. What the guest did until then stays done. */
  const stop = (reason: Stop): void => {
    if (why) return;
    why = reason;
    const settle = (): void => resolve("error" in reason ? reason : { ending: reason, figures: figures(0) });
    void terminate().finally(settle);
    // A thread that hangs in the system (a network drive, say) can't be ended.
    setTimeout(settle, hangMs).unref();
  };
  const limit = timeoutMs + graceMs;
  const timer = limit < longestTimer ? setTimeout(stop, limit, { outcome: "timed-out" }) : undefined;

  return {
    hear(answer) {
      // A run that came to its end before it was ended has; but an error on this side is one all the same.
      if (why && "error" in why) resolve(why);
      else resolve(answer.kind === "ended" ? answer : { error: revive(answer) });
    },
    died(error) {
      if (why) return;
      const isFull = (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
      resolve(isFull ? { ending: { outcome: "out-of-memory" }, figures: figures(0) } : { error });
    },
    stop,
    over: over.finally(() => clearTimeout(timer)),
  };
}

function revive({ code, message, stack }: Extract<Answer, { kind: "failed" }>): Error {
  if (code !== undefined) return new WasiKitError(code as ErrorCode, message);
  return Object.assign(new Error(message), { stack });
}
