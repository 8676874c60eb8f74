import { expect, test } from "vitest";
import { byteStringOf, textOf } from "../../src/fs/byte-string.ts";

test.each([
  ["", ""],
  ["plain \0\n\x7f", "plain \0\n\x7f"],
  ["\x80", "\xc2\x80"],
  ["ñ first", "\xc3\xb1 first"],
  ["last ñ", "last \xc3\xb1"],
  ["in ñ the middle", "in \xc3\xb1 the middle"],
  ["🎉", "\xf0\x9f\x8e\x89"],
  ["\ufeffmark", "\xef\xbb\xbfmark"],
])("%j is %j in UTF-8, and back", (text, bytes) => {
  expect(byteStringOf(text)).toBe(bytes);
  expect(textOf(bytes)).toBe(text);
});

test("what is no text, or no UTF-8, is U+FFFD", () => {
  expect(byteStringOf("a\ud800")).toBe("a\xef\xbf\xbd");
  expect(textOf("a\xff")).toBe("a\ufffd");
});
