import { expect, test } from "vitest";
import {
  directoryRights,
  fileRights,
  mutatingRights,
  rightNames,
  rights,
  writingRights,
} from "../../src/abi/rights.ts";

test("a right is the bit of its place in the specification", () => {
  expect(rights()).toBe(0);
  expect(rights("fd_datasync", "fd_write", "poll_fd_readwrite")).toBe(1 | (1 << 6) | (1 << 27));
  expect(rightNames).toHaveLength(30);
});

// The sets, as binary numbers: from sock_accept (bit 29) on the left down to fd_datasync (bit 0).
test.each([
  ["of a file", fileRights, 0b00_1000_1110_0000_0000_0001_1111_1111],
  ["of a directory", directoryRights, 0b00_1111_1011_1111_1111_1110_1001_1000],
  ["that open a file for writing", writingRights, 0b00_0000_0000_0000_0000_0001_0100_0000],
  ["that a read-only preopen does not give", mutatingRights, 0b00_0111_1101_1011_0001_1111_0100_0000],
])("rights %s", (_, set, bits) => {
  expect(set.toString(2)).toBe(bits.toString(2));
});
