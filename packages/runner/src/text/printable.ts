import { strictUtf8Text } from "./bytes.ts";

/**
 * Output as lines that can be printed anywhere, and that leave no doubt about the
 * bytes. Unprintable characters are escaped (`\x1b`, `\r`; a backslash is
 * `\\`), and so is each byte that is not UTF-8 (`\xff`). If output does not end with
 * a newline, a last line says so. Without output there are no lines.
 */
export function printable(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  const lines = escapeUnprintable(decode(bytes)).split("\n");
  const last = lines.pop();
  return last === "" ? lines : [...lines, `${last}`, "\\ no newline at the end"];
}

const decode = (bytes: Uint8Array): string =>
  strictUtf8Text(bytes) ??
  Array.from(bytes, (byte) => String.fromCharCode(byte >= 0x80 ? 0xdc00 + byte : byte)).join("");

/** Escapes what is not printable in a text, except newlines and tabs. */
export function escapeUnprintable(text: string): string {
  // U+DC80 to U+DCFF stand for bytes that are not text; a lone surrogate is no character.
  return text.replace(/[\\\p{Cc}\p{Cf}\u2028\u2029\uDC80-\uDCFF]/gu, (char) => {
    const code = char.charCodeAt(0);
    if (char === "\n" || char === "\t") return char;
    if (char === "\\" || char === "\r") return char === "\\" ? "\\\\" : "\\r";
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${char.codePointAt(0)?.toString(16)}}`;
  });
}

/** A name as it is; as a JSON string if it is empty or contains spaces, quotes or invisible characters. */
export function quoteName(text: string): string {
  if (/^[^\s"'\\\p{Cc}\p{Cf}]+$/u.test(text)) return text;
  // JSON leaves some control and invisible characters as they are.
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escapeAsJson);
}

function escapeAsJson(char: string): string {
  const units = Array.from({ length: char.length }, (_, i) => char.charCodeAt(i).toString(16).padStart(4, "0"));
  return `\\u${units.join("\\u")}`;
}
