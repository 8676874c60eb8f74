/** Bytes that grow at their end, in memory. */
export interface Capture {
  /** Adds a copy of bytes. */
  add(bytes: Uint8Array): void;
  /** What was added so far, as a copy. */
  content(): Buffer;
}

/** Where captured output goes: stdout's, then stderr's. */
export type Captures = readonly [Capture, Capture];

/** Output in memory. */
export const memoryCaptures = (): Captures => [createCapture(), createCapture()];

const nothing = Buffer.alloc(0);

/** Nothing yet. One buffer, doubled when it is full: a list of a guest's small writes would be far larger than they are. */
export function createCapture(): Capture {
  let held = nothing;
  let size = 0;
  return {
    add(bytes) {
      if (size + bytes.length > held.length) {
        const larger = Buffer.allocUnsafe(Math.max(1024, held.length * 2, size + bytes.length));
        held.copy(larger, 0, 0, size);
        held = larger;
      }
      held.set(bytes, size);
      size += bytes.length;
    },
    content: () => Buffer.from(held.subarray(0, size)),
  };
}
