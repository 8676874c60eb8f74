import { fromBase64, strictUtf8Text, toBase64 } from "../text/bytes.ts";
import type { RecordedBytes } from "./recording.ts";

/** Bytes as a recording has them. What has a NUL is no text to read, and JSON takes six characters for it. */
export function recordedBytes(bytes: Uint8Array): RecordedBytes {
  const text = bytes.includes(0) ? undefined : strictUtf8Text(bytes);
  return text ?? { base64: toBase64(bytes) };
}

/** @throws if they are not valid */
export const bytesOfRecorded = (recorded: RecordedBytes): Uint8Array<ArrayBuffer> =>
  typeof recorded === "string" ? new TextEncoder().encode(recorded) : fromBase64(recorded.base64);

/** A checksum of bytes that no one is trying to fool (FNV-1a, twice 32 bits). */
export function checksum(buffers: readonly Uint8Array[]): string {
  let [a, b] = [0x811c9dc5, 0x1000193];
  for (const buffer of buffers) {
    for (const byte of buffer) {
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x85ebca6b) + 1;
    }
  }
  return [a, b].map((it) => (it >>> 0).toString(16).padStart(8, "0")).join("");
}
