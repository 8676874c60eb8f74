import type {
  CallRow,
  Inspection,
  MemoryPart,
  Question,
  Questions,
  RunEnd,
  RunFailure,
  RunMessage,
  RunRequest,
  SentOptions,
} from "./messages.ts";

/** What a run is made of. */
interface RunJob {
  readonly module: Uint8Array;
  readonly options: SentOptions;
  /** After how many milliseconds the run is ended. */
  readonly timeoutMs: number;
  onOutput(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  /** @param left - how many calls there were that were not sent */
  onCalls(calls: readonly CallRow[], left: number): void;
}

/** How a run ended, or why it could not start. */
export type RunOutcome = ({ readonly kind: "end" } & RunEnd) | ({ readonly kind: "failed" } & RunFailure);

/** Makes runs in a web worker, one at a time. */
export interface Runner {
  run(job: RunJob): Promise<RunOutcome>;
  /** Ends the run that is being made, if any, at once. */
  stop(): void;
  /** Bytes of the memory that the last run left, and how large it is: 0 if it was ended, or has none. */
  memory(address: number, size: number): Promise<MemoryPart>;
  /** What a module is; its problem, if it is none. */
  inspect(module: Uint8Array): Promise<Inspection | string>;
  close(): void;
}

const ends = {
  aborted: { outcome: "aborted", exitCode: 130 },
  "timed-out": { outcome: "timed-out", exitCode: 124, limit: "timeoutMs" },
} as const;

/** Starts the worker, so that the first run need not wait for it. */
export function createRunner(): Runner {
  let worker = startWorker();
  let lastId = 0;
  let onMessage: ((message: RunMessage) => void) | undefined;
  let interrupt: ((why: keyof typeof ends) => void) | undefined;
  /** Questions that are not answered yet. */
  const waiting = new Map<number, { readonly question: Question; readonly resolve: (answer: never) => void }>();

  function startWorker(): Worker {
    const started = new Worker(new URL("./run-worker.ts", import.meta.url), { type: "module", name: "run" });
    started.addEventListener("message", ({ data }: MessageEvent<RunMessage>) => {
      if (started !== worker) return;
      if (data.kind !== "answer") return onMessage?.(data);
      waiting.get(data.id)?.resolve(data.answer as never);
      waiting.delete(data.id);
    });
    started.addEventListener("error", ({ message }) => {
      onMessage?.({
        kind: "failed",
        failure: { code: "E_INTERNAL", message: message || "The worker's script can't be loaded.", exitCode: 1 },
      });
    });
    return started;
  }
  const request = (it: RunRequest): void => worker.postMessage(it);
  const restart = (): void => {
    worker.terminate();
    worker = startWorker();
    for (const [id, { question }] of waiting) request({ kind: "question", id, question });
  };
  const ask = <Kind extends keyof Questions>(
    kind: Kind,
    asked: Questions[Kind]["asked"],
  ): Promise<Questions[Kind]["answer"]> =>
    new Promise((resolve) => {
      const [id, question] = [++lastId, { kind, ...asked } as Question];
      waiting.set(id, { question, resolve });
      request({ kind: "question", id, question });
    });

  return {
    async run({ module, options, timeoutMs, onOutput, onCalls }) {
      const started = performance.now();
      const stopped = await new Promise<RunOutcome | keyof typeof ends>((resolve) => {
        const timer = setTimeout(() => resolve("timed-out"), timeoutMs);
        const settle = (it: RunOutcome | keyof typeof ends): void => {
          clearTimeout(timer);
          resolve(it);
        };
        interrupt = settle;
        onMessage = (message) => {
          if (message.kind === "output") onOutput(message.stream, message.bytes);
          else if (message.kind === "calls") onCalls(message.calls, message.left);
          else if (message.kind === "end") settle({ kind: "end", ...message.end });
          else if (message.kind === "failed") settle({ kind: "failed", ...message.failure });
        };
        request({ kind: "run", module, options });
      });
      [interrupt, onMessage] = [undefined, undefined];
      if (typeof stopped !== "string") return stopped;
      const durationMs = performance.now() - started;
      restart();
      // What it changed and left in its memory was lost with its worker.
      return { kind: "end", ...ends[stopped], durationMs, memoryBytes: 0, changes: [] };
    },
    stop: () => interrupt?.("aborted"),
    memory: (address, size) => ask("memory", { address, size }),
    inspect: (module) => ask("inspect", { module }),
    close: () => worker.terminate(),
  };
}
