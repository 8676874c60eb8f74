import type { Readable } from "node:stream";
import type { FixedClock, Readiness } from "@wasi-kit/wasi";
import { WasiKitError } from "./error.ts";
import { checkPreopens } from "./preopens/preopen.ts";
import type { Preopens } from "./preopens/preopen.ts";
import type { TracedCall } from "./trace/traced-call.ts";

/** What a run is granted. The guest sees this and nothing else. */
export interface SyncRunOptions {
  /** What follows argv[0]. Default: none. */
  args?: readonly string[];
  /** argv[0]. Default: the module's file name, or `"module.wasm"` where it has none. */
  argv0?: string;
  /** Environment variables. Default: none; nothing of the host's is passed on. */
  env?: Readonly<Record<string, string>>;
  /**
   * Directories by guest path: paths on the host, or what may be done there as
   * well, or files in memory, or file systems of one's own. Default: none.
   */
  preopens?: Preopens;
  /**
   * What the guest reads from stdin: text, bytes, a file, or a descriptor of the
   * host (`{ fd: 0 }` passes on the host's own). Default: nothing; a read finds
   * the end at once.
   */
  stdin?: Input;
  /**
   * Where stdout goes: `"capture"` (default) puts it into the result; a function
   * gets each write while the guest runs; a descriptor of the host gets it at once.
   */
  stdout?: Output;
  /** Where stderr goes. Default: `"capture"`. */
  stderr?: Output;
  /**
   * Milliseconds, from instantiation on, after which the run is ended: its
   * outcome is `timed-out`. At most 4294967295. Default: no limit.
   */
  timeoutMs?: number;
  /**
   * The most memory that the guest may have, in bytes: to grow beyond it fails
   * in the guest, and a module that starts with more is refused. The module has
   * to be a path or bytes. Default: what the module itself declares.
   */
  maxMemoryBytes?: number;
  /**
   * The most that may be written to stdout and stderr together, in bytes: the
   * write that goes beyond ends the run, with the outcome `output-limit`.
   * Default: 64 MiB of what is captured, and no limit to what is passed on.
   */
  maxOutputBytes?: number;
  /** A clock that gives the same times in every run. Default: the host's. */
  clock?: FixedClock;
  /** A whole number: random bytes are the same in every run with it. Default: the host's randomness. */
  randomSeed?: number;
  /**
   * Whether Ctrl-C ends the run, with the outcome `aborted`, instead of the
   * process. In the main thread only. Default: `false`.
   */
  breakOnSigint?: boolean;
  /**
   * Whether the guest ends when it writes to a pipe that nobody reads any more,
   * with the outcome `broken-pipe`, as SIGPIPE ends a program; otherwise its call
   * fails. Default: `false`.
   */
  breakOnPipe?: boolean;
  /**
   * Tells of each call that the guest makes, when it came back: a function gets
   * them one by one (not from a worker), `true` puts the first 100,000 into the
   * result. Default: `false`.
   */
  trace?: boolean | ((call: TracedCall) => void);
  /** `false` gives the module no WASI imports at all. Default: `true`. */
  wasi?: boolean;
}

/** What a run is granted that may be in another thread, while this one goes on. */
export interface RunOptions extends Omit<SyncRunOptions, "stdin"> {
  /** As in {@link SyncRunOptions}, or a stream of Node's, which is read as far as the guest reads. */
  stdin?: Input | Readable;
  /** Ends the run when it is aborted: its outcome is `aborted`. */
  signal?: AbortSignal;
}

/** Where input comes from. */
export type Input =
  | string
  | ArrayBuffer
  | ArrayBufferView
  | { readonly file: string }
  | { readonly fd: number }
  | InputSource;

/** Input that is made as the guest reads it. */
export interface InputSource {
  /** Fills bytes from their start, and says how many; 0 is the end. It may wait. */
  read(into: Uint8Array): number;
  /** What a read would find. If it would find nothing yet, waits at most so many nanoseconds for it. */
  poll(timeoutNs: bigint): Readiness | undefined;
}

/** Where output goes: into the result, to a function, or to a descriptor of the host, as it is written. */
export type Output = "capture" | ((chunk: Uint8Array) => void) | { readonly fd: number };

/** What a number among the options may be. */
const numbers = {
  timeoutMs: ["above 0 and at most 4294967295", (it) => it > 0 && it <= 0xffff_ffff],
  maxMemoryBytes: ["0 or above", (it) => it >= 0],
  maxOutputBytes: ["0 or above", (it) => it >= 0],
  randomSeed: ["a whole number", Number.isSafeInteger],
} as const satisfies Partial<Record<keyof RunOptions, readonly [allowed: string, is: (value: number) => boolean]>>;

/**
 * Checks what types can't: strings that can't be handed to a guest, numbers out
 * of range, and host directories that are not there.
 *
 * @throws WasiKitError `E_OPTION` or `E_PREOPEN`
 */
export function checkOptions(options: RunOptions): void {
  const { args = [], argv0 = "", env = {}, preopens = {}, clock } = options;
  for (const [name, [allowed, is]] of Object.entries(numbers)) {
    const value = options[name as keyof typeof numbers];
    if (value === undefined || is(value)) continue;
    throw new WasiKitError("E_OPTION", `${name} is ${value}. It can be ${allowed}.`);
  }
  if (clock) checkClock(clock);
  for (const [i, text] of [argv0, ...args].entries()) {
    if (text.includes("\0")) throw unusable(`argument ${i}`, text);
  }
  for (const [name, value] of Object.entries(env)) {
    if (name === "" || name.includes("=")) {
      throw new WasiKitError("E_OPTION", `The environment variable ${JSON.stringify(name)} needs a name without "=".`);
    }
    if (name.includes("\0") || value.includes("\0")) throw unusable(`the environment variable ${name}`, value);
  }
  checkPreopens(preopens);
}

function checkClock({ start, stepMs = 0 }: FixedClock): void {
  if (Number.isNaN(new Date(start).getTime())) {
    throw new WasiKitError("E_OPTION", `clock.start is ${start}. It can be a time such as 2020-07-01T00:00:00Z.`);
  }
  if (!(stepMs >= 0 && Number.isFinite(stepMs))) {
    throw new WasiKitError("E_OPTION", `clock.stepMs is ${stepMs}. It can be 0 or above.`);
  }
}

// A C string ends at its first NUL: the guest would see less than it was given.
function unusable(what: string, text: string): WasiKitError {
  return new WasiKitError(
    "E_OPTION",
    `A NUL can't be passed on to a guest, and ${what} has one: ${JSON.stringify(text)}.`,
  );
}

/** Whether input is a stream of Node's. */
export function isStream(input: RunOptions["stdin"]): input is Readable {
  return typeof input === "object" && Symbol.asyncIterator in input;
}
