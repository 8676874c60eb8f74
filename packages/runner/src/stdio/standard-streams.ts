import { readFileSync } from "node:fs";
import { bytesOf, bytesSource, functionSink, outputTo, stdinFrom } from "@wasi-kit/wasi";
import type { StdioStream, StreamSource } from "@wasi-kit/wasi";
import { hostInput, hostOutput } from "@wasi-kit/wasi/node";
import type { Captures } from "./capture.ts";
import { WasiKitError } from "../error.ts";
import type { Input, SyncRunOptions } from "../options.ts";
import { endOnBrokenPipe, limitOutput } from "../limits/output-end.ts";

/** How much is captured, unless a run says otherwise: a guest that floods its output must not fill our memory. */
const maxCapturedBytes = 64 * 1024 * 1024;

/** The streams of a guest. */
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
  { stdin = "", stdout = "capture", stderr = "capture", maxOutputBytes, breakOnPipe }: SyncRunOptions,
  [capturedOut, capturedErr]: Captures,
): StandardStreams {
  const out = outputStream("stdout", stdout, capturedOut.add);
  const err = outputStream("stderr", stderr, capturedErr.add);
  if (breakOnPipe) endOnBrokenPipe([out, err]);
  if (maxOutputBytes !== undefined) limitOutput(maxOutputBytes, [out, err]);
  else limitOutput(maxCapturedBytes, [...(stdout === "capture" ? [out] : []), ...(stderr === "capture" ? [err] : [])]);
  return { stdin: stdinFrom(source(stdin)), stdout: out, stderr: err };
}

function source(from: Input): StreamSource {
  const content = typeof from === "string" ? from : bytesOf(from);
  if (content !== undefined) return bytesSource(content);
  const place = from as Exclude<Input, string | ArrayBuffer | ArrayBufferView>;
  if ("read" in place) return { isTerminal: () => false, read: place.read, poll: place.poll };
  return "fd" in place ? hostInput(place.fd) : bytesSource(readInput(place.file));
}

function readInput(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new WasiKitError("E_STDIN", `The file ${file}, which is to be stdin, can't be read (${code}).`, { cause });
  }
}

function outputStream(
  name: "stdout" | "stderr",
  where: NonNullable<SyncRunOptions["stdout"]>,
  capture: (bytes: Uint8Array) => void,
): StdioStream {
  if (where === "capture") return outputTo(name, functionSink(capture));
  if (typeof where === "object") return outputTo(name, hostOutput(where.fd));
  // A copy: the guest may change its memory while the function still has the bytes.
  return outputTo(
    name,
    functionSink((bytes) => where(bytes.slice())),
  );
}
