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
   * with each write while the guest runs, and returns when the guest may go on; to
   * a descriptor of the host it is written at once. Default: `"capture"`.
   */
  stdout?: OutputTarget;
  /** Where stderr goes. Default: `"capture"`. */
  stderr?: OutputTarget;
  /** A clock that gives the same times in every run. Default: that of the host. */
  clock?: FixedClock;
  /** A whole number that makes random bytes repeat: they are the same in every run with it. Default: the randomness of the host. */
  randomSeed?: number;
  /**
   * Whether Ctrl-C (SIGINT) ends the run, with the outcome `aborted`, instead of
   * the process. In the main thread only. A loop of instructions that each take
   * long, such as `memory.fill`, ends only in a run that has a `timeoutMs`, too.
   * Default: `false`.
   */
  handleSigint?: boolean;
  /**
   * Whether a write to a pipe that nobody reads any more ends the run, with the
   * outcome `broken-pipe`, as SIGPIPE ends a program. If not, the call fails with
   * `pipe`. Default: `true` if stdout or stderr is a stream, else `false`.
   */
  breakOnPipe?: boolean;
  /**
   * What to do with the calls that the guest makes: a function is called with
   * each of them once it has returned (not from a worker), `true` puts the first
   * 100,000 into the result; those of a library are what its `trace()`
   * returns. Default: `false`.
   */
  trace?: boolean | ((call: TracedCall) => void);
  /**
   * Whether to record what the host gives to the run, so that `replay` can make it
   * again anywhere: `true` puts the recording into the result, `"with-module"` has it
   * contain the module, too. It holds all that the run was given: arguments,
   * variables, and what it read. Not with a module that comes compiled if it is to
   * be in it. Default: `false`.
   */
  record?: boolean | "with-module";
  /**
   * Functions of your own that the guest may call, by the module and the name by
   * which it imports them: `{ env: { log: (code: number) => console.log(code) } }`.
   * If they need its memory: a function that gets the guest, and returns them.
   * Those of WASI can't be replaced. What the module imports has to be there, with
   * as many parameters as the module passes (or none, as `(...args)` has). If one
   * throws, the run ends, with the outcome `host-error`. Default: none.
   *
   * @example
   * imports: (guest) => ({ env: { log: (address: number, size: number) => console.log(guest.text(address, size)) } })
   */
  imports?: Imports;
  /** `false` gives the module no WASI imports at all. Default: `true`. */
  wasi?: boolean;
}

/** What a run is granted that may be made in another thread, while this one goes on. */
export interface RunOptions
  extends Omit<SyncRunOptions, "stdin" | "stdout" | "stderr" | "imports">, Pick<WorkerLimits, "maxCpuMs"> {
  /**
   * As in {@link SyncRunOptions}, or a stream: a `Readable` of Node.js, a
   * `ReadableStream` or an async iterable of text or bytes. It is read as far as
   * the guest reads, and then left as it is. If it fails, the run fails with
   * `E_STDIN`.
   */
  stdin?: Stdin | InputStream;
  /**
   * As in {@link SyncRunOptions}, or an async function, or a stream: a `Writable`
   * of Node.js or a `WritableStream`. The guest waits until the function or the
   * stream has taken what it wrote (up to 256 KiB are on the way), and its time runs
   * meanwhile. What a function throws is what the run fails with. A stream that
   * fails, or that its reader closes, ends the run at the next write: see
   * `breakOnPipe`, and `outputErrors` of {@link RunResult}. It is not ended when
   * the run has ended. Default: `"capture"`.
   */
  stdout?: AsyncOutputTarget;
  /** Where stderr goes. Default: `"capture"`. */
  stderr?: AsyncOutputTarget;
  /**
   * As in {@link SyncRunOptions}, or the path or URL of a module of JavaScript
   * whose default export that is. A worker takes nothing else: it loads the
   * module, once.
   */
  imports?: Imports | string | URL;
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

/** Where output goes that the guest may have to wait for: besides, an async function or a stream. */
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

/** What a library is granted: it can't be recorded, since its functions are called by a program that has its memory. */
export type LibraryOptions = Omit<SyncRunOptions, "record">;

const { record: _record, ...ofLibraries } = syncRunOptionRules;

/** What each option of a library may be. */
export const libraryOptionRules: OptionRules<LibraryOptions> = ofLibraries;

/** What each option of a run may be that may be made in another thread. */
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
