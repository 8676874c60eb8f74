import { expect, test } from "vitest";
import { pageSize, Space } from "../../src/fs/space.ts";
import type { Page, SpillStore } from "../../src/fs/space.ts";
import { WasiError } from "../../src/wasi-error.ts";

const nospc = new WasiError("nospc");

/** A store in memory, which can be full. */
function createStore(maxBytes = Infinity) {
  const bytes = new Uint8Array(16 * pageSize);
  const used = { end: 0, isClosed: false };
  const store: SpillStore = {
    read([into = new Uint8Array()], offset) {
      const part = bytes.subarray(offset, Math.min(used.end, offset + into.length));
      into.set(part);
      return part.length;
    },
    write([from = new Uint8Array()], offset) {
      const part = from.subarray(0, Math.max(0, maxBytes - offset));
      bytes.set(part, offset);
      used.end = Math.max(used.end, offset + part.length);
      return part.length;
    },
    close: () => {
      used.isClosed = true;
    },
  };
  return { store, used };
}

/** A page's bytes. What was in the buffer before must not be left. */
function read(space: Space, page: Page, from: number, size: number): number[] {
  const into = new Uint8Array(size).fill(0xee);
  space.read(page, from, into);
  return [...into];
}
const sizeOf = (page: Page): number => (page instanceof Uint8Array ? page.length : -1);
const fits = (space: Space, bytes: number): boolean => {
  try {
    space.require(bytes);
    return true;
  } catch (error) {
    expect(error).toEqual(nospc);
    return false;
  }
};

test("a page in memory grows by doubling, up to its size, and is counted once", () => {
  const space = new Space({ maxBytes: 100_000 });
  let page = space.grow(undefined, 100);
  expect([sizeOf(page), fits(space, 99_900), fits(space, 99_901)]).toEqual([100, true, false]);
  expect(space.grow(page, 100)).toBe(page);
  space.write(page, 98, Uint8Array.of(1, 2));
  page = space.grow(page, 101);
  expect([sizeOf(page), fits(space, 99_800), fits(space, 99_801)]).toEqual([200, true, false]);
  page = space.grow(page, 1000);
  expect([sizeOf(page), read(space, page, 97, 4)]).toEqual([1000, [0, 1, 2, 0]]);
  page = space.grow(page, 60_000);
  expect([sizeOf(space.grow(page, 60_001)), read(space, page, 98, 2)]).toEqual([pageSize, [1, 2]]);
  expect(() => space.grow(undefined, 40_000)).toThrow(nospc);
});

test("a new page holds what it is given, and zeros after its end", () => {
  const space = new Space({ maxBytes: 1000 });
  const page = space.grow(undefined, 4, Uint8Array.of(1, 2, 3));
  expect(read(space, page, 0, 6)).toEqual([1, 2, 3, 0, 0, 0]);
  space.clear(page, 1);
  expect(read(space, page, 0, 3)).toEqual([1, 0, 0]);
  space.free(page);
  expect([fits(space, 1000), fits(space, 1001)]).toEqual([true, false]);
});

test("what goes beyond memory goes to the store, a page at a time", () => {
  const { store, used } = createStore();
  let opened = 0;
  const spill = (): SpillStore => {
    opened++;
    return store;
  };
  const space = new Space({ maxBytes: 4 * pageSize, spillBytes: 100, spill });
  const small = space.grow(undefined, 100);
  expect([sizeOf(small), opened]).toEqual([100, 0]);
  const first = space.grow(undefined, 1, Uint8Array.of(7, 8));
  const second = space.grow(undefined, 1);
  expect([sizeOf(first), sizeOf(second), opened]).toEqual([-1, -1, 1]);
  expect(space.grow(first, pageSize)).toBe(first);
  space.write(second, 5, Uint8Array.of(9));
  expect([read(space, first, 0, 3), read(space, second, 4, 3)]).toEqual([
    [7, 8, 0],
    [0, 9, 0],
  ]);
  expect(read(space, first, 1, 2)).toEqual([8, 0]);
  // What memory held is the store's now, and counts as a page.
  space.write(small, 0, Uint8Array.of(5));
  const moved = space.grow(small, 101);
  expect([sizeOf(moved), read(space, moved, 0, 2)]).toEqual([-1, [5, 0]]);
  expect([fits(space, pageSize), fits(space, pageSize + 1)]).toEqual([true, false]);
  space.clear(first, 1);
  expect(read(space, first, 0, 2)).toEqual([7, 0]);
  space.write(first, 0, new Uint8Array());
  space.close();
  expect(used.isClosed).toBe(true);
  expect(() => read(space, first, 0, 1)).toThrow("The view was closed");
  space.close();
});

test("a place in the store is used again, and shows nothing of what was there", () => {
  const { store, used } = createStore();
  const space = new Space({ maxBytes: 2 * pageSize, spillBytes: 0, spill: () => store });
  const [one, two] = [space.grow(undefined, 1), space.grow(undefined, 1)];
  space.write(one, 0, new Uint8Array(pageSize).fill(1));
  space.write(two, 0, new Uint8Array(pageSize).fill(2));
  expect(() => space.grow(undefined, 1)).toThrow(nospc);
  space.free(one);
  expect([fits(space, pageSize), fits(space, pageSize + 1)]).toEqual([true, false]);
  const three = space.grow(undefined, 1, Uint8Array.of(3));
  expect(read(space, three, 0, 3)).toEqual([3, 0, 0]);
  expect(read(space, two, 0, 2)).toEqual([2, 2]);
  expect(used.end).toBe(2 * pageSize);
});

test("a store that is full takes no page, and its place stays free", () => {
  const { store } = createStore(10);
  const space = new Space({ maxBytes: 4 * pageSize, spillBytes: 0, spill: () => store });
  expect(() => space.grow(undefined, 1, new Uint8Array(11))).toThrow(nospc);
  const page = space.grow(undefined, 1, new Uint8Array(10));
  expect(() => space.write(page, 9, Uint8Array.of(1, 2))).toThrow(nospc);
  expect([fits(space, 3 * pageSize), fits(space, 3 * pageSize + 1)]).toEqual([true, false]);
});
