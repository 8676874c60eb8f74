import type { LoadedModule } from "../module/module.ts";
import type { RunEnd, WorkerOptions } from "../pool/messages.ts";

// What a pool and its web workers send to each other.

/** A pool's request to a worker: a run. */
export interface WebRequest {
  loaded: LoadedModule;
  options: WorkerOptions;
}

/** What a guest wrote. */
export interface OutputMessage {
  kind: "output";
  stream: "stdout" | "stderr";
  bytes: Uint8Array<ArrayBuffer>;
}

/** A worker's message to its pool. */
export type WebMessage =
  /** It has started. */
  { kind: "ready" } | OutputMessage | RunEnd;
