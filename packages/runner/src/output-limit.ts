import type { StdioStream } from "@wasi-kit/wasi";

/** Thrown to end a run that writes more than it may. */
export class OutputLimitReached {
  readonly outcome = "output-limit";
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
        throw new OutputLimitReached();
      }
      const written = write?.(from) ?? 0;
      left -= written;
      return written;
    };
  }
}
