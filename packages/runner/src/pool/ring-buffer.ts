// What a guest in a worker writes to a stream, in memory that both threads see:
// it is there for the pool at once, even if the worker is terminated in the
// middle of a write, and a guest that floods its output waits for the pool
// instead of filling memory.

const capacity = 256 * 1024;
/** How many bytes were written and read so far (modulo 2³²), and whether the reader was notified; then the bytes. */
const header = { written: 0, read: 1, isNotified: 2, size: 12 } as const;

export const createRingBuffer = (): SharedArrayBuffer => new SharedArrayBuffer(header.size + capacity);

/** The end that a worker writes to. */
export interface RingWriter {
  /** Writes all of some bytes, and waits while the buffer is full. */
  write(bytes: Uint8Array): void;
  /** Notifies the reader, unless it was notified and has not read yet. */
  notifyReader(): void;
  /** Waits until all was read. */
  flush(): void;
}

/** @param notify - tells the other thread that there is something to read */
export function createRingWriter(buffer: SharedArrayBuffer, notify: () => void): RingWriter {
  const counts = new Int32Array(buffer, 0, header.size / 4);
  const cells = new Uint8Array(buffer, header.size);
  const used = (): number => (Atomics.load(counts, header.written) - Atomics.load(counts, header.read)) >>> 0;
  const notifyReader = (): void => {
    if (Atomics.exchange(counts, header.isNotified, 1) === 0) notify();
  };
  /** Waits until no more than so many bytes are left to be read. */
  const waitFor = (size: number): void => {
    for (;;) {
      const read = Atomics.load(counts, header.read);
      if (used() <= size) return;
      notifyReader();
      Atomics.wait(counts, header.read, read);
    }
  };

  return {
    notifyReader,
    write(bytes) {
      for (let done = 0; done < bytes.length;) {
        if (used() === capacity) waitFor(capacity / 2);
        const written = Atomics.load(counts, header.written) >>> 0;
        const start = written % capacity;
        const size = Math.min(bytes.length - done, capacity - used(), capacity - start);
        cells.set(size === bytes.length ? bytes : bytes.subarray(done, done + size), start);
        Atomics.store(counts, header.written, (written + size) | 0);
        done += size;
      }
    },
    flush: () => waitFor(0),
  };
}

/**
 * Opens a ring buffer for reading.
 *
 * @returns a function that passes all that is there to `onData`
 */
export function createRingReader(
  buffer: SharedArrayBuffer,
  onData: (bytes: Uint8Array<ArrayBuffer>) => void,
): () => void {
  const counts = new Int32Array(buffer, 0, header.size / 4);
  const cells = new Uint8Array(buffer, header.size);
  return () => {
    // Before the counts are read: a writer that writes after that notifies again.
    Atomics.store(counts, header.isNotified, 0);
    for (;;) {
      const read = Atomics.load(counts, header.read) >>> 0;
      const left = (Atomics.load(counts, header.written) - read) >>> 0;
      if (left === 0) return;
      const start = read % capacity;
      // A view of shared memory would change; a slice of it is shared memory too.
      const bytes = new Uint8Array(cells.subarray(start, Math.min(start + left, capacity)));
      Atomics.store(counts, header.read, (read + bytes.length) | 0);
      Atomics.notify(counts, header.read);
      onData(bytes);
    }
  };
}
