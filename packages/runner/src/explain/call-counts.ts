/** What the calls of a run amount to. */
export interface RunStats {
  /** How many calls of WASI's functions the guest made, those that failed included. */
  readonly calls: number;
  /** The bytes that it read, from stdin and files. */
  readonly bytesRead: number;
  /** The bytes that it wrote, to stdout, stderr and files. */
  readonly bytesWritten: number;
  /** The bytes that it read from stdin, which are among those. */
  readonly inputBytes: number;
  /** The bytes that it wrote to stdout and stderr, which are among those. */
  readonly outputBytes: number;
}

/**
 * The same, in memory that another thread may see: what was counted is there when
 * the thread of the guest is ended. After them comes the CPU time of that thread, in
 * milliseconds, as it was when it was measured last.
 */
export type CallCounts = Float64Array;

/** Where each number is. */
export const countAt: Readonly<Record<keyof RunStats, number>> = {
  calls: 0,
  bytesRead: 1,
  bytesWritten: 2,
  inputBytes: 3,
  outputBytes: 4,
};

/** Where the CPU time is. */
export const cpuMsAt: number = Object.keys(countAt).length;

/** The size of the memory that they take, in bytes. */
export const callCountsBytes: number = (cpuMsAt + 1) * Float64Array.BYTES_PER_ELEMENT;

export const createCallCounts = (buffer: ArrayBufferLike = new ArrayBuffer(callCountsBytes)): CallCounts =>
  new Float64Array(buffer);

export const statsOf = (counts: CallCounts): RunStats =>
  Object.fromEntries(Object.entries(countAt).map(([name, at]) => [name, counts[at]])) as unknown as RunStats;
