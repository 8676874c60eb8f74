import { WasiKitError } from "../error.ts";
import type { Host } from "../host/host.ts";
import { areInModule, moduleUrl } from "../imports/load-imports.ts";
import type { LoadedModule } from "../module/module.ts";
import type { AsyncOutputTarget, RunOptions } from "../options.ts";
import { normalizePreopen } from "../preopens/preopen.ts";
import { createResult } from "../result.ts";
import type { CompletedRun, RunResult } from "../result.ts";
import { isInputStream, isOutputStream } from "../stdio/streams.ts";
import type { InstanceJob } from "./instance-job.ts";
import { endStreams, openStreams } from "./job-base.ts";
import type { JobBase, JobRequest } from "./job-base.ts";
import type { JobOutput } from "./job-output.ts";
import type { WorkerOptions, WorkerOutput } from "./messages.ts";
import { promiseWithResolvers } from "./promise-with-resolvers.ts";

/** A run. */
export interface RunJob extends JobBase {
  readonly kind: "run";
  readonly result: Promise<RunResult>;
  resolve(run: CompletedRun, module: LoadedModule): void;
}

export type Job = RunJob | InstanceJob;

/**
 * A run that has yet to begin. Its streams are taken from here on, until its end.
 *
 * @throws WasiKitError `E_STDIN` or `E_OUTPUT` for a stream that can't be used
 */
export function createRunJob(host: Host, request: JobRequest): RunJob {
  const createdAt = performance.now();
  let queueMs = 0;
  const streams = openStreams(request.options);
  const { stdout, stderr } = streams;
  const { promise, resolve, reject } = promiseWithResolvers<RunResult>();
  return {
    kind: "run",
    ...request,
    ...streams,
    result: promise.finally(() => endStreams(streams)),
    begin() {
      queueMs = performance.now() - createdAt;
    },
    resolve(run, module) {
      const made = createResult(run, module, stdout.content(), stderr.content(), host);
      resolve(Object.assign(made, { queueMs }, brokenStreams(made, { stdout, stderr })));
    },
    reject,
  };
}

/** What a result says of streams that took no more. */
function brokenStreams(
  { outcome, lostOutput = [] }: RunResult,
  outputs: Readonly<Record<"stdout" | "stderr", JobOutput>>,
): Pick<RunResult, "lostOutput" | "outputErrors"> {
  const names = (["stdout", "stderr"] as const).filter((name) => outputs[name].broken());
  if (names.length === 0) return {};
  const errors = names.flatMap((name) => {
    const reason = outputs[name].broken()?.reason;
    return reason === undefined ? [] : [[name, reason]];
  });
  return {
    // Of a run that ended because of it, that is no news.
    ...(outcome === "broken-pipe" ? {} : { lostOutput: [...lostOutput, ...names] }),
    ...(errors.length > 0 ? { outputErrors: Object.fromEntries(errors) as RunResult["outputErrors"] & object } : {}),
  };
}

/**
 * The options that a worker gets: those that can be sent.
 *
 * @throws WasiKitError `E_OPTION`
 */
export function workerOptions(options: RunOptions, host: Host): WorkerOptions {
  const { signal: _signal, handleSigint: _handleSigint, stdin, stdout, stderr, imports, ...rest } = options;
  if (typeof stdin === "object" && "poll" in stdin) {
    throw new WasiKitError(
      "E_OPTION",
      "stdin that is made by functions can't be read in a worker: pass text, bytes, a file, a descriptor or a stream.",
    );
  }
  if (imports !== undefined && !areInModule(imports)) {
    throw new WasiKitError(
      "E_OPTION",
      "imports are functions of this thread, which a worker can't call.\n" +
        'Put them into a module as its default export, and pass that: imports: new URL("./functions.js", import.meta.url).',
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
      "trace can't be a function in a pool: the calls are made in a worker.\nPass trace: true, and they are in the result.",
    );
  }
  return {
    ...rest,
    ...(imports === undefined ? {} : { imports: moduleUrl(imports, host) }),
    ...(stdin === undefined || isInputStream(stdin) ? {} : { stdin }),
    stdout: workerOutput(stdout),
    stderr: workerOutput(stderr),
    breakOnPipe: rest.breakOnPipe ?? [stdout, stderr].some(isOutputStream),
  };
}

const workerOutput = (target: AsyncOutputTarget = "capture"): WorkerOutput =>
  typeof target === "function" || isOutputStream(target) ? "call" : target;
