import type { CallCounts } from "../explain/call-counts.ts";
import type { LoadedModule } from "../module/module.ts";
import type { InstanceRequest, RunEnd, WorkerOptions } from "./messages.ts";
import type { StreamStdin } from "./stream-stdin.ts";

// What a pool and its threads of Node.js send to each other.

/** What a thread starts with. */
export interface ThreadSetup {
  /** Where it writes the output of guests: stdout, then stderr. */
  ringBuffers: readonly [SharedArrayBuffer, SharedArrayBuffer];
  /** Where the calls of the guest are counted. */
  counts: CallCounts;
  /** How many requests were sent to it, to wait on. */
  requestCount: Int32Array;
}

/** A pool's request to a thread. */
export type ThreadRequest = ModuleRequest | InstanceRequest;

/** A request for a run of a command, or for an instance of a library. */
export interface ModuleRequest {
  kind: "run" | "instantiate";
  /** The module's number. */
  id: number;
  /** The module, if the thread does not have it yet. */
  loaded?: LoadedModule;
  /** Whether to drop all modules that the thread has. */
  clearsModules: boolean;
  options: WorkerOptions;
  /** Where to read stdin from, if it is a stream. */
  stdin?: StreamStdin;
}

/** A thread's message to its pool. */
export type ThreadMessage =
  /** It has started; and its name in /proc, if there is one. */
  | { kind: "ready"; thread: string | undefined }
  /** There is something in a ring buffer. */
  | { kind: "output" }
  | RunEnd;
