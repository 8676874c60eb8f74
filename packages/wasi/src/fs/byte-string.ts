import type { ByteString } from "./file-system.ts";

const isAscii = /^[\0-\x7f]*$/;

/** A text in UTF-8, as a byte string. A lone surrogate becomes U+FFFD. */
export function byteStringOf(text: string): ByteString {
  if (isAscii.test(text)) return text;
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** A byte string, decoded as UTF-8. Bytes that are not UTF-8 become U+FFFD. */
export function textOf(bytes: ByteString): string {
  if (isAscii.test(bytes)) return bytes;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    Uint8Array.from(bytes, (character) => character.charCodeAt(0)),
  );
}
