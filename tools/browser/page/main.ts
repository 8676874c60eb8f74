import * as runner from "@wasi-kit/runner/browser";
import type { BrowserRunOptions, RunResult } from "@wasi-kit/runner/browser";

declare global {
  /** Tests call the runner through these: in the page, and in a web worker of it. */
  var wasiKit: typeof runner & { runInWorker: typeof runInWorker };
}

/** Calls `run` in a web worker. */
function runInWorker(bytes: Uint8Array, options: BrowserRunOptions): Promise<RunResult> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return new Promise((resolve) => {
    worker.addEventListener("message", ({ data }: MessageEvent<RunResult>) => {
      worker.terminate();
      resolve(data);
    });
    worker.postMessage([bytes, options]);
  });
}

globalThis.wasiKit = { ...runner, runInWorker };
