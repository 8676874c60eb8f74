import { expect, test } from "vitest";
import { isAtLeast } from "./version.ts";

test.each([
  ["1.21.0", "1.21", true],
  ["1.21", "1.21", true],
  ["1.9.8", "1.21", false],
  ["2", "1.21", true],
  ["go1.26.8", "1.21", true],
  ["0.14.0-dev.12+abc", "0.14", true],
  ["0.13.9", "0.14", false],
  ["", "0.14", false],
])("%s is at least %s: %s", (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});
