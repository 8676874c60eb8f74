import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { bytesOf } from "../src/bytes.ts";

test("bytes are those of an array or a buffer, not copied", () => {
  const buffer = new ArrayBuffer(8);
  const array = new Uint8Array(buffer, 2, 3);
  expect(bytesOf(array)).toBe(array);
  const view = bytesOf(new DataView(buffer, 1, 4));
  expect([view?.buffer, view?.byteOffset, view?.length]).toEqual([buffer, 1, 4]);
  const whole = bytesOf(buffer);
  expect([whole?.buffer, whole?.byteOffset, whole?.length]).toEqual([buffer, 0, 8]);
});

test("those of another realm are no others", () => {
  const [array, buffer] = runInNewContext("[Uint8Array.of(1, 2), Uint8Array.of(3).buffer]") as [unknown, unknown];
  expect(bytesOf(array)).toEqual(Uint8Array.of(1, 2));
  expect(bytesOf(buffer)).toEqual(Uint8Array.of(3));
});

test.each([undefined, null, "text", 5, [1, 2], {}])("%j is none", (value) => {
  expect(bytesOf(value)).toBeUndefined();
});
