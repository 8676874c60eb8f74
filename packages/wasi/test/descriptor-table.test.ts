import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { oflags, directoryRights, fileRights } from "../src/abi/index.ts";
import { createGuest, openDirectoryCall, putIovecs, runCalls } from "./support/guest.ts";
import type { Call } from "./support/guest.ts";
import { makeTree } from "../../wasm/test/helpers/tree.ts";

const all = BigInt(fileRights | directoryRights);
const file = BigInt(fileRights);
const create = (path: string): Call => ["path_open", 3, 0, path, oflags.creat, file, 0n, 0, 0];
const successes = (count: number): string[] => Array.from({ length: count }, () => "success");

test("a new descriptor has the lowest free number", () => {
  const host = makeTree({});
  const { errors, memory } = runCalls(
    [
      ["path_open", 3, 0, "a", oflags.creat, file, 0n, 0, 0],
      ["path_open", 3, 0, "b", oflags.creat, file, 0n, 0, 4],
      ["fd_close", 4],
      ["fd_close", 4],
      ["path_open", 3, 0, "c", oflags.creat, file, 0n, 0, 8],
      ["fd_close", 0],
      ["path_open", 3, 0, "d", oflags.creat, file, 0n, 0, 12],
      ["path_open", 3, 0, "e", oflags.creat, file, 0n, 0, 16],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual(["success", "success", "success", "badf", ...successes(4)]);
  expect([0, 4, 8, 12, 16].map((at) => memory.getUint32(at, true))).toEqual([4, 5, 4, 0, 6]);
});

test("stdout goes into a file that took its number", () => {
  const host = makeTree({});
  const guest = createGuest({ preopens: { "/": host } });
  const hello = (fd: number): string => guest.call("fd_write", fd, putIovecs(guest, ["hello"]), 1, 8);
  expect(hello(1)).toBe("success");
  expect(guest.call(...create("out.txt"))).toBe("success");
  expect(guest.call("fd_renumber", 4, 1)).toBe("success");
  expect([hello(1), hello(4)]).toEqual(["success", "badf"]);
  expect(guest.output().stdout).toBe("hello");
  expect(readFileSync(join(host, "out.txt"), "utf8")).toBe("hello");
});

test("streams change places", () => {
  const host = makeTree({});
  const { errors } = runCalls(
    [
      create("a"),
      ["fd_renumber", 0, 4],
      ["fd_read", 4, 64, 0, 8],
      ["fd_renumber", 4, 1],
      ["fd_read", 1, 64, 0, 8],
      ["fd_close", 1],
      ["fd_renumber", 3, 1],
      ["fd_renumber", 0, 3],
      ["fd_renumber", 3, 3],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual([...successes(6), "badf", "badf", "success"]);
});

test("a directory's descriptor follows it when it is renamed, and into another preopen", () => {
  const host = makeTree({ one: { dir: { sub: {} } }, two: {} });
  const { errors } = runCalls(
    [
      ["path_open", 3, 0, "dir/sub", oflags.directory, BigInt(directoryRights), all, 0, 0],
      ["path_rename", 3, "dir", 3, "moved"],
      ["path_create_directory", 5, "first"],
      ["path_rename", 3, "moved", 4, "away"],
      ["path_create_directory", 5, "second"],
    ],
    { preopens: { "/one": join(host, "one"), "/two": join(host, "two") } },
  );
  expect(errors).toEqual(successes(5));
  expect(readdirSync(join(host, "two/away/sub"))).toEqual(["first", "second"]);
});

test("a directory that was removed, or renamed over, has nothing in it any more", () => {
  const host = makeTree({ gone: {}, over: {}, other: {} });
  const { errors } = runCalls(
    [
      openDirectoryCall("gone"),
      openDirectoryCall("over"),
      ["path_remove_directory", 3, "gone"],
      ["path_create_directory", 3, "gone"],
      ["path_create_directory", 4, "x"],
      ["fd_readdir", 4, 0x1000, 0x1000, 0n, 0],
      ["path_rename", 3, "other", 3, "over"],
      ["path_create_directory", 5, "x"],
      ["fd_filestat_get", 5, 64],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual([...successes(4), "noent", "success", "success", "noent", "success"]);
  expect(readdirSync(join(host, "over"))).toEqual([]);
});

test("what was opened through a preopen works after the preopen was closed", () => {
  const host = makeTree({ dir: { "file.txt": "x" } });
  const { errors } = runCalls(
    [
      openDirectoryCall("dir"),
      ["fd_close", 3],
      ["fd_prestat_get", 3, 64],
      ["path_filestat_get", 4, 0, "file.txt", 64],
      ["fd_prestat_get", 4, 64],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual(["success", "success", "badf", "success", "badf"]);
});

test("a call on a descriptor of the wrong kind says which", () => {
  const host = makeTree({ "file.txt": "x" });
  const { errors } = runCalls(
    [
      create("file.txt"),
      ["path_filestat_get", 4, 0, "x", 64],
      ["path_filestat_get", 1, 0, "x", 64],
      ["path_filestat_get", 9, 0, "x", 64],
      ["fd_read", 3, 64, 0, 0],
      ["fd_readdir", 1, 64, 64, 0n, 0],
      ["sock_shutdown", 1, 0],
      ["sock_shutdown", 9, 0],
      ["proc_raise", 9],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual(["success", "notdir", "notdir", "badf", "notcapable", "notdir", "notsock", "badf", "notsup"]);
});
