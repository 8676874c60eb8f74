import type { RunResult } from "@wasi-kit/runner";

/** The output of a run as it comes, a line of JSON for each piece, and its result in the last one. */
export interface OutputStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Fulfilled with the first output, or once the run has ended; rejected if it could not start. */
  readonly begun: Promise<void>;
}

/**
 * Streams a run. The program goes no faster than the client reads: each piece of
 * output waits until the one before it was sent.
 *
 * @param run - makes it, with where its output goes
 * @param describe - what the last line says
 */
export function streamRun(
  run: (stdout: WritableStream<Uint8Array>, stderr: WritableStream<Uint8Array>) => Promise<RunResult>,
  describe: (result: RunResult) => object,
): OutputStream {
  const { readable: body, writable } = new TransformStream<object, Uint8Array>({
    transform: (line, controller) => controller.enqueue(Buffer.from(`${JSON.stringify(line)}\n`)),
  });
  const lines = writable.getWriter();
  let begin: () => void;
  const hasBegun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const output = (name: "stdout" | "stderr"): WritableStream<Uint8Array> => {
    // A character may come in two pieces: the decoder keeps the first one until the second is there.
    const decoder = new TextDecoder();
    return new WritableStream({
      write(bytes) {
        begin();
        return lines.write({ [name]: decoder.decode(bytes, { stream: true }) });
      },
    });
  };
  const makeRun = async (): Promise<void> => {
    const result = await run(output("stdout"), output("stderr"));
    begin();
    await lines.write(describe(result));
    await lines.close();
  };
  // A client that went away ends its program: nobody is left to hear of it.
  const ended = makeRun().catch((error) => {
    void lines.abort(error).catch(() => {});
    throw error;
  });
  return { body, begun: Promise.race([hasBegun, ended]) };
}
