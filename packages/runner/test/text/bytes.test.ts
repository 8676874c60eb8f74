import { expect, test } from "vitest";
import { concatBytes, latin1Text, strictUtf8Text, toBase64, utf8Text } from "../../src/text/bytes.ts";

const all = Uint8Array.from({ length: 20_001 }, (_, i) => i % 256);

test("bytes are texts as a Buffer has them", () => {
  expect(latin1Text(all)).toBe(Buffer.from(all).toString("latin1"));
  expect(toBase64(all)).toBe(Buffer.from(all).toString("base64"));
  expect(utf8Text(all)).toBe(Buffer.from(all).toString());
  expect(Buffer.from(concatBytes([all, new Uint8Array(), all])).equals(Buffer.concat([all, all]))).toBe(true);
});

test("a byte order mark is a character, and what is not UTF-8 is told from U+FFFD", () => {
  const marked = Uint8Array.of(0xef, 0xbb, 0xbf, 0x21);
  expect([utf8Text(marked), strictUtf8Text(marked)]).toEqual(["\ufeff!", "\ufeff!"]);
  expect(strictUtf8Text(Uint8Array.of(0xef, 0xbf, 0xbd))).toBe("\ufffd");
  expect(strictUtf8Text(Uint8Array.of(0xff))).toBeUndefined();
});
