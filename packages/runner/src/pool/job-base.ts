import type { RunOptions } from "../options.ts";
import { isInputStream, isOutputStream } from "../stdio/streams.ts";
import { inputChunks } from "./input-chunks.ts";
import type { InputChunks } from "./input-chunks.ts";
import { createJobOutput } from "./job-output.ts";
import type { JobOutput } from "./job-output.ts";

/** What a pool was asked for: a worker's time, with what a guest is granted. */
export interface JobBase {
  /** Whose it is: see {@link PoolRunOptions}. */
  readonly key: string;
  readonly options: RunOptions;
  /** After how many milliseconds the pool ends a run, or a call. Default: never. */
  readonly timeoutMs: number | undefined;
  /** What the guest reads from stdin, if it is a stream. */
  readonly input: InputChunks | undefined;
  readonly stdout: JobOutput;
  readonly stderr: JobOutput;
  /** Settled when the worker is not needed any more. */
  readonly result: Promise<unknown>;
  /** Call it when its worker is asked for it. */
  begin(): void;
  reject(error: unknown): void;
}

/** What a job is made of. */
export type JobRequest = Pick<JobBase, "key" | "options" | "timeoutMs">;

/** The streams of a guest, in the thread that asked for it. */
interface JobStreams {
  readonly input: InputChunks | undefined;
  readonly stdout: JobOutput;
  readonly stderr: JobOutput;
}

/** @throws WasiKitError `E_STDIN` or `E_OUTPUT` for a stream that can't be used */
export function openStreams({ stdin, stdout = "capture", stderr = "capture" }: RunOptions): JobStreams {
  const opened: { end(): void }[] = [];
  const keep = <T extends { end(): void }>(it: T): T => {
    opened.push(it);
    return it;
  };
  try {
    const input = isInputStream(stdin) ? keep(inputChunks(stdin)) : undefined;
    const out = keep(createJobOutput("stdout", stdout));
    // A stream of the web has one writer.
    const isOne = isOutputStream(stdout) && stdout === stderr;
    return { input, stdout: out, stderr: isOne ? out : keep(createJobOutput("stderr", stderr)) };
  } catch (error) {
    for (const it of opened) it.end();
    throw error;
  }
}

/** Gives streams back. */
export function endStreams({ input, stdout, stderr }: JobStreams): void {
  for (const it of [input, stdout, stderr]) it?.end();
}
