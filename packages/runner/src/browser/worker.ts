import { createCallCounts } from "../explain/call-counts.ts";
import { browserHost } from "../host/browser.ts";
import type { OutputTarget } from "../options.ts";
import { makeRun } from "../pool/make-run.ts";
import type { Capture } from "../stdio/capture.ts";
import type { WebMessage, WebRequest } from "./messages.ts";
import { createOutputSender } from "./output-sender.ts";

// A web worker of a pool. It makes one run at a time, as it is requested.

const send = (message: WebMessage): void => postMessage(message);

addEventListener("message", async ({ data: { loaded, options } }: MessageEvent<WebRequest>) => {
  const output = createOutputSender(send);
  const captureOf = (stream: "stdout" | "stderr"): Capture => ({
    add: (bytes) => output.write(stream, bytes),
    content: () => new Uint8Array(),
  });
  const target = (stream: "stdout" | "stderr"): OutputTarget =>
    options[stream] === "call" ? (bytes) => output.write(stream, bytes) : "capture";
  const streams = { stdout: target("stdout"), stderr: target("stderr") };
  const end = await makeRun(browserHost, loaded, options, streams, {
    stdout: captureOf("stdout"),
    stderr: captureOf("stderr"),
    counts: createCallCounts(),
  });
  output.flush();
  send(end);
});
send({ kind: "ready" });
