import { WasiKitError } from "../error.ts";
import { isOutputStream, isPromise, isWebWritable } from "../stdio/streams.ts";
import type { NodeWritable, OutputStream, WebWritable } from "../stdio/streams.ts";

/** Where the output of a run goes to, in the thread that asked for the run. */
export interface OutputWriter {
  /**
   * Passes on some bytes. If it returns a promise, the next ones have to wait for
   * that: so the guest waits, too.
   *
   * @throws what a function throws, or rejects with
   * @throws BrokenStream if a stream takes no more
   */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void> | undefined;
  /** Call it when the run has ended. A stream is left open, for whoever writes on. */
  end(): void;
}

/** Thrown by a write to a stream that takes no more: it has failed, or it was closed. */
export class BrokenStream {
  /** What it failed with, if it did. */
  readonly reason: unknown;

  constructor(reason?: unknown) {
    this.reason = reason;
  }
}

/** @throws WasiKitError `E_OUTPUT` for a stream that can't be written */
export function outputWriter(
  name: "stdout" | "stderr",
  target: OutputStream | ((chunk: Uint8Array<ArrayBuffer>) => unknown),
): OutputWriter {
  if (!isOutputStream(target)) return { write: (bytes) => asPromise(target(bytes)), end() {} };
  return isWebWritable(target) ? webWriter(name, target) : nodeWriter(name, target);
}

const asPromise = (returned: unknown): Promise<void> | undefined =>
  isPromise(returned) ? (Promise.resolve(returned) as Promise<void>) : undefined;

function webWriter(name: string, stream: WebWritable): OutputWriter {
  if (stream.locked)
    throw unusable(name, "is locked: somebody else writes to it", "Release the lock, or pass another.");
  const writer = stream.getWriter();
  let broken: BrokenStream | undefined;
  const onEnd = (reason?: unknown): void => void (broken ??= new BrokenStream(reason));
  // It may be closed, or its reader may cancel it, while the guest writes nothing.
  writer.closed.then(() => onEnd(), onEnd);
  return {
    async write(bytes) {
      if (broken) throw broken;
      try {
        await writer.write(bytes);
      } catch (reason) {
        throw (broken ??= new BrokenStream(reason));
      }
    },
    end: () => writer.releaseLock(),
  };
}

function nodeWriter(name: string, stream: NodeWritable): OutputWriter {
  if (stream.destroyed || stream.writableEnded) {
    const state = stream.destroyed ? "was destroyed" : "was ended";
    throw unusable(name, `${state}, and takes nothing any more`, "Pass one that is open.", stream.errored);
  }
  let broken: BrokenStream | undefined;
  let hasEnded = false;
  /** What to call if it breaks: the writes that have yet to succeed. */
  const pending = new Set<(reason: BrokenStream) => void>();
  const onEnd = (error?: Error | null): void => {
    broken ??= new BrokenStream(error ?? stream.errored ?? undefined);
    for (const reject of pending) reject(broken);
    pending.clear();
  };
  /** One that broke keeps its listener: the error of a write of ours, which comes later, would end the process. */
  const removeListeners = (): void => {
    if (!hasEnded || broken || pending.size > 0) return;
    stream.off("error", onEnd);
    stream.off("close", onEnd);
  };
  stream.on("error", onEnd);
  stream.on("close", onEnd);
  return {
    write: (bytes) =>
      new Promise<void>((resolve, reject) => {
        if (broken) {
          reject(broken);
          return;
        }
        pending.add(reject);
        // Not `drain`: a write that fails later would be one that had succeeded.
        stream.write(bytes, (error) => {
          if (error) onEnd(error);
          pending.delete(reject);
          resolve();
          removeListeners();
        });
      }),
    end() {
      hasEnded = true;
      removeListeners();
    },
  };
}

const unusable = (name: string, what: string, remedy: string, cause?: unknown): WasiKitError =>
  new WasiKitError("E_OUTPUT", `The stream that is to take ${name} ${what}.\n${remedy}`, cause ? { cause } : {});
