import { createCapture } from "../stdio/capture.ts";
import { WasiKitError } from "../error.ts";
import { isStream } from "../options.ts";
import type { Output, RunOptions } from "../options.ts";
import { fullPreopen } from "../preopens/preopen.ts";
import { createResult, endOf } from "../result.ts";
import type { Ending, Figures, RunResult } from "../result.ts";
import type { Numbered } from "./module-cache.ts";
import type { WorkerOptions, WorkerOutput } from "./messages.ts";
import { resolvable } from "./promise-with-resolvers.ts";

/** A run that was asked for. */
export interface Job {
  readonly module: Numbered;
  readonly options: RunOptions;
  readonly result: Promise<RunResult>;
  /** Take what the guest wrote to stdout and to stderr. */
  takeOut(bytes: Uint8Array): void;
  takeErr(bytes: Uint8Array): void;
  /** Settles the result. */
  finish(ending: Ending, figures: Figures): void;
  /** Settles it where there is none. */
  fail(error: unknown): void;
}

/** The error for a run that was ended before it began. */
export const aborted = (cause: unknown): WasiKitError =>
  new WasiKitError("E_ABORTED", "The run was aborted before it began.", { cause });

/** A run that has yet to begin. */
export function createJob(module: Numbered, options: RunOptions): Job {
  const { stdout = "capture", stderr = "capture" } = options;
  const [out, err] = [createCapture(), createCapture()];
  const { promise: result, resolve, reject } = resolvable<RunResult>();
  return {
    module,
    options,
    result,
    takeOut: typeof stdout === "function" ? stdout : out.add,
    takeErr: typeof stderr === "function" ? stderr : err.add,
    finish: (ending, figures) =>
      resolve(createResult(endOf(ending, module.loaded), out.content(), err.content(), figures)),
    fail: reject,
  };
}

/**
 * The options that a worker gets: those that can be sent.
 *
 * @throws WasiKitError `E_OPTION`
 */
export function workerOptions(options: RunOptions): WorkerOptions {
  const { signal: _signal, breakOnSigint: _breakOnSigint, stdin, stdout, stderr, ...rest } = options;
  if (typeof stdin === "object" && "poll" in stdin) {
    throw new WasiKitError(
      "E_OPTION",
      "stdin that is made by functions can't be read in a worker: pass text, bytes, a file, a descriptor or a stream.",
    );
  }
  for (const [guestPath, granted] of Object.entries(rest.preopens ?? {})) {
    if (!("fileSystem" in fullPreopen(granted))) continue;
    throw new WasiKitError(
      "E_OPTION",
      `The preopen ${guestPath} is an object of this thread, which a worker can't use.\n` +
        'Pass { files } or { path, access: "copy-on-write" }: the changes are in the result.',
    );
  }
  if (typeof rest.trace === "function") {
    throw new WasiKitError(
      "E_OPTION",
      "A function can't be told of the calls in a worker: pass trace: true, and they are in the result.",
    );
  }
  return {
    ...rest,
    ...(stdin === undefined || isStream(stdin) ? {} : { stdin }),
    stdout: workerOutput(stdout),
    stderr: workerOutput(stderr),
  };
}

const workerOutput = (where: Output = "capture"): WorkerOutput => (typeof where === "function" ? "call" : where);
