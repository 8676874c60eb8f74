import type { LoadedModule } from "../module/load-module.ts";
import type { SyncRunOptions } from "../options.ts";
import type { Ending, Figures } from "../result.ts";
import type { StreamInput } from "./stream-stdin.ts";

// What a pool and its workers say to each other.

/** What a worker is given at its start. */
export interface WorkerData {
  /** Where it puts what guests write to stdout and to stderr. */
  rings: readonly [SharedArrayBuffer, SharedArrayBuffer];
  /** How many requests were sent to it, to wait on. */
  requests: Int32Array;
}

/** What a pool asks of a worker: a run. */
export interface Request {
  /** The module's number. */
  id: number;
  /** The module, where the worker does not have it yet. */
  loaded?: LoadedModule;
  /** Whether to forget the modules it has. */
  forgets: boolean;
  options: WorkerOptions;
  /** Where stdin is a stream. */
  input?: StreamInput;
}

/** Options as they can be sent: `"call"` stands for a function that the pool has. */
export interface WorkerOptions extends Omit<SyncRunOptions, "stdout" | "stderr"> {
  stdout: WorkerOutput;
  stderr: WorkerOutput;
}

/** Where a guest's output goes, for a worker: but for a descriptor, all goes into a ring. */
export type WorkerOutput = "capture" | "call" | { readonly fd: number };

/** What a worker answers. */
export type Answer =
  /** It has started. */
  | { kind: "ready" }
  /** There is something in a ring. */
  | { kind: "output" }
  | { kind: "ended"; ending: Ending; figures: Figures }
  /** It could not start, for a reason of the user's (with a code) or a defect of ours. */
  | { kind: "failed"; code: string | undefined; message: string; stack: string | undefined };
