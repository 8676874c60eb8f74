import {
  explain,
  formatCall,
  formatFrame,
  inspect,
  listDifferences,
  run,
  WasiKitError,
} from "@wasi-kit/runner/browser";
import type { BrowserRunOptions, CallingGuest, RunResult, TracedCall } from "@wasi-kit/runner/browser";
import type { CallRow, Question, Questions, RunFailure, RunMessage, RunRequest, SentOptions } from "./messages.ts";

// Makes runs, one at a time, in a thread of its own: the page ends a run by ending the worker.

const send = (message: RunMessage): void => postMessage(message);

/** How many events of a run are sent one by one, at once: what a guest did before it hangs is then there. */
const maxSingleEvents = 2000;
/** How long, after that, events are kept to be sent together, in milliseconds. */
const batchMs = 20;
/** How many calls of a run the page gets. A table of more is of no use to a reader. */
const maxCalls = 2000;

/** The guest of the last run: its memory can still be read. */
let guest: CallingGuest | undefined;

async function makeRun({ module, options }: Extract<RunRequest, { kind: "run" }>): Promise<void> {
  guest = undefined;
  const events = createEvents();
  try {
    const result = await run(module, withObservers(options, events));
    events.flush();
    send({ kind: "end", end: endOf(result, module, options) });
  } catch (error) {
    events.flush();
    send({ kind: "failed", failure: failureOf(error, module, options) });
  }
}

function failureOf(error: unknown, module: Uint8Array, options: SentOptions): RunFailure {
  if (!(error instanceof WasiKitError)) return { code: "E_INTERNAL", message: String(error), exitCode: 1 };
  const { code, message, exitCode } = error;
  return { code, message, exitCode, ...explained({ code, message }, module, options) };
}

const answers: {
  [Kind in keyof Questions]: (
    asked: Questions[Kind]["asked"],
  ) => Questions[Kind]["answer"] | Promise<Questions[Kind]["answer"]>;
} = {
  memory({ address, size }) {
    const total = guest ? sizeOf(guest) : 0;
    const start = Math.min(address, total);
    const bytes = guest && total > start ? guest.bytes(start, Math.min(size, total - start)).slice() : new Uint8Array();
    return { address: start, bytes, total };
  },
  inspect: ({ module }) => inspect(module).catch((error: Error) => error.message),
};

addEventListener("message", async ({ data }: MessageEvent<RunRequest>) => {
  if (data.kind === "run") return makeRun(data);
  const { id, question } = data;
  const answer = answers[question.kind] as (asked: Question) => ReturnType<(typeof answers)[keyof typeof answers]>;
  return send({ kind: "answer", id, answer: await answer(question) });
});

function withObservers(options: SentOptions, events: Events): BrowserRunOptions {
  return {
    ...options,
    stdout: (chunk) => events.output("stdout", chunk),
    stderr: (chunk) => events.output("stderr", chunk),
    trace: events.call,
    // It gives the guest no function, and is given the guest.
    imports: (calling) => {
      guest = calling;
      return {};
    },
  };
}

/** A guest that exports no memory has none to be shown. */
function sizeOf(calling: CallingGuest): number {
  try {
    return calling.view().byteLength;
  } catch {
    return 0;
  }
}

function endOf(result: RunResult, module: Uint8Array, options: SentOptions) {
  const { outcome, exitCode, durationMs, memoryBytes, limit, trap, changes = {} } = result;
  return {
    outcome,
    exitCode,
    durationMs,
    memoryBytes,
    ...(limit ? { limit } : {}),
    ...(trap
      ? {
          trap: {
            message: trap.message,
            frames: trap.frames.map((frame) => ({
              text: formatFrame(frame),
              ...(frame.source ? { source: frame.source } : {}),
            })),
          },
        }
      : {}),
    changes: listDifferences(changes, options.preopens ?? {}),
    ...explained(result, module, options),
  };
}

function explained(end: Parameters<typeof explain>[0]["end"], module: Uint8Array, options: SentOptions) {
  const explanation = explain({ end, options: options as never, bytes: () => module });
  return explanation ? { explanation } : {};
}

interface Events {
  output(stream: "stdout" | "stderr", chunk: Uint8Array): void;
  call(call: TracedCall): void;
  /** Sends what was kept. */
  flush(): void;
}

/** Sends what a guest does while it does it; from a guest that does very much, several events together. */
function createEvents(): Events {
  let sent = 0;
  let flushedAt = performance.now();
  let chunks: Uint8Array[] = [];
  let stream: "stdout" | "stderr" = "stdout";
  let calls: CallRow[] = [];
  let seen = 0;
  const flush = (): void => {
    flushedAt = performance.now();
    if (chunks.length > 0) send({ kind: "output", stream, bytes: joined(chunks) });
    if (calls.length > 0) send({ kind: "calls", calls, left: seen - Math.min(seen, maxCalls) });
    [chunks, calls] = [[], []];
  };
  const added = (): void => {
    if (++sent <= maxSingleEvents || performance.now() - flushedAt > batchMs) flush();
  };
  return {
    flush() {
      flush();
      if (seen > maxCalls) send({ kind: "calls", calls: [], left: seen - maxCalls });
    },
    output(to, chunk) {
      if (to !== stream) flush();
      stream = to;
      chunks.push(chunk.slice());
      added();
    },
    call(call) {
      if (++seen > maxCalls) return;
      calls.push(rowOf(call));
      added();
    },
  };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const all = new Uint8Array(chunks.reduce((sum, it) => sum + it.length, 0));
  let at = 0;
  for (const it of chunks) {
    all.set(it, at);
    at += it.length;
  }
  return all;
}

/** A call in parts, as `formatCall` writes them. */
function rowOf(call: TracedCall): CallRow {
  const { durationMs: _time, results: _results, ...rest } = call;
  const { errno: _errno, ...passed } = rest as typeof rest & { errno?: string };
  const left = formatCall(passed as TracedCall);
  const { durationMs: _duration, ...untimed } = call;
  const whole = formatCall(untimed as TracedCall);
  const name = "module" in call ? `${call.module}.${call.name}` : call.name;
  return {
    ...("module" in call ? { module: call.module } : {}),
    name: call.name,
    args: left.slice(name.length),
    ...(whole.length > left.length ? { result: whole.slice(left.length + " = ".length) } : {}),
    failed: "errno" in call && call.errno !== "success",
    ...(call.durationMs === undefined ? {} : { durationMs: call.durationMs }),
  };
}
