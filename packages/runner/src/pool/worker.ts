import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { WasiKitError } from "../error.ts";
import { createCommand, runCommand } from "../guest/command.ts";
import type { Guest } from "../guest/guest.ts";
import type { LoadedModule } from "../module/load-module.ts";
import type { OutputTarget } from "../options.ts";
import type { Capture, Captures } from "../stdio/capture.ts";
import type { RunRequest, WorkerMessage, WorkerOutput, WorkerSetup } from "./messages.ts";
import { createRingWriter } from "./ring-buffer.ts";
import type { RingWriter } from "./ring-buffer.ts";
import { createStreamReader } from "./stream-stdin.ts";

// A worker of a pool. It makes one run at a time, as it is requested.

const port = parentPort as MessagePort;
const send = (message: WorkerMessage): void => port.postMessage(message);
const { ringBuffers, requestCount } = workerData as WorkerSetup;
const [out, err] = ringBuffers.map((buffer) => createRingWriter(buffer, () => send({ kind: "output" }))) as [
  RingWriter,
  RingWriter,
];
const captures: Captures = [captureInto(out), captureInto(err)];
const modules = new Map<number, LoadedModule>();
/** How many requests came. */
let received = 0;
const nextRequestMs = 1;

port.on("message", (first: RunRequest) => {
  received++;
  for (let request: RunRequest | undefined = first; request; request = nextSoon()) {
    send(run(request));
  }
});
send({ kind: "ready" });

/** A busy pool sends the next request at once: to wait for it here is faster than the event loop. */
function nextSoon(): RunRequest | undefined {
  Atomics.wait(requestCount, 0, received, nextRequestMs);
  const next = receiveMessageOnPort(port) as { message: RunRequest } | undefined;
  if (next) received++;
  return next?.message;
}

function run({ id, loaded, clearsModules, options, stdin }: RunRequest): WorkerMessage {
  if (clearsModules) modules.clear();
  if (loaded) modules.set(id, loaded);
  const granted = {
    ...options,
    ...(stdin ? { stdin: createStreamReader(stdin) } : {}),
    stdout: outputInto(out, err, options.stdout),
    stderr: outputInto(err, out, options.stderr),
  };
  let guest: Guest | undefined;
  try {
    guest = createCommand(modules.get(id) as LoadedModule, granted, captures);
    return { kind: "completed", ...runCommand(guest) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { kind: "failed", message, stack, code: error instanceof WasiKitError ? error.code : undefined };
  } finally {
    guest?.close();
    stdin?.port.close();
  }
}

function captureInto(ring: RingWriter): Capture {
  return { add: ring.write, content: () => Buffer.alloc(0) };
}

function outputInto(ring: RingWriter, other: RingWriter, target: WorkerOutput): OutputTarget {
  if (target !== "call") return target;
  return (bytes) => {
    // An answer must not come before its question, which may be in the other stream.
    other.flush();
    ring.write(bytes);
    ring.notifyReader();
  };
}
