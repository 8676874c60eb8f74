import { browserHost } from "../host/browser.ts";
import { workerOptions } from "../pool/job.ts";
import type { Job } from "../pool/job.ts";
import type { PooledWorker } from "../pool/pool-host.ts";
import { createRunHandle } from "../pool/run-handle.ts";
import type { RunHandle } from "../pool/run-handle.ts";
import { settleJob } from "../pool/settle-job.ts";
import type { Outcome } from "../outcome.ts";
import { requireNoPromise } from "../stdio/no-promise.ts";
import type { WebMessage, WebRequest } from "./messages.ts";

/** Outcomes that leave a worker short of memory. */
const unusableAfter: ReadonlySet<Outcome> = new Set(["out-of-memory"]);
/** How long output that is on its way has to arrive: it is lost with its worker. */
const arrivalMs = 10;

/** Starts a web worker. */
export function startWebWorker(): PooledWorker {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  let runs = 0;
  let current: { readonly job: Job; readonly handle: RunHandle } | undefined;
  let exitError: Error | undefined;
  let isTerminated = false;

  const started = new Promise<Error | undefined>((resolve) => {
    worker.addEventListener("message", ({ data }: MessageEvent<WebMessage>) => {
      if (data.kind === "ready") resolve(undefined);
      else if (data.kind === "output") pass(data.stream, data.bytes);
      else current?.handle.onMessage(data);
    });
    worker.addEventListener("error", ({ message }) => {
      exitError ??= new Error(`A web worker of the pool failed: ${message || "its script can't be loaded"}.`);
      current?.handle.onExit(exitError);
      resolve(exitError);
    });
  });
  const pass = (stream: "stdout" | "stderr", bytes: Uint8Array<ArrayBuffer>): void => {
    const run = current;
    const fail = (error: unknown): void => run?.handle.stop({ error });
    try {
      requireNoPromise(run?.job[stream].write(bytes, fail), false);
    } catch (error) {
      fail(error);
    }
  };
  const terminate = async (): Promise<void> => {
    isTerminated = true;
    if (current) await new Promise((resolve) => setTimeout(resolve, arrivalMs));
    worker.terminate();
  };
  const stop = (): void => current?.handle.stop({ outcome: "aborted" });

  return {
    started,
    runs: () => runs,
    isAlive: () => exitError === undefined,
    async run(job, { loaded }) {
      // A pool of web workers makes no instances.
      if (job.kind !== "run") return true;
      runs++;
      const make = (): RunHandle["done"] => {
        const request: WebRequest = { loaded, options: workerOptions(job.options, browserHost) };
        const handle = createRunHandle({ terminate }, job.timeoutMs);
        current = { job, handle };
        job.begin();
        worker.postMessage(request);
        return handle.done;
      };
      const isReusable = await settleJob(job, loaded, { make, stop, unusableAfter });
      current = undefined;
      return isReusable && !isTerminated;
    },
    abort: stop,
    terminate,
  };
}
