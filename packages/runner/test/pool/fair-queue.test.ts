import { expect, test } from "vitest";
import { createFairQueue } from "../../src/pool/fair-queue.ts";

/** A queue with items that begin with their key. */
function queueOf(...items: string[]): ReturnType<typeof createFairQueue<string>> {
  const queue = createFairQueue<string>();
  for (const item of items) queue.add(item.charAt(0), item);
  return queue;
}

test.each<[what: string, items: string[], order: string[]]>([
  ["nothing", [], []],
  ["one key, by age", ["a1", "a2", "a3"], ["a1", "a2", "a3"]],
  ["keys in turn", ["a1", "a2", "a3", "b1", "c1", "c2"], ["a1", "b1", "c1", "a2", "c2", "a3"]],
])("a queue serves %s", (_, items, order) => {
  expect(queueOf(...items).clear()).toEqual(order);
});

test("a key that comes again takes its turn after those that wait", () => {
  const queue = queueOf("a1", "b1");
  expect(queue.next()).toBe("a1");
  queue.add("a", "a2");
  expect([queue.next(), queue.next(), queue.next()]).toEqual(["b1", "a2", undefined]);
  queue.add("a", "a3");
  expect([queue.size(), queue.next(), queue.size()]).toEqual([1, "a3", 0]);
});

test("an item that is removed has no turn, and its key has none without items", () => {
  const queue = queueOf("a1", "b1", "b2", "c1");
  expect([queue.remove("b", "b1"), queue.remove("c", "c1"), queue.remove("c", "c1"), queue.remove("d", "d1")]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(queue.size()).toBe(2);
  expect(queue.clear()).toEqual(["a1", "b2"]);
  expect(queue.size()).toBe(0);
});
