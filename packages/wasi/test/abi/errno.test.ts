import { expect, test } from "vitest";
import { errnoText } from "../../src/abi/errno-text.ts";
import { errno, errnoNames } from "../../src/abi/errno.ts";

test("codes are the specification's", () => {
  expect([errno.success, errno["2big"], errno.badf, errno.inval, errno.noent, errno.notcapable]).toEqual([
    0, 1, 8, 28, 44, 76,
  ]);
  expect(errnoNames).toHaveLength(77);
});

test("a text says something, and each something else", () => {
  const texts = Object.entries(errnoText);
  expect(texts.length).toBeGreaterThan(30);
  for (const [, text] of texts) expect(text).toMatch(/^[A-Z].{6,}/);
  // A device and what is none are both "no such device".
  expect(new Set(texts.map(([, text]) => text)).size).toBe(texts.length - 1);
});
