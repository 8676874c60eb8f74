import type { Readable } from "node:stream";
import type { FixedClock, Readiness } from "@wasi-kit/wasi";
import { WasiKitError } from "./error.ts";
import * as rules from "./option-rules.ts";
import { checkOptionRules } from "./option-rules.ts";
import type { OptionRules } from "./option-rules.ts";
import { checkPreopens } from "./preopens/preopen.ts";
import type { Preopens } from "./preopens/preopen.ts";
import type { TracedCall } from "./trace/traced-call.ts";

/** What a run is granted. The guest sees this and nothing else. */
export interface SyncRunOptions {
  /** What follows argv[0]. Default: none. */
  args?: readonly string[];
  /** argv[0]. Default: the module's file name, or `"module.wasm"` if it has none. */
  argv0?: string;
  /** Environment variables. Default: none; those of the host are not passed on. */
  env?: Readonly<Record<string, string>>;
  /**
   * Directories by guest path: a path on the host, with the access to it if it
   * is not read-write, or files in memory, or a file system. Default: none.
   */
  preopens?: Preopens;
  /**
   * What the guest reads from stdin: text, bytes, a file, or a descriptor of the
   * host (`{ fd: 0 }` passes on the host's stdin). Default: nothing; a read finds
   * the end at once.
   */
  stdin?: Stdin;
  /**
   * Where stdout goes: `"capture"` puts it into the result; a function is called
   * with each write while the guest runs; to a descriptor of the host it is
   * written at once. Default: `"capture"`.
   */
  stdout?: OutputTarget;
  /** Where stderr goes. Default: `"capture"`. */
  stderr?: OutputTarget;
  /**
   * Milliseconds, from instantiation on, after which the run is ended, with the
   * outcome `timed-out`. At most 4294967295. Default: no limit.
   */
  timeoutMs?: number;
  /**
   * The most memory that the guest may have, in bytes: to grow beyond it fails
   * in the guest, and a module that starts with more can't be run. The module has
   * to be a path or bytes. Default: what the module itself declares.
   */
  maxMemoryBytes?: number;
  /**
   * The most that may be written to stdout and stderr together, in bytes: the
   * write that exceeds it ends the run, with the outcome `output-limit`.
   * Default: 64 MiB of captured output, and no limit to other output.
   */
  maxOutputBytes?: number;
  /** A clock that gives the same times in every run. Default: that of the host. */
  clock?: FixedClock;
  /** A whole number that makes random bytes repeat: they are the same in every run with it. Default: the randomness of the host. */
  randomSeed?: number;
  /**
   * Whether Ctrl-C (SIGINT) ends the run, with the outcome `aborted`, instead of
   * the process. In the main thread only. Default: `false`.
   */
  handleSigint?: boolean;
  /**
   * Whether a write to a pipe that nobody reads any more ends the run, with the
   * outcome `broken-pipe`, as SIGPIPE ends a program. If not, the call fails.
   * Default: `false`.
   */
  breakOnPipe?: boolean;
  /**
   * What to do with the calls that the guest makes: a function is called with
   * each of them once it has returned (not from a worker), `true` puts the first
   * 100,000 into the result. Default: `false`.
   */
  trace?: boolean | ((call: TracedCall) => void);
  /** `false` gives the module no WASI imports at all. Default: `true`. */
  wasi?: boolean;
}

/** What a run is granted that may be made in another thread, while this one goes on. */
export interface RunOptions extends Omit<SyncRunOptions, "stdin"> {
  /** As in {@link SyncRunOptions}, or a stream of Node's, which is read as far as the guest reads. */
  stdin?: Stdin | Readable;
  /** Ends the run when it is aborted: its outcome is `aborted`. */
  signal?: AbortSignal;
}

/** What stdin is: text, bytes, a file, a descriptor of the host, or functions. */
export type Stdin =
  | string
  | ArrayBuffer
  | ArrayBufferView
  | { readonly file: string }
  | { readonly fd: number }
  | StdinReader;

/** Functions that make input as the guest reads it. */
export interface StdinReader {
  /** Fills a buffer from its start, and returns the number of bytes; 0 is the end. It may wait. */
  read(into: Uint8Array): number;
  /** Returns what a read would find. If that is nothing yet, it waits for at most so many nanoseconds. */
  poll(timeoutNs: bigint): Readiness | undefined;
}

/** Where output goes: into the result, to a function, or to a descriptor of the host. */
export type OutputTarget = "capture" | ((chunk: Uint8Array) => void) | { readonly fd: number };

/** What each option of a run in this thread may be. */
export const syncRunOptionRules: OptionRules<SyncRunOptions> = {
  args: rules.texts,
  argv0: rules.text,
  env: rules.textsByName,
  preopens: rules.directories,
  stdin: rules.input,
  stdout: rules.output,
  stderr: rules.output,
  timeoutMs: rules.milliseconds,
  maxMemoryBytes: rules.bytes,
  maxOutputBytes: rules.bytes,
  clock: rules.clockSettings,
  randomSeed: rules.wholeNumber,
  handleSigint: rules.flag,
  breakOnPipe: rules.flag,
  trace: rules.flagOrFunction,
  wasi: rules.flag,
};

/** What each option of a run may be that may be made in another thread. */
export const runOptionRules: OptionRules<RunOptions> = {
  ...syncRunOptionRules,
  stdin: rules.inputOrStream,
  signal: rules.abortSignal,
};

/**
 * Checks options: their names and types, numbers out of range, strings with a NUL, and host directories that are missing.
 *
 * @param whose - the function that they are of, for messages
 * @throws WasiKitError `E_OPTION` or `E_PREOPEN`
 */
export function checkOptions<Options extends RunOptions | SyncRunOptions>(
  options: Options,
  allowed: OptionRules<Options>,
  whose: string,
): void {
  checkOptionRules(options, allowed, whose);
  const { args = [], argv0 = "", env = {}, preopens = {}, clock } = options;
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

// A C string ends at its first NUL: the guest would see a part of the text.
function unusable(what: string, text: string): WasiKitError {
  return new WasiKitError(
    "E_OPTION",
    `A NUL can't be passed on to a guest, and ${what} has one: ${JSON.stringify(text)}.`,
  );
}

/** Whether stdin is a stream of Node's. */
export function isStream(stdin: RunOptions["stdin"]): stdin is Readable {
  return typeof stdin === "object" && Symbol.asyncIterator in stdin;
}
