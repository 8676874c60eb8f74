import { functions } from "@wasi-kit/wasi/abi";
import { WasiKitError } from "../error.ts";
import { malformed } from "./parting.ts";
import { recordingVersion } from "./recording.ts";
import type { ParsedRecording, RecordedEnd, RecordedLine, RecordingHeader } from "./recording.ts";

const has = (value: unknown, types: Readonly<Record<string, string>>): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(types).every(([key, type]) => typeof (value as Record<string, unknown>)[key] === type);

/** What each kind of line has. */
const kinds: readonly ((line: object) => boolean)[] = [
  (line) => has(line, { call: "string", args: "object" }) && Object.hasOwn(functions, (line as { call: string }).call),
  (line) => Array.isArray((line as { import?: unknown }).import) && Array.isArray((line as { args?: unknown }).args),
  (line) => has(line, { export: "string" }) && Array.isArray((line as { args?: unknown }).args),
  (line) => has(line, { exported: "string" }),
  (line) => "returned" in line || "threw" in line,
];

/**
 * @param text - what is in the file, uncompressed
 * @param name - its path, for messages
 * @throws WasiKitError `E_RECORDING`
 */
export function parseRecording(text: string, name: string): ParsedRecording {
  const texts = text.replace(/\n$/, "").split("\n");
  const parse = (line: string, at: number): object => {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === "object" && value !== null) return value;
    } catch {
      // The file was cut, or is none: the error says so.
    }
    throw at === 0 ? noRecording(name) : at === texts.length - 1 ? cutShort(name, at) : malformed({ name }, at);
  };
  const header = parse(texts[0] as string, 0) as RecordingHeader;
  checkHeader(header, name);
  const lines = texts.slice(1).map((line, i) => parse(line, i + 1));
  const end = lines.pop() as { end?: RecordedEnd } | undefined;
  if (!end || !has(end.end, { outcome: "string", exitCode: "number", durationMs: "number" }))
    throw cutShort(name, texts.length - 1);
  for (const [i, line] of lines.entries()) if (!kinds.some((fits) => fits(line))) throw malformed({ name }, i + 1);
  return { name, header, lines: lines as RecordedLine[], end: end.end as RecordedEnd, isOther: false };
}

function checkHeader(header: RecordingHeader, name: string): void {
  const version: unknown = header["wasi-kit recording"];
  if (typeof version !== "number") throw noRecording(name);
  if (version !== recordingVersion) {
    throw new WasiKitError(
      "E_RECORDING",
      `${name} has version ${version} of the format, and this version of wasi-kit reads version ${recordingVersion}.\n` +
        (version > recordingVersion ? "Replay it with a newer wasi-kit." : "Replay it with an older wasi-kit."),
    );
  }
  const isWhole =
    has(header.module, { name: "string" }) &&
    has(header.options, { argv0: "string", args: "object", env: "object", preopens: "object" }) &&
    Array.isArray(header.options.args);
  if (!isWhole) throw malformed({ name }, 0);
}

export const noRecording = (name: string): WasiKitError =>
  new WasiKitError(
    "E_RECORDING",
    `${name} is not a recording. To make one, type: wasi-kit run --record FILE MODULE.wasm`,
  );

const cutShort = (name: string, lines: number): WasiKitError =>
  new WasiKitError(
    "E_RECORDING",
    `${name} is cut short after line ${lines}: the end of the run is missing. Copy it again, or record the run again.`,
  );
