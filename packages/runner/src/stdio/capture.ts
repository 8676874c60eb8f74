/** An in-memory output buffer. */
export interface Capture {
  /** Appends a copy of bytes. */
  add(bytes: Uint8Array): void;
  /** A copy of what was appended so far. */
  content(): Buffer;
}

/** Where captured output goes: stdout's, then stderr's. */
export type Captures = readonly [Capture, Capture];

/** Buffers for stdout and stderr. */
export const memoryCaptures = (): Captures => [createCapture(), createCapture()];

const empty = Buffer.alloc(0);

/** An empty buffer, which doubles when it is full: a list of a guest's small writes would take far more memory. */
export function createCapture(): Capture {
  let buffer = empty;
  let size = 0;
  return {
    add(bytes) {
      if (size + bytes.length > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(1024, buffer.length * 2, size + bytes.length));
        buffer.copy(larger, 0, 0, size);
        buffer = larger;
      }
      buffer.set(bytes, size);
      size += bytes.length;
    },
    content: () => Buffer.from(buffer.subarray(0, size)),
  };
}
