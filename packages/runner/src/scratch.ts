/**
 * The memory that node:wasi is given instead of the guest's: what goes in is
 * put here, what comes out is copied on. So node:wasi never touches the guest,
 * every address of the guest's is checked in one place, a module needs no
 * memory of its own, and a path that was resolved has a place to stand.
 *
 * One for all runs of a thread: no call is under way in two at once.
 */
export const scratch: Scratch = createScratch();

/** What stands where in it. */
interface Scratch {
  memory: WebAssembly.Memory;
  bytes: Buffer;
  view: DataView;
  /** Structures of up to 64 bytes that a call gives back. */
  out: number;
  /** A buffer list of one entry. */
  iovec: number;
  /** The places for two paths, and their size, far beyond what a system takes for one. */
  paths: readonly [number, number];
  pathSize: number;
  /** Data on its way. */
  data: number;
  dataSize: number;
}

function createScratch(): Scratch {
  const memory = new WebAssembly.Memory({ initial: 8 });
  const [start, pathSize] = [1024, 16384];
  const data = start + 2 * pathSize;
  return {
    memory,
    bytes: Buffer.from(memory.buffer),
    view: new DataView(memory.buffer),
    out: 0,
    iovec: 64,
    paths: [start, start + pathSize],
    pathSize,
    data,
    dataSize: memory.buffer.byteLength - data,
  };
}
