// Bytes as texts, by what Node.js and browsers both have: there is no Buffer in a browser.

let utf8: TextDecoder | undefined;
let strictUtf8: TextDecoder | undefined;

/** Bytes decoded as UTF-8. What is not UTF-8 becomes U+FFFD; a byte order mark stays. */
export const utf8Text = (bytes: Uint8Array): string =>
  (utf8 ??= new TextDecoder("utf-8", { ignoreBOM: true })).decode(bytes);

/** The same; `undefined` if they are not UTF-8. */
export function strictUtf8Text(bytes: Uint8Array): string | undefined {
  try {
    return (strictUtf8 ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })).decode(bytes);
  } catch {
    return undefined;
  }
}

/** How many arguments a function is called with at once. */
const chunkSize = 8192;

/** A character for each byte. */
export function latin1Text(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += chunkSize) {
    text += String.fromCharCode(...bytes.subarray(at, at + chunkSize));
  }
  return text;
}

export const toBase64 = (bytes: Uint8Array): string => btoa(latin1Text(bytes));

/** @throws if a text is not base64 */
export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The bytes of buffers, one after another. */
export function concatBytes(buffers: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(buffers.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const buffer of buffers) {
    all.set(buffer, at);
    at += buffer.length;
  }
  return all;
}
