import type { Readable } from "node:stream";
import { receiveMessageOnPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { bytesOf } from "@wasi-kit/wasi";
import { WasiKitError } from "../error.ts";
import type { InputSource } from "../options.ts";

// A stream of Node's, read by a guest in a worker. The worker asks for a chunk
// and waits; so the stream is read as far as the guest reads, and no further.

/** What the worker needs: where chunks come from, and the count of those that were sent, to wait on. */
export interface StreamInput {
  port: MessagePort;
  sent: SharedArrayBuffer;
}

/**
 * Answers a worker that asks for chunks, until the port is closed.
 *
 * @param fail - told of a stream that failed, or that gave what is no bytes
 */
export function serveStream(
  stream: Readable,
  port: MessagePort,
  sent: SharedArrayBuffer,
  fail: (error: WasiKitError) => void,
): void {
  // The stream is its owner's: it is not destroyed because a guest has read enough.
  const chunks = stream.iterator({ destroyOnReturn: false });
  const count = new Int32Array(sent);
  const answer = async (): Promise<void> => {
    const { done, value } = await chunks.next();
    const chunk = done ? null : toBytes(value);
    port.postMessage(chunk);
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
  };
  port.on("message", () => {
    answer().catch((cause: unknown) => {
      const message = (cause as Partial<Error> | undefined)?.message ?? String(cause);
      fail(new WasiKitError("E_STDIN", `The stream that is to be stdin failed: ${message}`, { cause }));
    });
  });
  port.on("close", () => void chunks.return?.());
}

function toBytes(chunk: unknown): Uint8Array {
  if (typeof chunk === "string") return Buffer.from(chunk);
  const bytes = bytesOf(chunk);
  // A copy: what lies beside it in its buffer would be sent along.
  if (bytes) return Uint8Array.from(bytes);
  throw new TypeError(`it gave ${typeof chunk}, where text or bytes are needed`);
}

/** The input of a guest in a worker. */
export function streamInput({ port, sent }: StreamInput): InputSource {
  const count = new Int32Array(sent);
  let received = 0;
  let isAsked = false;
  let isEnded = false;
  let rest: Uint8Array = new Uint8Array();

  /** Waits for a chunk, unless there is something to read; says whether there is, if only the end. */
  const receive = (milliseconds: number): boolean => {
    if (rest.length > 0 || isEnded) return true;
    if (!isAsked) port.postMessage("more");
    isAsked = true;
    Atomics.wait(count, 0, received, milliseconds);
    const answer = receiveMessageOnPort(port) as { message: Uint8Array | null } | undefined;
    if (!answer) return false;
    received++;
    isAsked = false;
    if (answer.message) rest = answer.message;
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
    poll(patience) {
      const isReady = receive(Number(patience) / 1e6);
      return isReady ? { nbytes: BigInt(rest.length), isHangup: rest.length === 0 } : undefined;
    },
  };
}
