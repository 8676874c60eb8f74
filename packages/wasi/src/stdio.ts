import { rights } from "./abi/rights.ts";
import type { Rights } from "./abi/rights.ts";

/** stdin, stdout or stderr of a guest, at whatever number it is now. */
export interface StdioStream {
  readonly kind: "stream";
  readonly name: "stdin" | "stdout" | "stderr";
  rightsBase: Rights;
  /** A set of `fdflags`. */
  flags: number;
  /** Whether it is a terminal: guests see a character device, and their libraries flush each line. */
  isTerminal(): boolean;
  /** Reads into a buffer. @returns how many bytes; 0 is the end */
  read?(into: Uint8Array): number;
  /** Writes bytes. @returns how many were written */
  write?(from: Uint8Array): number;
  /** Flushes buffered output. */
  flush?(): void;
  /** What a read would find. Waits up to `timeoutNs` nanoseconds for input; `undefined` if there is still none. */
  poll?(timeoutNs: bigint): Readiness | undefined;
  /** Frees the resources of the host that the stream uses. */
  close?(): void;
}

/** Why a read would not wait. */
export interface Readiness {
  /** How many bytes can be read, as far as that is known: at least 1 if there are any. */
  readonly nbytes: bigint;
  /** Whether the input has ended. */
  readonly isHangup: boolean;
}

const readRights = rights("fd_read", "fd_fdstat_set_flags", "fd_filestat_get", "poll_fd_readwrite");
const writeRights = rights(
  "fd_write",
  "fd_fdstat_set_flags",
  "fd_filestat_get",
  "fd_sync",
  "fd_datasync",
  "poll_fd_readwrite",
);

/** The part of a stream that differs from stream to stream. */
export type StreamSource = Required<Pick<StdioStream, "read" | "poll">> & Pick<StdioStream, "isTerminal" | "close">;
export type StreamSink = Required<Pick<StdioStream, "write">> & Pick<StdioStream, "isTerminal" | "flush" | "close">;

/** Creates stdin from a source. */
export const stdinFrom = (source: StreamSource): StdioStream => ({
  kind: "stream",
  name: "stdin",
  rightsBase: readRights,
  flags: 0,
  ...source,
});

/** Creates stdout or stderr from a sink. */
export const outputTo = (name: "stdout" | "stderr", sink: StreamSink): StdioStream => ({
  kind: "stream",
  name,
  rightsBase: writeRights,
  flags: 0,
  ...sink,
});

const isNoTerminal = (): boolean => false;

/** A source of text, as UTF-8, or of bytes. */
export function bytesSource(content: string | Uint8Array): StreamSource {
  let rest = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    isTerminal: isNoTerminal,
    read(into) {
      const chunk = rest.subarray(0, into.length);
      into.set(chunk);
      rest = rest.subarray(chunk.length);
      return chunk.length;
    },
    poll: () => ({ nbytes: BigInt(rest.length), isHangup: rest.length === 0 }),
  };
}

/** A sink that passes each write to a function. The bytes are the guest's memory, valid during the call only. */
export const functionSink = (write: (bytes: Uint8Array) => void): StreamSink => ({
  isTerminal: isNoTerminal,
  write(from) {
    write(from);
    return from.length;
  },
});

/** Flushes and closes a stream. It is closed even if flushing fails. */
export function endStream({ flush, close }: StdioStream): void {
  try {
    flush?.();
  } finally {
    close?.();
  }
}

/**
 * Keeps the output of buffered streams in order: before a stream reads or writes,
 * the one that was used before it is flushed. So stdout and stderr can share a
 * file, and a prompt is visible before its answer is read.
 */
export function createFlushOrder(): (moving?: StdioStream) => void {
  let last: StdioStream | undefined;
  return (moving) => {
    if (moving === last) return;
    last?.flush?.();
    last = moving;
  };
}
