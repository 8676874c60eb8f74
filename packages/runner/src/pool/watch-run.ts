import { WasiKitError } from "../error.ts";
import type { ErrorCode } from "../error.ts";
import type { Ending, Figures } from "../result.ts";
import { interrupt } from "./interrupt.ts";
import type { Answer, Request } from "./protocol.ts";
import { resolvable } from "./resolvable.ts";

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
/** How long a worker that was stopped may take to close what the guest left open. */
const settlingMs = 1000;
const longestTimer = 2_147_483_647;

/**
 * Waits for the end of a run, or makes an end: by its time (a worker sees to
 * that itself, unless it hangs in a call of the system) or when it is told.
 */
export function watchRun(threadId: number, send: (request: Request) => void, timeoutMs: number = Infinity): WatchedRun {
  const started = performance.now();
  const figures = (memoryBytes: number): Figures => ({ durationMs: performance.now() - started, memoryBytes });
  let why: Stop | undefined;
  let said: Over | undefined;
  const { promise: over, resolve } = resolvable<Over>();

  /** What came of a run that was stopped, unless it had ended by then. */
  const stopped = (memoryBytes: number): Over => {
    if (!why || "error" in why) return why ?? { error: new Error("A run was stopped for no reason.") };
    return said ?? { ending: why, figures: figures(memoryBytes) };
  };
  const stop = async (reason: Stop): Promise<void> => {
    if (why) return;
    why = reason;
    const isAsked = await interrupt(threadId);
    if (isAsked) send({ kind: "settle" });
    // A worker that hangs in a call of the system can't be had back.
    setTimeout(() => resolve(stopped(0)), isAsked ? settlingMs : 0).unref();
  };
  const limit = timeoutMs + graceMs;
  const timer = limit < longestTimer ? setTimeout(stop, limit, { outcome: "timed-out" }) : undefined;

  return {
    hear(answer) {
      if (answer.kind === "settled") return resolve(stopped(answer.memoryBytes));
      said = answer.kind === "ended" ? answer : { error: revive(answer) };
      // A worker that is being stopped has one more thing to say.
      if (!why) resolve(said);
    },
    died(error) {
      if (why) return resolve(stopped(0));
      const isFull = (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
      resolve(isFull ? { ending: { outcome: "out-of-memory" }, figures: figures(0) } : { error });
    },
    stop: (reason) => void stop(reason),
    over: over.finally(() => clearTimeout(timer)),
  };
}

function revive({ code, message, stack }: Extract<Answer, { kind: "failed" }>): Error {
  if (code !== undefined) return new WasiKitError(code as ErrorCode, message);
  return Object.assign(new Error(message), { stack });
}
