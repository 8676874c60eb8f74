/**
 * Why a run could not start, with the exit status of a command for it (126 and
 * 127 as a shell has them: found but not runnable, not found).
 */
const statuses = {
  /** An option that is not valid, such as an argument with a NUL. */
  E_OPTION: 2,
  /** A preopen's host directory that is missing or not a directory. */
  E_PREOPEN: 2,
  /** A file or a stream for stdin that can't be read, or a stream that failed meanwhile. */
  E_STDIN: 2,
  /** A stream for stdout or stderr that can't be written. */
  E_OUTPUT: 2,
  /** Not a WebAssembly module. */
  E_NOT_WASM: 126,
  /** A component; this runner runs core modules. */
  E_COMPONENT: 126,
  /** An import that WASI does not have, or that the run does not provide. */
  E_IMPORTS: 126,
  /** No `_start`: not a command. */
  E_NO_START: 126,
  /** A command where a library is needed. */
  E_NOT_REACTOR: 126,
  /** It needs more memory at its start than it may have, or than there is. */
  E_MEMORY: 126,
  /** Too few descriptors left for a worker to start. */
  E_DESCRIPTORS: 126,
  /** Aborted by its `signal` before it began. */
  E_ABORTED: 130,
  /** As many runs as may wait for a worker of a pool do so already. */
  E_QUEUE_FULL: 125,
  /** No worker of a pool was free in the time that the run might wait for one. */
  E_QUEUE_TIMEOUT: 124,
  /** A pool that was closed, before or during the run. */
  E_POOL_CLOSED: 125,
  /** A recording that can't be read, is malformed or cut short, or lacks what is needed. */
  E_RECORDING: 2,
  /** A module that does not do what a recording says. */
  E_REPLAY: 126,
  /** An instance in a pool that was closed, or ended by a call. */
  E_INSTANCE_ENDED: 125,
  /** No file at the module's path. */
  E_MODULE_NOT_FOUND: 127,
} as const;

/** The code of a {@link WasiKitError}. */
export type ErrorCode = keyof typeof statuses;

/**
 * Thrown if a run could not start. A run that did start never throws: how it
 * ended is in its result.
 */
export class WasiKitError extends Error {
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** The exit status that a command line should report, such as 2, 126 or 127. */
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "WasiKitError";
    this.code = code;
    this.exitCode = statuses[code];
  }
}
