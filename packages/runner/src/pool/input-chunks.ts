import { bytesOf } from "@wasi-kit/wasi";
import { WasiKitError } from "../error.ts";
import { isNodeReadable, isWebReadable } from "../stdio/streams.ts";
import type { InputStream, NodeReadable, WebReadable } from "../stdio/streams.ts";

/** The chunks of a stream, one at a time. The stream belongs to the caller: it is read as far as the guest reads. */
export interface InputChunks {
  /** The next chunk, or undefined at the end. Rejects if the stream fails, or gives something else than text or bytes. */
  next(): Promise<Uint8Array | undefined>;
  /** Call it when no more is read. A stream of Node.js or the web is left as it is, for whoever reads on. */
  end(): void;
}

/** @throws WasiKitError `E_STDIN` for a stream that can't be read */
export function inputChunks(stream: InputStream): InputChunks {
  if (isWebReadable(stream)) return webChunks(stream);
  return isNodeReadable(stream) ? nodeChunks(stream) : iteratorChunks(stream[Symbol.asyncIterator]());
}

function webChunks(stream: WebReadable): InputChunks {
  if (stream.locked) {
    throw unusable(
      "is locked: somebody else reads it",
      "Pass it before it is read, or one of the two that tee() gives.",
    );
  }
  const reader = stream.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? undefined : toBytes(value);
    },
    end: () => reader.releaseLock(),
  };
}

/** A failure is that of the next read. Without a listener it would end the process before that. */
const onError = (): void => {};

function nodeChunks(stream: NodeReadable): InputChunks {
  if (stream.destroyed && !stream.readableEnded) {
    throw unusable("was destroyed, and can't be read any more", "Pass one that is open.", stream.errored);
  }
  stream.on("error", onError);
  const { next, end } = iteratorChunks(stream.iterator({ destroyOnReturn: false }));
  return {
    next,
    end() {
      stream.off("error", onError);
      end();
    },
  };
}

function iteratorChunks(iterator: AsyncIterator<unknown>): InputChunks {
  return {
    async next() {
      const { done, value } = await iterator.next();
      return done === true ? undefined : toBytes(value);
    },
    end() {
      // What it fails with now is nothing that the run depends on.
      Promise.resolve(iterator.return?.()).catch(() => {});
    },
  };
}

let encoder: TextEncoder | undefined;

function toBytes(chunk: unknown): Uint8Array {
  if (typeof chunk === "string") return (encoder ??= new TextEncoder()).encode(chunk);
  const bytes = bytesOf(chunk);
  // A copy: the rest of its buffer would be sent with it.
  if (bytes) return Uint8Array.from(bytes);
  throw new TypeError(`it gave ${typeof chunk}, where text or bytes are needed`);
}

const unusable = (what: string, remedy: string, cause?: unknown): WasiKitError =>
  new WasiKitError("E_STDIN", `The stream that is to be stdin ${what}.\n${remedy}`, cause ? { cause } : {});
