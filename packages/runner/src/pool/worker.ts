import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { Capture, Captures } from "../stdio/capture.ts";
import { WasiKitError } from "../error.ts";
import type { LoadedModule } from "../module/load-module.ts";
import type { Output } from "../options.ts";
import type { Program } from "../guest/guest.ts";
import { execute, prepare } from "../guest/command.ts";
import type { Answer, Request, WorkerData, WorkerOutput } from "./messages.ts";
import { ringWriter } from "./ring-buffer.ts";
import type { RingWriter } from "./ring-buffer.ts";
import { streamInput } from "./stream-stdin.ts";

// A worker of a pool: makes one run at a time, as it is told.

const port = parentPort as MessagePort;
const answer = (it: Answer): void => port.postMessage(it);
const { rings, requests } = workerData as WorkerData;
const [out, err] = rings.map((ring) => ringWriter(ring, () => answer({ kind: "output" }))) as [RingWriter, RingWriter];
const captures: Captures = [captureInto(out), captureInto(err)];
const modules = new Map<number, LoadedModule>();
/** How many requests came. */
let received = 0;
const aMoment = 1; // millisecond

port.on("message", (first: Request) => {
  received++;
  for (let request: Request | undefined = first; request; request = nextSoon()) {
    answer(run(request));
  }
});
answer({ kind: "ready" });

/** Where there are many runs, the next one comes at once: to wait for it here is faster than the event loop. */
function nextSoon(): Request | undefined {
  Atomics.wait(requests, 0, received, aMoment);
  const next = receiveMessageOnPort(port) as { message: Request } | undefined;
  if (next) received++;
  return next?.message;
}

function run({ id, loaded, forgets, options, input }: Request): Answer {
  if (forgets) modules.clear();
  if (loaded) modules.set(id, loaded);
  const granted = {
    ...options,
    ...(input ? { stdin: streamInput(input) } : {}),
    stdout: outputInto(out, err, options.stdout),
    stderr: outputInto(err, out, options.stderr),
  };
  let program: Program | undefined;
  try {
    program = prepare(modules.get(id) as LoadedModule, granted, captures);
    return { kind: "ended", ...execute(program) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { kind: "failed", message, stack, code: error instanceof WasiKitError ? error.code : undefined };
  } finally {
    program?.close();
    input?.port.close();
  }
}

function captureInto(ring: RingWriter): Capture {
  return { add: ring.write, content: () => Buffer.alloc(0) };
}

function outputInto(ring: RingWriter, other: RingWriter, where: WorkerOutput): Output {
  if (where !== "call") return where;
  return (bytes) => {
    // An answer must not come before its question, which may stand in the other stream.
    other.drained();
    ring.write(bytes);
    ring.call();
  };
}
