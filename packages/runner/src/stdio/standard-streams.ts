import { bytesOf, bytesSource, functionSink, outputTo, stdinFrom } from "@wasi-kit/wasi";
import type { StdioStream, StreamSink, StreamSource } from "@wasi-kit/wasi";
import type { Captures } from "./capture.ts";
import { requireNoPromise } from "./no-promise.ts";
import type { Host } from "../host/host.ts";
import type { OutputTarget, Stdin, SyncRunOptions } from "../options.ts";
import { endOnBrokenPipe, limitInput, limitOutput } from "../limits/stream-limits.ts";

/** The default limit: a guest that floods its output must not fill our memory. */
const maxCapturedBytes = 64 * 1024 * 1024;

export interface StandardStreams {
  readonly stdin: StdioStream;
  readonly stdout: StdioStream;
  readonly stderr: StdioStream;
}

/**
 * The streams that a run was granted.
 *
 * @param captures - where captured output goes
 * @throws WasiKitError `E_STDIN`
 */
export function standardStreams(
  { stdin = "", stdout = "capture", stderr = "capture", maxOutputBytes, maxInputBytes, breakOnPipe }: SyncRunOptions,
  captures: Captures,
  host: Host,
): StandardStreams {
  const out = outputTo("stdout", sinkFor(stdout, captures.stdout.add, host));
  const err = outputTo("stderr", sinkFor(stderr, captures.stderr.add, host));
  if (breakOnPipe) endOnBrokenPipe([out, err]);
  if (maxOutputBytes !== undefined) limitOutput(maxOutputBytes, [out, err]);
  else limitOutput(maxCapturedBytes, [...(stdout === "capture" ? [out] : []), ...(stderr === "capture" ? [err] : [])]);
  const input = stdinFrom(stdinSource(stdin, host));
  if (maxInputBytes !== undefined) limitInput(maxInputBytes, input);
  return { stdin: input, stdout: out, stderr: err };
}

function stdinSource(stdin: Stdin, { files }: Host): StreamSource {
  const content = typeof stdin === "string" ? stdin : bytesOf(stdin);
  if (content !== undefined) return bytesSource(content);
  const other = stdin as Exclude<Stdin, string | ArrayBuffer | ArrayBufferView>;
  if ("read" in other) return { isTerminal: () => false, read: other.read, poll: other.poll };
  return files?.stdin(other) as StreamSource;
}

function sinkFor(target: OutputTarget, capture: (bytes: Uint8Array) => void, { files }: Host): StreamSink {
  if (target === "capture") return functionSink(capture);
  if (typeof target === "object") return files?.output(target.fd) as StreamSink;
  // A copy: the guest may change its memory while the function still has the bytes.
  return functionSink((bytes) => requireNoPromise(target(bytes.slice()), files !== undefined));
}
