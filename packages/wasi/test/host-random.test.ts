import { expect, test } from "vitest";
import { hostRandom } from "../src/host-random.ts";

/** How many of the bytes are zero, which about one in 256 is. */
const zeros = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + Number(byte === 0), 0);

test.each([0, 1, 65_536, 65_537, 200_000])("%d bytes are filled, all of them and no others", (size) => {
  const bytes = new Uint8Array(size + 2);
  hostRandom(bytes.subarray(1, size + 1));
  expect([bytes[0], bytes.at(-1)]).toEqual([0, 0]);
  for (let start = 1; start + 5000 < size; start += 5000) {
    expect(zeros(bytes.subarray(start, start + 5000))).toBeLessThan(100);
  }
});

test("the end of a large buffer is random as well, and each time another one", () => {
  const [one, other] = [new Uint8Array(65_600), new Uint8Array(65_600)];
  hostRandom(one);
  hostRandom(other);
  expect(one.subarray(-32)).not.toEqual(other.subarray(-32));
  expect(one.subarray(-32)).not.toEqual(new Uint8Array(32));
});

test("a shared memory is filled, too", () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(64));
  hostRandom(bytes);
  expect(zeros(bytes)).toBeLessThan(20);
});
