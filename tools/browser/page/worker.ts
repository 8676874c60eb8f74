import { run } from "@wasi-kit/runner/browser";
import type { BrowserRunOptions } from "@wasi-kit/runner/browser";

addEventListener("message", async ({ data }: MessageEvent<[Uint8Array, BrowserRunOptions]>) => {
  postMessage(await run(...data));
});
