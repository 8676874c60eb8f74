import { readFileSync } from "node:fs";
import { WasiKitError } from "../error.ts";
import { archive } from "../host/archive.ts";
import { moduleName } from "../module/load-module.ts";
import { noRecording, parseRecording } from "./parse-recording.ts";
import { malformed } from "./parting.ts";
import type { ParsedRecording, RecordedEnd, RecordedOptions } from "./recording.ts";
import { fromBase64 } from "../text/bytes.ts";

/** A recording, as {@link readRecording} returns it. */
export interface Recording {
  /** Its name in messages: its path, if it is a file. */
  readonly name: string;
  /** The module that was recorded: its name, its hash, and its bytes if they were kept. */
  readonly module: { readonly name: string; readonly sha256?: string; readonly bytes?: Uint8Array };
  /** What the run was granted: its directories by their paths on the host where it was recorded. */
  readonly options: RecordedOptions;
  /** What it was recorded on, such as `Node.js (v24.1.0)`. */
  readonly host: string;
  /** How the run ended. */
  readonly end: RecordedEnd;
}

const parsed = new WeakMap<Recording, ParsedRecording>();

/** The lines of a recording that was read. */
export const linesOf = (recording: Recording): ParsedRecording | undefined => parsed.get(recording);

/**
 * Reads a recording, and checks it.
 *
 * @param source - its path, or its bytes: `recording` of a result
 * @throws WasiKitError `E_RECORDING` if it can't be read, is malformed, cut short, or of another version of the format
 */
export function readRecording(source: string | URL | Uint8Array): Recording {
  const name = source instanceof Uint8Array ? "the recording" : moduleName(source);
  const content = parseRecording(textOf(source, name), name);
  const { module, options, host } = content.header;
  const { base64, ...about } = module;
  const bytes = base64 === undefined ? undefined : moduleBytes(base64, name);
  const recording = { name, module: { ...about, ...(bytes ? { bytes } : {}) }, options, host, end: content.end };
  parsed.set(recording, content);
  return recording;
}

function textOf(source: string | URL | Uint8Array, name: string): string {
  const bytes = source instanceof Uint8Array ? source : readBytes(source, name);
  try {
    return archive.extract(bytes);
  } catch (cause) {
    throw new WasiKitError(
      "E_RECORDING",
      `${noRecording(name).message}\nIt may have been cut short: it can't be decompressed (${(cause as Error).message}).`,
      { cause },
    );
  }
}

function readBytes(path: string | URL, name: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new WasiKitError(
      "E_RECORDING",
      code === "ENOENT" ? `There is no recording at ${name}.` : `The recording ${name} can't be read (${code}).`,
      { cause },
    );
  }
}

function moduleBytes(base64: string, name: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    throw malformed({ name }, 0);
  }
}
