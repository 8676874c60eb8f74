import type { SyncRunOptions } from "../options.ts";
import type { CompletedRun } from "../result.ts";
import type { SentError } from "./sent-error.ts";

// What a pool and its workers send to each other, in threads of Node.js and in web workers.

/** Options as they can be sent. */
export interface WorkerOptions extends Omit<SyncRunOptions, "stdout" | "stderr" | "imports"> {
  stdout: WorkerOutput;
  stderr: WorkerOutput;
  /** The URL of a module that has the functions. */
  imports?: string;
}

/**
 * Where a guest's output goes: to a descriptor, or else into a ring buffer.
 * `"call"` stands for a function, which the pool has and has to call at once.
 */
export type WorkerOutput = "capture" | "call" | { readonly fd: number };

/** What a worker that has an instance of a library is asked. It answers with a {@link RunEnd}. */
export type InstanceRequest =
  | { readonly kind: "call"; readonly name: string; readonly args: readonly unknown[] }
  /** A method of the guest as functions of the host see it. */
  | { readonly kind: "memory"; readonly method: "bytes" | "text" | "write"; readonly args: readonly unknown[] }
  | { readonly kind: "close" };

/** What a worker says at the end of a run, or of a call. */
export type RunEnd =
  | ({ kind: "completed" } & CompletedRun)
  /** The run could not start, with a code of a `WasiKitError`; or there is a defect of ours, without one. */
  | ({ kind: "failed" } & SentError);
