import { readFileSync } from "node:fs";
import { bytesOf, bytesSource, functionSink, outputTo, stdinFrom } from "@wasi-kit/wasi";
import type { StdioStream, StreamSource } from "@wasi-kit/wasi";
import { hostInput, hostOutput } from "@wasi-kit/wasi/node";
import type { Captures } from "./capture.ts";
import { WasiKitError } from "../error.ts";
import type { OutputTarget, Stdin, SyncRunOptions } from "../options.ts";
import { endOnBrokenPipe, limitOutput } from "../limits/output-limit.ts";

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
  { stdin = "", stdout = "capture", stderr = "capture", maxOutputBytes, breakOnPipe }: SyncRunOptions,
  [capturedOut, capturedErr]: Captures,
): StandardStreams {
  const out = outputStream("stdout", stdout, capturedOut.add);
  const err = outputStream("stderr", stderr, capturedErr.add);
  if (breakOnPipe) endOnBrokenPipe([out, err]);
  if (maxOutputBytes !== undefined) limitOutput(maxOutputBytes, [out, err]);
  else limitOutput(maxCapturedBytes, [...(stdout === "capture" ? [out] : []), ...(stderr === "capture" ? [err] : [])]);
  return { stdin: stdinFrom(stdinSource(stdin)), stdout: out, stderr: err };
}

function stdinSource(stdin: Stdin): StreamSource {
  const content = typeof stdin === "string" ? stdin : bytesOf(stdin);
  if (content !== undefined) return bytesSource(content);
  const other = stdin as Exclude<Stdin, string | ArrayBuffer | ArrayBufferView>;
  if ("read" in other) return { isTerminal: () => false, read: other.read, poll: other.poll };
  return "fd" in other ? hostInput(other.fd) : bytesSource(readStdinFile(other.file));
}

function readStdinFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new WasiKitError("E_STDIN", `The file ${file}, which is to be stdin, can't be read (${code}).`, { cause });
  }
}

function outputStream(
  name: "stdout" | "stderr",
  target: OutputTarget,
  capture: (bytes: Uint8Array) => void,
): StdioStream {
  if (target === "capture") return outputTo(name, functionSink(capture));
  if (typeof target === "object") return outputTo(name, hostOutput(target.fd));
  // A copy: the guest may change its memory while the function still has the bytes.
  return outputTo(
    name,
    functionSink((bytes) => target(bytes.slice())),
  );
}
