/** How many calls a run made, and how many bytes it read and wrote. */
export interface RunStats {
  /** How many calls of WASI's functions the guest made, including those that failed. */
  readonly calls: number;
  /** How many bytes it read from stdin and files. */
  readonly bytesRead: number;
  /** How many bytes it wrote to stdout, stderr and files. */
  readonly bytesWritten: number;
  /** How many of the bytes read came from stdin. */
  readonly inputBytes: number;
  /** How many of the bytes written went to stdout and stderr. */
  readonly outputBytes: number;
}

/**
 * The same, in memory that another thread may see, so that the counts are there
 * when the guest's thread is terminated. After them comes the CPU time of that
 * thread, in milliseconds, as of its last measurement.
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
