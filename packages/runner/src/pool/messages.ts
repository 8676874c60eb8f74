import type { LoadedModule } from "../module/load-module.ts";
import type { SyncRunOptions } from "../options.ts";
import type { CompletedRun } from "../result.ts";
import type { StreamStdin } from "./stream-stdin.ts";

// What a pool and its workers send to each other.

/** What a worker starts with. */
export interface WorkerSetup {
  /** Where it writes the output of guests: stdout, then stderr. */
  ringBuffers: readonly [SharedArrayBuffer, SharedArrayBuffer];
  /** How many requests were sent to it, to wait on. */
  requestCount: Int32Array;
}

/** A pool's request to a worker: a run. */
export interface RunRequest {
  /** The module's number. */
  id: number;
  /** The module, if the worker does not have it yet. */
  loaded?: LoadedModule;
  /** Whether to drop all modules that the worker has. */
  clearsModules: boolean;
  options: WorkerOptions;
  /** Where to read stdin from, if it is a stream. */
  stdin?: StreamStdin;
}

/** Options as they can be sent. */
export interface WorkerOptions extends Omit<SyncRunOptions, "stdout" | "stderr"> {
  stdout: WorkerOutput;
  stderr: WorkerOutput;
}

/**
 * Where a guest's output goes: to a descriptor, or else into a ring buffer.
 * `"call"` stands for a function, which the pool has and has to call at once.
 */
export type WorkerOutput = "capture" | "call" | { readonly fd: number };

/** A worker's message to its pool. */
export type WorkerMessage =
  /** It has started. */
  | { kind: "ready" }
  /** There is something in a ring buffer. */
  | { kind: "output" }
  | ({ kind: "completed" } & CompletedRun)
  /** The run could not start, with a code of a `WasiKitError`; or there is a defect of ours, without one. */
  | { kind: "failed"; code: string | undefined; message: string; stack: string | undefined };
