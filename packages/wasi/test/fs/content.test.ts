import { describe, expect, test } from "vitest";
import { Content } from "../../src/fs/content.ts";
import { pageSize, Space } from "../../src/fs/space.ts";
import { WasiError } from "../../src/wasi-error.ts";

/** Bytes that differ from place to place, and from one first byte to another. */
const bytes = (length: number, first = 1): Uint8Array => new Uint8Array(length).map((_, i) => (first + i * 7) % 251);

const lower = bytes(2.5 * pageSize, 100);

/** A base that gives at most so many bytes at once, as a pipe or a network would. */
const baseOf = (content: Uint8Array, atMost = Infinity) => ({
  size: content.length,
  read(into: Uint8Array, offset: number): number {
    const part = content.subarray(offset, offset + Math.min(into.length, atMost));
    into.set(part);
    return part.length;
  },
});

/** All of a content. What was in the buffer before must not be left. */
function readAll(content: Content): Uint8Array {
  const into = new Uint8Array(content.size + 10).fill(0xee);
  const count = content.read([into], 0);
  expect([...into.subarray(count)]).toEqual(Array.from({ length: 10 }, () => 0xee));
  return into.subarray(0, count);
}

const areEqual = (content: Uint8Array, expected: Uint8Array): boolean => Buffer.compare(content, expected) === 0;

/** What the parts make of the base. */
function fromParts(content: Content): Uint8Array {
  const made = new Uint8Array(content.size);
  made.set(lower.subarray(0, Math.min(content.baseEnd, content.size)));
  let end = 0;
  for (const part of content.parts()) {
    expect(part.offset).toBeGreaterThanOrEqual(end);
    made.set(part.bytes, part.offset);
    end = part.offset + part.bytes.length;
  }
  return made;
}

/** A file as an array, to compare with. */
class Model {
  bytes: Uint8Array;
  constructor(start: Uint8Array) {
    this.bytes = start.slice();
  }
  setSize(size: number): void {
    const resized = new Uint8Array(size);
    resized.set(this.bytes.subarray(0, size));
    this.bytes = resized;
  }
  write(from: Uint8Array, offset: number): void {
    if (offset + from.length > this.bytes.length) this.setSize(offset + from.length);
    this.bytes.set(from, offset);
  }
}

/** Whether a content is what the model is, read as a whole and put together from its parts. */
const isLike = (content: Content, model: Model): boolean =>
  content.size === model.bytes.length &&
  areEqual(readAll(content), model.bytes) &&
  areEqual(fromParts(content), model.bytes);

const offsets = [0, 1, pageSize - 1, pageSize, 2.5 * pageSize - 1, 2.5 * pageSize, 4 * pageSize + 5];
const lengths = [1, 2, pageSize, pageSize + 1, 3 * pageSize];

describe.each([
  ["nothing", undefined, new Uint8Array()],
  ["a file", baseOf(lower), lower],
  ["a file that is read in pieces", baseOf(lower, 1000), lower],
])("a content over %s", (_, base, start) => {
  const create = () => ({ content: new Content(new Space({ maxBytes: Infinity }), base), model: new Model(start) });

  test("is what it was before anything is written", () => {
    const { content, model } = create();
    expect(isLike(content, model)).toBe(true);
    expect(content.isUnchanged).toBe(true);
    expect([...content.parts()]).toEqual([]);
  });

  test.each(offsets)("holds what is written at %i", (offset) => {
    for (const length of lengths) {
      const { content, model } = create();
      const written = bytes(length);
      expect(content.write([written], offset)).toBe(length);
      model.write(written, offset);
      expect(isLike(content, model)).toBe(true);
      expect(content.isUnchanged).toBe(false);
    }
  });

  test.each(offsets)("is cut or extended with zeros, before %i bytes are there and after", (size) => {
    for (const next of [0, pageSize - 1, 4 * pageSize + 5]) {
      const { content, model } = create();
      for (const it of [size, next, 6 * pageSize]) {
        content.setSize(it);
        model.setSize(it);
        expect(isLike(content, model)).toBe(true);
        content.write([bytes(3, it)], it);
        model.write(bytes(3, it), it);
        expect(isLike(content, model)).toBe(true);
      }
    }
  });

  test("a size that is set to what it was leaves it as it was", () => {
    const { content } = create();
    content.setSize(content.size);
    expect(content.isUnchanged).toBe(true);
    content.setSize(content.size + 1);
    expect(content.isUnchanged).toBe(false);
    content.setSize(content.size - 1);
    expect(content.isUnchanged).toBe(true);
  });

  test("is read into several buffers, from anywhere, up to its end", () => {
    const { content, model } = create();
    content.write([bytes(10), new Uint8Array(), bytes(20, 50)], pageSize - 5);
    model.write(bytes(10), pageSize - 5);
    model.write(bytes(20, 50), pageSize + 5);
    for (const offset of [0, pageSize - 7, pageSize + 30, content.size - 3, content.size, content.size + 1]) {
      const into = [3, 0, 7, 2 * pageSize].map((length) => new Uint8Array(length).fill(0xee));
      const count = content.read(into, offset);
      const expected = model.bytes.subarray(offset, offset + 10 + 2 * pageSize);
      expect(count).toBe(expected.length);
      expect(areEqual(Buffer.concat(into).subarray(0, count), expected)).toBe(true);
      expect(
        Buffer.concat(into)
          .subarray(count)
          .every((byte) => byte === 0xee),
      ).toBe(true);
    }
  });
});

test("what is cut off does not come back from below", () => {
  const content = new Content(new Space({ maxBytes: Infinity }), baseOf(lower));
  content.setSize(10);
  content.setSize(20);
  expect([...readAll(content)]).toEqual([...lower.subarray(0, 10), ...new Uint8Array(10)]);
  expect([content.baseEnd, content.isUnchanged]).toEqual([10, false]);
  content.setSize(lower.length);
  expect(content.isUnchanged).toBe(false);
});

test("below is not read where it is written over", () => {
  const ranges: number[][] = [];
  const base = baseOf(lower);
  const content = new Content(new Space({ maxBytes: Infinity }), {
    ...base,
    read(into, offset) {
      ranges.push([offset, into.length]);
      return base.read(into, offset);
    },
  });
  content.write([bytes(pageSize)], pageSize);
  // The rest of a page that ends with the file below.
  content.write([bytes(pageSize / 2)], 2 * pageSize);
  expect(ranges).toEqual([]);
  content.write([bytes(1)], 5);
  expect(ranges).toEqual([[0, pageSize]]);
});

test("pages that were not changed are read from below at once", () => {
  const ranges: number[][] = [];
  const base = baseOf(bytes(6 * pageSize));
  const content = new Content(new Space({ maxBytes: Infinity }), {
    ...base,
    read(into, offset) {
      ranges.push([offset, into.length]);
      return base.read(into, offset);
    },
  });
  content.write([bytes(pageSize)], 3 * pageSize);
  content.read([new Uint8Array(6 * pageSize)], 0);
  expect(ranges).toEqual([
    [0, 3 * pageSize],
    [4 * pageSize, 2 * pageSize],
  ]);
});

test("a base that has become shorter reads as zeros", () => {
  const content = new Content(new Space({ maxBytes: Infinity }), { ...baseOf(lower.subarray(0, 5)), size: 8 });
  expect([...readAll(content)]).toEqual([...lower.subarray(0, 5), 0, 0, 0]);
});

test("pages that are cut off are free for others", () => {
  const content = new Content(new Space({ maxBytes: 2 * pageSize }));
  expect(content.write([bytes(2 * pageSize)], 0)).toBe(2 * pageSize);
  expect(() => content.write([bytes(1)], 2 * pageSize)).toThrow(new WasiError("nospc"));
  content.setSize(pageSize);
  expect(content.write([bytes(1)], 5 * pageSize)).toBe(1);
});

test("what was written before the space ends counts", () => {
  const content = new Content(new Space({ maxBytes: pageSize }));
  expect(content.write([bytes(10), bytes(2 * pageSize)], 0)).toBe(pageSize);
  expect(content.size).toBe(pageSize);
  expect(() => content.write([bytes(1)], pageSize)).toThrow(new WasiError("nospc"));
});

test("a file is at most as large as numbers are exact", () => {
  const content = new Content(new Space({ maxBytes: Infinity }));
  const maxSize = Number.MAX_SAFE_INTEGER;
  content.setSize(maxSize);
  expect(content.size).toBe(maxSize);
  expect(() => content.setSize(maxSize + 1)).toThrow(new WasiError("fbig"));
  expect(content.write([bytes(1)], maxSize - 1)).toBe(1);
  expect(() => content.write([bytes(2)], maxSize - 1)).toThrow(new WasiError("fbig"));
  expect(content.write([bytes(1), bytes(1)], maxSize - 1)).toBe(1);
});

test("an error of another kind is not counted as an end of the space", () => {
  const failing = {
    size: 4,
    read(): number {
      throw new TypeError("broken");
    },
  };
  const content = new Content(new Space({ maxBytes: Infinity }), failing);
  expect(() => content.write([bytes(1)], 1)).toThrow(new TypeError("broken"));
});
