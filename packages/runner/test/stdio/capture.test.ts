import { expect, test, vi } from "vitest";
import { createCapture, memoryCaptures } from "../../src/stdio/capture.ts";
import { utf8Text } from "../../src/text/bytes.ts";

test("what was added comes out in order, as a copy", () => {
  const { add, content } = createCapture();
  expect(content()).toHaveLength(0);
  const bytes = Buffer.from("abc");
  add(bytes);
  bytes.fill("?");
  add(Buffer.from("def"));
  const first = content();
  expect(utf8Text(first)).toBe("abcdef");
  first.fill(0);
  expect(utf8Text(content())).toBe("abcdef");
});

test.each([1, 1000, 1024, 1025, 3000])("it grows as far as it has to, %d bytes at a time", (size) => {
  const { add, content } = createCapture();
  const pieces = Array.from({ length: 9 }, (_, i) => Buffer.alloc(size, String(i)));
  for (const piece of pieces) add(piece);
  expect(Buffer.concat(pieces).equals(content())).toBe(true);
});

test("many small pieces are not copied each time", () => {
  const { add, content } = createCapture();
  const piece = Uint8Array.of(120);
  const set = vi.spyOn(Uint8Array.prototype, "set");
  for (let i = 0; i < 10_000; i++) add(piece);
  const copied = set.mock.calls.flatMap(([bytes]) => (bytes === piece ? [] : [bytes.length]));
  set.mockRestore();
  expect(content()).toHaveLength(10_000);
  // 1 kB, doubled four times.
  expect(copied).toEqual([0, 1024, 2048, 4096, 8192]);
});

test("stdout and stderr have one each", () => {
  const { stdout, stderr } = memoryCaptures();
  stdout.add(Buffer.from("out"));
  expect([stdout, stderr].map((it) => utf8Text(it.content()))).toEqual(["out", ""]);
});
