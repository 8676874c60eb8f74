import { WasiError } from "@wasi-kit/wasi";

// What a guest in a worker writes to a stream, in memory that both threads see:
// it is there for the pool at once, even if the worker is terminated in the
// middle of a write, and a guest that floods its output waits for the pool
// instead of filling memory.

const capacity = 256 * 1024;
/**
 * How many bytes were written and read so far (modulo 2³²), whether the reader was
 * notified, and whether nobody takes what is written any more; then the bytes.
 */
const header = { written: 0, read: 1, isNotified: 2, isBroken: 3, size: 16 } as const;

export const createRingBuffer = (): SharedArrayBuffer => new SharedArrayBuffer(header.size + capacity);

/** The end that a worker writes to. */
export interface RingWriter {
  /**
   * Writes all of some bytes, and waits while the buffer is full.
   *
   * @throws WasiError `pipe` if nobody takes them any more
   */
  write(bytes: Uint8Array): void;
  /** Notifies the reader, unless it was notified and has not read yet. */
  notifyReader(): void;
  /** Waits until all was taken. */
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
  const isBroken = (): boolean => Atomics.load(counts, header.isBroken) === 1;
  /** Waits until no more than so many bytes are left to be read. */
  const waitFor = (size: number): void => {
    for (;;) {
      const read = Atomics.load(counts, header.read);
      if (used() <= size || isBroken()) return;
      notifyReader();
      Atomics.wait(counts, header.read, read);
    }
  };

  return {
    notifyReader,
    write(bytes) {
      for (let done = 0; done < bytes.length;) {
        if (used() === capacity) waitFor(capacity / 2);
        if (isBroken()) throw new WasiError("pipe");
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

/** The end that a pool reads from. */
export interface RingReader {
  /** Passes on all that is there. */
  read(): void;
  /** The same, and waits until all of it was taken; undefined if it was. */
  drain(): Promise<void> | undefined;
  /** Says that nobody takes what is written any more, or that somebody does again. */
  setBroken(isBroken: boolean): void;
}

/**
 * Opens a ring buffer for reading.
 *
 * @param onData - takes some bytes. If it returns a promise, which must not reject, the next ones wait for it, and
 * the room that they take is not free before that
 */
export function createRingReader(
  buffer: SharedArrayBuffer,
  onData: (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | undefined,
): RingReader {
  const counts = new Int32Array(buffer, 0, header.size / 4);
  const cells = new Uint8Array(buffer, header.size);
  let taking: Promise<void> | undefined;
  const free = (size: number): void => {
    Atomics.add(counts, header.read, size);
    Atomics.notify(counts, header.read);
  };
  const read = (): void => {
    if (taking) return;
    // Before the counts are read: a writer that writes after that notifies again.
    Atomics.store(counts, header.isNotified, 0);
    for (;;) {
      const done = Atomics.load(counts, header.read) >>> 0;
      const left = (Atomics.load(counts, header.written) - done) >>> 0;
      if (left === 0) return;
      const start = done % capacity;
      // A view of shared memory would change; a slice of it is shared memory too.
      const bytes = new Uint8Array(cells.subarray(start, Math.min(start + left, capacity)));
      const taken = onData(bytes);
      if (taken) {
        taking = goOnAfter(taken, bytes.length);
        return;
      }
      free(bytes.length);
    }
  };
  const goOnAfter = async (taken: Promise<void>, size: number): Promise<void> => {
    await taken;
    free(size);
    taking = undefined;
    read();
  };
  const untilTaken = async (): Promise<void> => {
    for (let last = taking; last; last = taking) await last;
  };
  return {
    read,
    drain() {
      read();
      return taking && untilTaken();
    },
    setBroken(isBroken) {
      // A writer that waits looks at it when the bytes that could not be taken are freed.
      Atomics.store(counts, header.isBroken, isBroken ? 1 : 0);
    },
  };
}
