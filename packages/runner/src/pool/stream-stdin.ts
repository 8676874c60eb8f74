import { receiveMessageOnPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { WasiKitError } from "../error.ts";
import type { StdinReader } from "../options.ts";
import { errorText } from "../text/error-text.ts";
import type { InputChunks } from "./input-chunks.ts";

// A stream, read by a guest in a worker. The worker requests a chunk
// and waits; so the stream is read as far as the guest reads, and no further.

/** What the worker needs: where chunks come from, and the count of those that were sent, to wait on. */
export interface StreamStdin {
  port: MessagePort;
  sentCount: SharedArrayBuffer;
}

/**
 * Sends chunks to a worker that requests them, until the port is closed.
 *
 * @param onError - called with a stream's failure, or if it gave something else than text or bytes
 */
export function serveStream(
  chunks: InputChunks,
  port: MessagePort,
  sentCount: SharedArrayBuffer,
  onError: (error: WasiKitError) => void,
): void {
  const count = new Int32Array(sentCount);
  const send = async (): Promise<void> => {
    port.postMessage((await chunks.next()) ?? null);
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
  };
  port.on("message", () => {
    send().catch((cause: unknown) => {
      onError(new WasiKitError("E_STDIN", `The stream that is to be stdin failed: ${errorText(cause)}`, { cause }));
    });
  });
}

/** Reads the stream, for a guest in a worker. */
export function createStreamReader({ port, sentCount }: StreamStdin): StdinReader {
  const count = new Int32Array(sentCount);
  let received = 0;
  let isRequested = false;
  let isEnded = false;
  let rest: Uint8Array = new Uint8Array();

  /** Waits for a chunk, unless there is something to read. Returns whether there is, if only the end. */
  const receive = (milliseconds: number): boolean => {
    if (rest.length > 0 || isEnded) return true;
    if (!isRequested) port.postMessage("more");
    isRequested = true;
    Atomics.wait(count, 0, received, milliseconds);
    const chunk = receiveMessageOnPort(port) as { message: Uint8Array | null } | undefined;
    if (!chunk) return false;
    received++;
    isRequested = false;
    if (chunk.message) rest = chunk.message;
    else isEnded = true;
    return rest.length > 0 || isEnded;
  };
  return {
    read(into) {
      while (!receive(Infinity));
      const chunk = rest.subarray(0, into.length);
      into.set(chunk);
      rest = rest.subarray(chunk.length);
      return chunk.length;
    },
    poll(timeoutNs) {
      const isReady = receive(Number(timeoutNs) / 1e6);
      return isReady ? { nbytes: BigInt(rest.length), isHangup: rest.length === 0 } : undefined;
    },
  };
}
