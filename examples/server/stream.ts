import type { RunResult } from "@wasi-kit/runner";

/** The output of a run as it comes, a line of JSON for each piece, and its result in the last one. */
export interface OutputStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Fulfilled with the first output, or once the run has ended; rejected if it could not start. */
  readonly begun: Promise<void>;
}

type Output = (bytes: Uint8Array) => void;

/**
 * Streams a run.
 *
 * @param run - makes it, with where its output goes
 * @param describe - what the last line says
 */
export function streamRun(
  run: (stdout: Output, stderr: Output) => Promise<RunResult>,
  describe: (result: RunResult) => object,
): OutputStream {
  let begin: () => void;
  const hasOutput = new Promise<void>((resolve) => {
    begin = resolve;
  });
  let lines: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      lines = controller;
    },
    cancel() {
      lines = undefined;
    },
  });
  const write = (line: object): void => {
    lines?.enqueue(Buffer.from(`${JSON.stringify(line)}\n`));
    begin();
  };
  const output = (name: "stdout" | "stderr"): Output => {
    // A character may come in two pieces: the decoder keeps the first one until the second is there.
    const decoder = new TextDecoder();
    return (bytes) => write({ [name]: decoder.decode(bytes, { stream: true }) });
  };
  const makeRun = async (): Promise<void> => {
    try {
      write(describe(await run(output("stdout"), output("stderr"))));
      lines?.close();
    } catch (error) {
      lines?.error(error);
      throw error;
    }
  };
  return { body, begun: Promise.race([hasOutput, makeRun()]) };
}
