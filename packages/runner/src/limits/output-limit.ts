import { WasiError } from "@wasi-kit/wasi";
import type { StdioStream } from "@wasi-kit/wasi";
import { errno } from "@wasi-kit/wasi/abi";

/** Thrown out of a write to end the run. */
export class OutputTermination {
  readonly outcome: "output-limit" | "broken-pipe";

  constructor(outcome: OutputTermination["outcome"]) {
    this.outcome = outcome;
  }
}

/**
 * Lets streams write so many bytes between them. The write that exceeds that is
 * cut, and ends the run.
 */
export function limitOutput(maxBytes: number, streams: readonly StdioStream[]): void {
  let left = maxBytes;
  for (const stream of streams) {
    const { write } = stream;
    stream.write = (from) => {
      if (from.length > left) {
        write?.(from.subarray(0, left));
        left = 0;
        throw new OutputTermination("output-limit");
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
        if (error instanceof WasiError && error.errno === errno.pipe) throw new OutputTermination("broken-pipe");
        throw error;
      }
    };
  }
}
