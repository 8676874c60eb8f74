import { expect, test } from "vitest";
import { createCapture, memoryCaptures } from "../../src/stdio/capture.ts";

test("what was added comes out in order, as a copy", () => {
  const { add, content } = createCapture();
  expect(content()).toHaveLength(0);
  const bytes = Buffer.from("abc");
  add(bytes);
  bytes.fill("?");
  add(Buffer.from("def"));
  const first = content();
  expect(first.toString()).toBe("abcdef");
  first.fill("?");
  expect(content().toString()).toBe("abcdef");
});

test.each([1, 1000, 1024, 1025, 3000])("it grows as far as it has to, %d bytes at a time", (size) => {
  const { add, content } = createCapture();
  const pieces = Array.from({ length: 9 }, (_, i) => Buffer.alloc(size, String(i)));
  for (const piece of pieces) add(piece);
  expect(content().equals(Buffer.concat(pieces))).toBe(true);
});

test("many small pieces are not copied each time", () => {
  const { add, content } = createCapture();
  const copied: number[] = [];
  const { copy } = Buffer.prototype;
  Buffer.prototype.copy = function (this: Buffer, ...args: Parameters<Buffer["copy"]>) {
    copied.push(args[3] ?? this.length);
    return copy.apply(this, args);
  };
  try {
    for (let i = 0; i < 10_000; i++) add(Buffer.from("x"));
  } finally {
    Buffer.prototype.copy = copy;
  }
  expect(content()).toHaveLength(10_000);
  // 1 kB, doubled four times.
  expect(copied).toEqual([0, 1024, 2048, 4096, 8192]);
});

test("stdout and stderr have one each", () => {
  const [out, err] = memoryCaptures();
  out.add(Buffer.from("out"));
  expect([out.content().toString(), err.content().toString()]).toEqual(["out", ""]);
});
