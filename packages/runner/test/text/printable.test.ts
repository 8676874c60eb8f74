import { expect, test } from "vitest";
import { printable } from "../../src/text/printable.ts";

const noNewline = "\\ no newline at the end";

test.each<[what: string, output: string | number[], lines: string[]]>([
  ["nothing", "", []],
  ["a line", "hello\n", ["hello"]],
  ["an empty line", "\n", [""]],
  ["blank lines and spaces", "a  \n\n b\n", ["a  ", "", " b"]],
  ["no newline at the end", "a\nb", ["a", "b", noNewline]],
  ["text of any script, and tabs", "größe\t日本語 🦀\n", ["größe\t日本語 🦀"]],
  ["control characters", "\x1b[31mred\r\n\0\x7f\u0085\n", ["\\x1b[31mred\\r", "\\x00\\x7f\\x85"]],
  ["a backslash, so that nothing is ambiguous", "\\x1b\n", ["\\\\x1b"]],
  ["invisible characters", "a\u200Bb\u202E\u2028\uFEFF\n", ["a\\u{200b}b\\u{202e}\\u{2028}\\u{feff}"]],
  ["one beyond 16 bits", "\u{E0001}\n", ["\\u{e0001}"]],
  ["bytes that are not UTF-8", [0x61, 0xff, 0x80, 0x0a], ["a\\xff\\x80"]],
  ["Latin-1", [0xe9, 0x0a], ["\\xe9"]],
  ["every ASCII control character beside a wrong byte", [0x07, 0xc3, 0x0a], ["\\x07\\xc3"]],
  ["a character that is cut", [0xf0, 0x9f, 0xa6], ["\\xf0\\x9f\\xa6", noNewline]],
])("output is shown without doubt: %s", (_, output, lines) => {
  expect(printable(typeof output === "string" ? new TextEncoder().encode(output) : Uint8Array.from(output))).toEqual(
    lines,
  );
});
