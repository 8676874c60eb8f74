import { WasiError } from "@wasi-kit/wasi";
import type { StdioStream } from "@wasi-kit/wasi";
import { errno } from "@wasi-kit/wasi/abi";
import { RunTermination } from "./run-termination.ts";

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
        const written = write?.(from.subarray(0, left)) ?? 0;
        left = 0;
        throw new RunTermination("output-limit", "maxOutputBytes", written);
      }
      const written = write?.(from) ?? 0;
      left -= written;
      return written;
    };
  }
}

/**
 * Lets stdin be read up to so many bytes. The read after that ends the run, unless
 * it is at the end: to find that out, a byte is taken that the guest does not get.
 */
export function limitInput(maxBytes: number, stdin: StdioStream): void {
  const read = stdin.read?.bind(stdin);
  let left = maxBytes;
  stdin.read = (into) => {
    if (left === 0 && into.length > 0) {
      if (read?.(new Uint8Array(1)) === 0) return 0;
      throw new RunTermination("input-limit", "maxInputBytes");
    }
    const size = read?.(into.subarray(0, Math.min(left, into.length))) ?? 0;
    left -= size;
    return size;
  };
}

/** Ends the run at a write to a pipe that nobody reads. */
export function endOnBrokenPipe(streams: readonly StdioStream[]): void {
  for (const stream of streams) {
    const { write } = stream;
    stream.write = (from) => {
      try {
        return write?.(from) ?? 0;
      } catch (error) {
        if (error instanceof WasiError && error.errno === errno.pipe) throw new RunTermination("broken-pipe");
        throw error;
      }
    };
  }
}
