import { rights } from "./abi/rights.ts";
import type { Rights } from "./abi/rights.ts";

/** Descriptor 0, 1 or 2 of a guest, or what it was renumbered to. */
export interface StdioStream {
  readonly kind: "stream";
  readonly name: "stdin" | "stdout" | "stderr";
  rightsBase: Rights;
  /** A set of `fdflags`. */
  flags: number;
  /** A terminal is a character device, and libraries flush each line to one. */
  isTerminal(): boolean;
  /** Fills a buffer from its start, and gives how many bytes; 0 is the end. */
  read?(into: Uint8Array): number;
  /** Takes bytes, and gives how many. */
  write?(from: Uint8Array): number;
  /** Passes buffered output on. */
  flush?(): void;
  /** What a read would find. If it would find nothing yet, waits for it at most so many nanoseconds. */
  poll?(timeoutNs: bigint): Readiness | undefined;
  /** Frees what the stream took of the host. */
  close?(): void;
}

/** That a read would not wait, and why. */
export interface Readiness {
  /** How many bytes there are, as far as it is known; at least 1 if there are some. */
  readonly nbytes: bigint;
  /** Nothing more will come. */
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

/** What a stream does, without what all streams have. */
export type StreamSource = Required<Pick<StdioStream, "read" | "poll">> & Pick<StdioStream, "isTerminal" | "close">;
export type StreamSink = Required<Pick<StdioStream, "write">> & Pick<StdioStream, "isTerminal" | "flush" | "close">;

/** stdin that is read from a source. */
export const stdinFrom = (source: StreamSource): StdioStream => ({
  kind: "stream",
  name: "stdin",
  rightsBase: readRights,
  flags: 0,
  ...source,
});

/** stdout or stderr that is written to a sink. */
export const outputTo = (name: "stdout" | "stderr", sink: StreamSink): StdioStream => ({
  kind: "stream",
  name,
  rightsBase: writeRights,
  flags: 0,
  ...sink,
});

const isNoTerminal = (): boolean => false;

/** A source that is text, as UTF-8, or bytes. */
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

/** A sink that gives each write to a function. The bytes are the guest's memory: valid during the call only. */
export const functionSink = (write: (bytes: Uint8Array) => void): StreamSink => ({
  isTerminal: isNoTerminal,
  write(from) {
    write(from);
    return from.length;
  },
});

/** Passes buffered output on, and frees what a stream took of the host, even if the first fails. */
export function endStream({ flush, close }: StdioStream): void {
  try {
    flush?.();
  } finally {
    close?.();
  }
}

/**
 * Keeps what streams have buffered in order: before one of them moves bytes,
 * what another one holds is passed on. So stdout and stderr can lead to one
 * file, and a question is there before its answer is read.
 */
export function createFlushOrder(): (moving?: StdioStream) => void {
  let last: StdioStream | undefined;
  return (moving) => {
    if (moving === last) return;
    last?.flush?.();
    last = moving;
  };
}
