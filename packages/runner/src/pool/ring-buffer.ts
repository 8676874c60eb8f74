// What a guest in a worker writes to a stream, in memory that both threads see:
// it is there for the pool at once, also if the worker is ended in the middle of
// things, and a guest that floods its output waits for the pool instead of
// filling memory.

const capacity = 256 * 1024;
/** How many bytes were written and read so far (modulo 2³²), and whether the reader was called; then the bytes. */
const header = { written: 0, read: 1, isCalled: 2, size: 12 } as const;

/** Memory for a ring. */
export const createRing = (): SharedArrayBuffer => new SharedArrayBuffer(header.size + capacity);

/** The end that a worker writes to. */
export interface RingWriter {
  /** Writes all of some bytes, and waits where the ring is full. */
  write(bytes: Uint8Array): void;
  /** Calls the reader, unless it was called and has not come yet. */
  call(): void;
  /** Waits until all was read. */
  drained(): void;
}

/**
 * Opens a ring for writing.
 *
 * @param callReader - tells the other thread that there is something to read
 */
export function ringWriter(ring: SharedArrayBuffer, callReader: () => void): RingWriter {
  const counts = new Int32Array(ring, 0, header.size / 4);
  const cells = new Uint8Array(ring, header.size);
  const used = (): number => (Atomics.load(counts, header.written) - Atomics.load(counts, header.read)) >>> 0;
  const call = (): void => {
    if (Atomics.exchange(counts, header.isCalled, 1) === 0) callReader();
  };
  /** Waits until no more than so many bytes are left to be read. */
  const waitFor = (size: number): void => {
    for (;;) {
      const read = Atomics.load(counts, header.read);
      if (used() <= size) return;
      call();
      Atomics.wait(counts, header.read, read);
    }
  };

  return {
    call,
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
    drained: () => waitFor(0),
  };
}

/**
 * Opens a ring for reading.
 *
 * @returns a function that takes all that is there
 */
export function ringReader(ring: SharedArrayBuffer, take: (bytes: Uint8Array<ArrayBuffer>) => void): () => void {
  const counts = new Int32Array(ring, 0, header.size / 4);
  const cells = new Uint8Array(ring, header.size);
  return () => {
    // Before the counts are read: whoever writes after that calls again.
    Atomics.store(counts, header.isCalled, 0);
    for (;;) {
      const read = Atomics.load(counts, header.read) >>> 0;
      const left = (Atomics.load(counts, header.written) - read) >>> 0;
      if (left === 0) return;
      const start = read % capacity;
      // A view of shared memory would change; a slice of it is shared memory too.
      const bytes = new Uint8Array(cells.subarray(start, Math.min(start + left, capacity)));
      Atomics.store(counts, header.read, (read + bytes.length) | 0);
      Atomics.notify(counts, header.read);
      take(bytes);
    }
  };
}
