import type { AsyncOutputTarget } from "../options.ts";
import { createCapture } from "../stdio/capture.ts";
import { isOutputStream } from "../stdio/streams.ts";
import { BrokenStream, outputWriter } from "./output-writer.ts";

/** One of the two outputs of a run, in the thread that asked for the run. */
export interface JobOutput {
  /**
   * Takes some bytes. If it returns a promise, the next ones have to wait for that,
   * and it never rejects. After a failure it drops them.
   *
   * @param onFailure - called if they are not taken: with a {@link BrokenStream}, or what a function threw
   */
  write(bytes: Uint8Array<ArrayBuffer>, onFailure: (error: unknown) => void): Promise<void> | undefined;
  /** What was captured. */
  content(): Uint8Array<ArrayBuffer>;
  /** Why its stream took no more, if it did not. */
  broken(): BrokenStream | undefined;
  /** Call it when the run has ended. */
  end(): void;
}

/** @throws WasiKitError `E_OUTPUT` for a stream that can't be written */
export function createJobOutput(name: "stdout" | "stderr", target: AsyncOutputTarget): JobOutput {
  if (typeof target !== "function" && !isOutputStream(target)) {
    const { add, content } = createCapture();
    const write = (bytes: Uint8Array): undefined => void add(bytes);
    return { write, content, broken: () => undefined, end() {} };
  }
  const writer = outputWriter(name, target);
  let failure: { readonly error: unknown } | undefined;
  return {
    write(bytes, onFailure) {
      if (failure) {
        onFailure(failure.error);
        return undefined;
      }
      const fail = (error: unknown): void => {
        failure = { error };
        onFailure(error);
      };
      try {
        return writer.write(bytes)?.catch(fail);
      } catch (error) {
        fail(error);
        return undefined;
      }
    },
    content: () => new Uint8Array(),
    broken: () => (failure?.error instanceof BrokenStream ? failure.error : undefined),
    end: writer.end,
  };
}
