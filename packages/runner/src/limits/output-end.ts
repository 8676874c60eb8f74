import { WasiError } from "@wasi-kit/wasi";
import type { StdioStream } from "@wasi-kit/wasi";
import { errno } from "@wasi-kit/wasi/abi";

/** Thrown to end a run that can't write any more, or may not. */
export class OutputEnd {
  readonly outcome: "output-limit" | "broken-pipe";

  constructor(outcome: OutputEnd["outcome"]) {
    this.outcome = outcome;
  }
}

/**
 * Lets streams write so many bytes between them. What still fits of the write
 * that goes beyond is written, and the run ends.
 */
export function limitOutput(maxBytes: number, streams: readonly StdioStream[]): void {
  let left = maxBytes;
  for (const stream of streams) {
    const { write } = stream;
    stream.write = (from) => {
      if (from.length > left) {
        write?.(from.subarray(0, left));
        left = 0;
        throw new OutputEnd("output-limit");
      }
      const written = write?.(from) ?? 0;
      left -= written;
      return written;
    };
  }
}

/** Ends the run at a write to a pipe that nobody reads. */
export function endOnBrokenPipe(streams: readonly StdioStream[]): void {
  for (const stream of streams) {
    const { write } = stream;
    stream.write = (from) => {
      try {
        return write?.(from) ?? 0;
      } catch (error) {
        if (error instanceof WasiError && error.errno === errno.pipe) throw new OutputEnd("broken-pipe");
        throw error;
      }
    };
  }
}
