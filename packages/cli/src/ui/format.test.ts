import { expect, test } from "vitest";
import { formatBytes, formatTime } from "./format.ts";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [64_649, "64.6 kB"],
  [999_999, "1000 kB"],
  [1_000_000, "1 MB"],
  [2_551_049, "2.6 MB"],
])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0.04, "0.0 ms"],
  [2.34, "2.3 ms"],
  [339.6, "340 ms"],
  [1234, "1.2 s"],
])("%d milliseconds are %s", (ms, text) => expect(formatTime(ms)).toBe(text));
