import type { FixedClock, Readiness } from "@wasi-kit/wasi";
import { WasiKitError } from "./error.ts";
import type { Host } from "./host/host.ts";
import type { Imports } from "./imports/imports.ts";
import { limitRules, workerLimitRules } from "./limits/limits.ts";
import type { Limits, WorkerLimits } from "./limits/limits.ts";
import * as rules from "./option-rules.ts";
import { checkOptionRules } from "./option-rules.ts";
import type { OptionRules } from "./option-rules.ts";
import { checkPreopens } from "./preopens/check-preopens.ts";
import type { Preopens } from "./preopens/preopen.ts";
import type { InputStream, OutputStream } from "./stdio/streams.ts";
import type { TracedCall } from "./trace/traced-call.ts";

/** What a run is granted. The guest sees this and nothing else. */
export interface SyncRunOptions extends Limits {
  /** The arguments after argv[0]. Default: none. */
  args?: readonly string[];
  /** argv[0]. Default: the module's file name, or `"module.wasm"` if it has none. */
  argv0?: string;
  /** Environment variables. Default: none; the guest does not get those of the host. */
  env?: Readonly<Record<string, string>>;
  /**
   * Directories by guest path. Each is a path on the host, alone for read-write
   * access or with another access; files in memory; or a file system. Default: none.
   */
  preopens?: Preopens;
  /**
   * What the guest reads from stdin: text, bytes, a file, or a descriptor of the
   * host (`{ fd: 0 }` is the host's own stdin). Default: nothing; stdin is at its
   * end from the start.
   */
  stdin?: Stdin;
  /**
   * Where stdout goes. `"capture"` puts it into the result. A function is called
   * with each write while the guest runs; the guest continues when the function
   * returns. `{ fd }` writes to a descriptor of the host at once. Default: `"capture"`.
   */
  stdout?: OutputTarget;
  /** Where stderr goes. Default: `"capture"`. */
  stderr?: OutputTarget;
  /** A clock that gives the same times in every run. Default: the host's clocks. */
  clock?: FixedClock;
  /** A whole number. Runs with the same seed get the same random bytes. Default: the host's randomness. */
  randomSeed?: number;
  /**
   * Whether Ctrl-C (SIGINT) ends the run, with the outcome `aborted`, instead of
   * the process. It works in the main thread only. A loop of slow instructions,
   * such as `memory.fill`, can only be ended if the run also has a `timeoutMs`.
   * Default: `false`.
   */
  handleSigint?: boolean;
  /**
   * Whether a write to a pipe that nobody reads any more ends the run, with the
   * outcome `broken-pipe`, as SIGPIPE ends a program. If `false`, the call fails
   * with `pipe`. Default: `true` if stdout or stderr is a stream, otherwise `false`.
   */
  breakOnPipe?: boolean;
  /**
   * Whether to trace the guest's calls. `true` puts the first 100,000 calls into the
   * result; for a library, `trace()` returns them. A function is called with each
   * call once it has returned; a run in a worker can't have one. Default: `false`.
   */
  trace?: boolean | ((call: TracedCall) => void);
  /**
   * Whether to record what the host gives to the run, so that `replay` can repeat
   * it anywhere. `true` puts the recording into the result; with `"with-module"` the
   * recording also contains the module, which must not be compiled already. The
   * recording contains everything that the run was given: arguments, variables, and
   * what it read. Default: `false`.
   */
  record?: boolean | "with-module";
  /**
   * Your own functions that the guest may call, by the module and the name under
   * which it imports them: `{ env: { log: (code: number) => console.log(code) } }`.
   * If they need the guest's memory, pass a function that takes the guest and returns
   * them. The functions of WASI can't be replaced. Every other import of the module
   * must be here, with as many parameters as the module passes, or with none, such
   * as `(...args)`. If one throws, the run ends with the outcome `host-error`.
   * Default: none.
   *
   * @example
   * imports: (guest) => ({ env: { log: (address: number, size: number) => console.log(guest.text(address, size)) } })
   */
  imports?: Imports;
  /** `false` gives the module no WASI imports at all. Default: `true`. */
  wasi?: boolean;
}

/** What a run in this thread or in a worker is granted. */
export interface RunOptions
  extends Omit<SyncRunOptions, "stdin" | "stdout" | "stderr" | "imports">, Pick<WorkerLimits, "maxCpuMs"> {
  /**
   * As in {@link SyncRunOptions}, or a stream: a `Readable` of Node.js, a
   * `ReadableStream` or an async iterable of text or bytes. It is only read as far
   * as the guest reads, and is not closed. If it fails, the run fails with `E_STDIN`.
   */
  stdin?: Stdin | InputStream;
  /**
   * As in {@link SyncRunOptions}, or an async function, or a stream: a `Writable`
   * of Node.js or a `WritableStream`. The guest waits until the function or the
   * stream has taken its output, except for at most 256 KiB; this counts towards
   * `timeoutMs`. If a function throws, the run fails with that error. If a stream
   * fails, or its reader closes it, the run ends at the next write: see `breakOnPipe`,
   * and `outputErrors` of {@link RunResult}. The stream is not closed after the run.
   * Default: `"capture"`.
   */
  stdout?: AsyncOutputTarget;
  /** Where stderr goes. Default: `"capture"`. */
  stderr?: AsyncOutputTarget;
  /**
   * As in {@link SyncRunOptions}, or the path or URL of a JavaScript module whose
   * default export is such an object or function. A run in a worker needs such a
   * module, which the worker loads once.
   */
  imports?: Imports | string | URL;
  /** When it is aborted, the run ends with the outcome `aborted`. */
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

/** Functions that produce input when the guest reads it. */
export interface StdinReader {
  /** Fills a buffer from its start, and returns the number of bytes; 0 is the end of the input. It may wait. */
  read(into: Uint8Array): number;
  /** Returns what a read would find. If there is no input yet, it waits for at most `timeoutNs` nanoseconds. */
  poll(timeoutNs: bigint): Readiness | undefined;
}

/** Where output goes: into the result, to a function, or to a descriptor of the host. */
export type OutputTarget = "capture" | ((chunk: Uint8Array) => void) | { readonly fd: number };

/** As {@link OutputTarget}, or an async function or a stream, for which the guest may have to wait. */
export type AsyncOutputTarget = OutputTarget | ((chunk: Uint8Array) => Promise<void>) | OutputStream;

/** What each option of a run in this thread may be. */
export const syncRunOptionRules: OptionRules<SyncRunOptions> = {
  args: rules.texts,
  argv0: rules.text,
  env: rules.textsByName,
  preopens: rules.directories,
  stdin: rules.input,
  stdout: rules.output,
  stderr: rules.output,
  ...limitRules,
  clock: rules.clockSettings,
  randomSeed: rules.wholeNumber,
  handleSigint: rules.flag,
  breakOnPipe: rules.flag,
  trace: rules.flagOrFunction,
  record: rules.recording,
  imports: rules.functionsByName,
  wasi: rules.flag,
};

/** What a library is granted. It can't be recorded: the program that calls it can also change its memory. */
export type LibraryOptions = Omit<SyncRunOptions, "record">;

const { record: _record, ...ofLibraries } = syncRunOptionRules;

/** What each option of a library may be. */
export const libraryOptionRules: OptionRules<LibraryOptions> = ofLibraries;

/** What each option of a run in this thread or in a worker may be. */
export const runOptionRules: OptionRules<RunOptions> = {
  ...syncRunOptionRules,
  ...workerLimitRules,
  stdin: rules.inputOrStream,
  stdout: rules.outputOrStream,
  stderr: rules.outputOrStream,
  imports: rules.functionsOrModule,
  signal: rules.abortSignal,
};

/**
 * Checks options: their names and types, numbers out of range, strings with a NUL, and host directories that are missing.
 *
 * @param whose - the function that they are of, for messages
 * @throws WasiKitError `E_OPTION` or `E_PREOPEN`
 */
export function checkOptions<Options extends Omit<SyncRunOptions, "stdin" | "stdout" | "stderr" | "imports">>(
  options: Options,
  allowed: OptionRules<Options>,
  whose: string,
  host: Host,
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
  checkPreopens(preopens, host);
}

const clockRules: OptionRules<FixedClock> = { start: rules.anything, stepMs: rules.anything };

function checkClock(clock: FixedClock): void {
  checkOptionRules(clock, clockRules, "clock");
  const { start, stepMs = 0 } = clock;
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
