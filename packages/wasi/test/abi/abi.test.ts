import { expect, test } from "vitest";
import { abis, filestat, subscription } from "../../src/abi/index.ts";

test("structures of the versions", () => {
  const { wasi_snapshot_preview1: preview1, wasi_unstable: unstable } = abis;
  expect(preview1).toEqual({ filestat, subscription, whence: [0, 1, 2] });
  // As wasi-libc had them until 2019.
  expect(unstable.filestat).toEqual({
    dev: 0,
    ino: 8,
    filetype: 16,
    nlink: 20,
    filesize: 24,
    atim: 32,
    mtim: 40,
    ctim: 48,
    size: 56,
  });
  expect(unstable.subscription).toEqual({ userdata: 0, tag: 8, fd: 16, clock: 24, timeout: 32, flags: 48, size: 56 });
  expect(unstable.whence).toEqual([1, 2, 0]);
});
