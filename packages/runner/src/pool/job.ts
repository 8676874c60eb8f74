import { WasiKitError } from "../error.ts";
import { isStream } from "../options.ts";
import type { OutputTarget, RunOptions } from "../options.ts";
import { normalizePreopen } from "../preopens/preopen.ts";
import { createResult } from "../result.ts";
import type { CompletedRun, RunResult } from "../result.ts";
import { createCapture } from "../stdio/capture.ts";
import type { WorkerOptions, WorkerOutput } from "./messages.ts";
import type { CachedModule } from "./module-cache.ts";
import { promiseWithResolvers } from "./promise-with-resolvers.ts";

/** A run that a pool was asked for. */
export interface Job {
  readonly module: CachedModule;
  readonly options: RunOptions;
  readonly result: Promise<RunResult>;
  onStdout(bytes: Uint8Array): void;
  onStderr(bytes: Uint8Array): void;
  resolve(run: CompletedRun): void;
  reject(error: unknown): void;
}

/** The error of a run that was aborted before it began. */
export const abortedError = (cause: unknown): WasiKitError =>
  new WasiKitError("E_ABORTED", "The run was aborted before it began.", { cause });

/** A run that has yet to begin. */
export function createJob(module: CachedModule, options: RunOptions): Job {
  const { stdout = "capture", stderr = "capture" } = options;
  const [out, err] = [createCapture(), createCapture()];
  const { promise: result, resolve, reject } = promiseWithResolvers<RunResult>();
  return {
    module,
    options,
    result,
    onStdout: typeof stdout === "function" ? stdout : out.add,
    onStderr: typeof stderr === "function" ? stderr : err.add,
    resolve: (run) => resolve(createResult(run, module.loaded, out.content(), err.content())),
    reject,
  };
}

/**
 * The options that a worker gets: those that can be sent.
 *
 * @throws WasiKitError `E_OPTION`
 */
export function workerOptions(options: RunOptions): WorkerOptions {
  const { signal: _signal, handleSigint: _handleSigint, stdin, stdout, stderr, ...rest } = options;
  if (typeof stdin === "object" && "poll" in stdin) {
    throw new WasiKitError(
      "E_OPTION",
      "stdin that is made by functions can't be read in a worker: pass text, bytes, a file, a descriptor or a stream.",
    );
  }
  for (const [guestPath, granted] of Object.entries(rest.preopens ?? {})) {
    if (!("fileSystem" in normalizePreopen(granted))) continue;
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

const workerOutput = (target: OutputTarget = "capture"): WorkerOutput =>
  typeof target === "function" ? "call" : target;
