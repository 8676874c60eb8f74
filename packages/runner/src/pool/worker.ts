import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { cpuMsAt } from "../explain/call-counts.ts";
import type { Host } from "../host/host.ts";
import { nodeHost } from "../host/node.ts";
import { ownCpuMs, ownThread } from "../host/thread-cpu-time.ts";
import type { LoadedModule } from "../module/module.ts";
import type { OutputTarget } from "../options.ts";
import type { Capture, Captures } from "../stdio/capture.ts";
import { makeRun } from "./make-run.ts";
import type { WorkerOutput } from "./messages.ts";
import { createRingWriter } from "./ring-buffer.ts";
import type { RingWriter } from "./ring-buffer.ts";
import { serveInstance } from "./serve-instance.ts";
import type { ServedInstance } from "./serve-instance.ts";
import { createStreamReader } from "./stream-stdin.ts";
import type { ModuleRequest, ThreadMessage, ThreadRequest, ThreadSetup } from "./thread-messages.ts";

// A worker of a pool. It makes one run at a time, or has one instance, as it is requested.

const port = parentPort as MessagePort;
const send = (message: ThreadMessage): void => port.postMessage(message);
const { ringBuffers, requestCount, counts } = workerData as ThreadSetup;
const [out, err] = ringBuffers.map((buffer) => createRingWriter(buffer, () => send({ kind: "output" }))) as [
  RingWriter,
  RingWriter,
];
const captures: Captures = { stdout: captureInto(out), stderr: captureInto(err), counts };
/** Node.js; and the pool sees how much CPU time this thread has used before a run. */
const host: Host = {
  ...nodeHost,
  cpuMs() {
    const ms = ownCpuMs();
    counts[cpuMsAt] = ms ?? 0;
    return ms;
  },
};
const modules = new Map<number, LoadedModule>();
/** How many requests came. */
let received = 0;
const nextRequestMs = 1;

port.on("message", (first: ThreadRequest) => void serve(first));
send({ kind: "ready", thread: ownThread() });

let instance: ServedInstance | undefined;
let stdinPort: MessagePort | undefined;

async function serve(first: ThreadRequest): Promise<void> {
  received++;
  for (let request: ThreadRequest | undefined = first; request; request = nextSoon()) {
    if ("id" in request) await begin(request);
    else send((instance as ServedInstance).answer(request));
    if (request.kind === "instantiate" || request.kind === "call" || request.kind === "memory") continue;
    stdinPort?.close();
    instance = undefined;
  }
}

async function begin({ kind, id, loaded, clearsModules, options, stdin }: ModuleRequest): Promise<void> {
  if (clearsModules) modules.clear();
  if (loaded) modules.set(id, loaded);
  stdinPort = stdin?.port;
  const streams = {
    ...(stdin ? { stdin: createStreamReader(stdin) } : {}),
    stdout: outputInto(out, err, options.stdout),
    stderr: outputInto(err, out, options.stderr),
  };
  const module = modules.get(id) as LoadedModule;
  if (kind === "run") send(await makeRun(host, module, options, streams, captures));
  else {
    instance = await serveInstance(host, module, options, streams, captures);
    send(instance.start);
  }
}

/** A busy pool sends the next request at once: to wait for it here is faster than the event loop. */
function nextSoon(): ThreadRequest | undefined {
  Atomics.wait(requestCount, 0, received, nextRequestMs);
  const next = receiveMessageOnPort(port) as { message: ThreadRequest } | undefined;
  if (next) received++;
  return next?.message;
}

function captureInto(ring: RingWriter): Capture {
  return { add: ring.write, content: () => new Uint8Array() };
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
