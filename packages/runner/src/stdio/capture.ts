import { createCallCounts } from "../explain/call-counts.ts";
import type { CallCounts } from "../explain/call-counts.ts";

/** An in-memory output buffer. */
export interface Capture {
  /** Appends a copy of bytes. */
  add(bytes: Uint8Array): void;
  /** A copy of what was appended so far. */
  content(): Uint8Array<ArrayBuffer>;
}

/** Where captured output goes, and where calls are counted. */
export interface Captures {
  readonly stdout: Capture;
  readonly stderr: Capture;
  readonly counts: CallCounts;
}

/** Memory of this thread's own for all that. */
export const memoryCaptures = (): Captures => ({
  stdout: createCapture(),
  stderr: createCapture(),
  counts: createCallCounts(),
});

/** An empty buffer, which doubles when it is full: a list of a guest's small writes would take far more memory. */
export function createCapture(): Capture {
  let buffer = new Uint8Array();
  let size = 0;
  return {
    add(bytes) {
      if (size + bytes.length > buffer.length) {
        const larger = new Uint8Array(Math.max(1024, buffer.length * 2, size + bytes.length));
        larger.set(buffer.subarray(0, size));
        buffer = larger;
      }
      buffer.set(bytes, size);
      size += bytes.length;
    },
    content: () => buffer.slice(0, size),
  };
}
