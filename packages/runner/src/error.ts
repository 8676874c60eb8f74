/**
 * Why a run could not start, with the exit status for a command line. As in a
 * shell, 126 means found but not runnable, and 127 not found.
 */
const statuses = {
  /** An option that is not valid, such as an argument with a NUL. */
  E_OPTION: 2,
  /** A preopen's host directory that is missing or not a directory. */
  E_PREOPEN: 2,
  /** A file or a stream for stdin that can't be read, or a stream that failed during the run. */
  E_STDIN: 2,
  /** A stream for stdout or stderr that can't be written. */
  E_OUTPUT: 2,
  /** Not a WebAssembly module. */
  E_NOT_WASM: 126,
  /** A component: this runner runs only core modules. */
  E_COMPONENT: 126,
  /** An import that WASI does not have, or that the run does not provide. */
  E_IMPORTS: 126,
  /** No `_start`: not a command. */
  E_NO_START: 126,
  /** A command where a library is needed. */
  E_NOT_REACTOR: 126,
  /** A module that needs more memory to start than it may have, or than there is. */
  E_MEMORY: 126,
  /** Too few descriptors left for a worker to start. */
  E_DESCRIPTORS: 126,
  /** Aborted by its `signal` before it began. */
  E_ABORTED: 130,
  /** A pool in which as many runs wait for a worker as may wait. */
  E_QUEUE_FULL: 125,
  /** A run that waited for a worker of a pool longer than it may. */
  E_QUEUE_TIMEOUT: 124,
  /** A pool that was closed, before or during the run. */
  E_POOL_CLOSED: 125,
  /** A recording that can't be read, is malformed or cut short, or lacks what is needed. */
  E_RECORDING: 2,
  /** A module that does not do what a recording says. */
  E_REPLAY: 126,
  /** An instance in a pool that was closed, or that a call ended. */
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
  /** Why the run could not start, for programs. */
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
