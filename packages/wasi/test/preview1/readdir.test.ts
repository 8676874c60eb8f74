import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dirent, filetype } from "../../src/abi/index.ts";
import { rights } from "../../src/abi/rights.ts";
import type { FileSystem } from "../../src/fs/file-system.ts";
import { memory as memoryFiles } from "../../src/fs/memory.ts";
import { WasiError } from "../../src/wasi-error.ts";
import { createGuest, open, openDirectoryCall, runCalls } from "../support/guest.ts";
import type { Answers } from "../support/guest.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";

/** The entries that a listing put between two addresses. */
function entries({ memory, text }: Answers, start: number, end: number): { name: string; type: number; ino: bigint }[] {
  const found = [];
  for (let at = start; at < end;) {
    const size = memory.getUint32(at + dirent.d_namlen, true);
    found.push({
      name: text(at + dirent.size, size),
      type: memory.getUint8(at + dirent.d_type),
      ino: memory.getBigUint64(at + dirent.d_ino, true),
    });
    at += dirent.size + size;
  }
  return found;
}

test("a directory lists itself, its parent and what is in it, with types and inode numbers", () => {
  const host = makeTree({ dir: { "ñ.txt": "x", sub: {}, link: { to: "../../.." } } });
  const answers = runCalls([openDirectoryCall("dir"), ["fd_readdir", 4, 0x1000, 0x1000, 0n, 8]], {
    preopens: { "/": host },
  });
  expect(answers.errors).toEqual(["success", "success"]);
  const found = entries(answers, 0x1000, 0x1000 + answers.memory.getUint32(8, true));
  expect(Object.fromEntries(found.map(({ name, type }) => [name, type]))).toEqual({
    ".": filetype.directory,
    "..": filetype.directory,
    "ñ.txt": filetype.regular_file,
    sub: filetype.directory,
    link: filetype.symbolic_link,
  });
  expect(found.find(({ name }) => name === "sub")?.ino).toBe(statSync(join(host, "dir/sub"), { bigint: true }).ino);
});

test("a preopen's root lists what is in it, and nothing that would be above", () => {
  const host = makeTree({ "a.txt": "", "b.txt": "" });
  const answers = runCalls([["fd_readdir", 3, 0x1000, 0x1000, 0n, 8]], { preopens: { "/": host } });
  const found = entries(answers, 0x1000, 0x1000 + answers.memory.getUint32(8, true));
  expect(found.map(({ name }) => name)).toEqual(["a.txt", "b.txt"]);
});

test("a listing goes on from a cookie as it was begun, and begins anew from 0", () => {
  const host = makeTree({ "a.txt": "", "b.txt": "", "c.txt": "" });
  const answers = runCalls(
    [
      ["fd_readdir", 3, 0x1000, 40, 0n, 0],
      ["path_unlink_file", 3, "a.txt"],
      ["fd_readdir", 3, 0x2000, 0x1000, 1n, 4],
      ["fd_readdir", 3, 0x3000, 0x1000, 0n, 8],
      ["fd_readdir", 3, 0x4000, 0x1000, 99n, 12],
    ],
    { preopens: { "/": host } },
  );
  const size = (at: number): number => answers.memory.getUint32(at, true);
  // A full buffer says that there is more.
  expect([size(0), size(12)]).toEqual([40, 0]);
  expect(entries(answers, 0x2000, 0x2000 + size(4)).map(({ name }) => name)).toEqual(["b.txt", "c.txt"]);
  expect(entries(answers, 0x3000, 0x3000 + size(8)).map(({ name }) => name)).toEqual(["b.txt", "c.txt"]);
});

test("each entry says where the next one begins, with the rest of it", () => {
  const host = makeTree({ dir: { "a.txt": "", b: {} } });
  const answers = runCalls([openDirectoryCall("dir"), ["fd_readdir", 4, 0x1000, 0x1000, 0n, 8]], {
    preopens: { "/": host },
  });
  const used = answers.memory.getUint32(8, true);
  const cookies: bigint[] = [];
  for (let at = 0x1000; at < 0x1000 + used; at += dirent.size + answers.memory.getUint32(at + dirent.d_namlen, true)) {
    cookies.push(answers.memory.getBigUint64(at + dirent.d_next, true));
  }
  expect(cookies).toEqual([1n, 2n, 3n, 4n]);
  const inodes = entries(answers, 0x1000, 0x1000 + used).map(({ ino }) => ino);
  // A guest need not have been granted the parent, and wasi-libc's scandir() fails on a number that is 0.
  const own = statSync(join(host, "dir"), { bigint: true }).ino;
  expect(inodes).toEqual([
    own,
    own,
    statSync(join(host, "dir/a.txt"), { bigint: true }).ino,
    statSync(join(host, "dir/b"), { bigint: true }).ino,
  ]);
});

test("what is gone by the time that it is read about has no inode number", () => {
  const guest = createGuest({ preopens: { "/": makeTree({ "a.txt": "", "b.txt": "" }) } });
  expect(guest.call("fd_readdir", 3, 0x1000, 1, 0n, 0)).toBe("success");
  expect(guest.call("path_unlink_file", 3, "b.txt")).toBe("success");
  expect(guest.call("fd_readdir", 3, 0x1000, 0x1000, 1n, 0)).toBe("success");
  const answers = { errors: [], memory: guest.view(), text: guest.text };
  expect(entries(answers, 0x1000, 0x1000 + 29)).toEqual([{ name: "b.txt", type: filetype.regular_file, ino: 0n }]);
});

/** A file system of names that it knows no inode number of, until it is asked. */
function withoutInodes(names: number, lookup: () => undefined): FileSystem {
  return {
    open() {
      const root = memoryFiles().open();
      root.list = () => Array.from({ length: names }, (_, i) => ({ name: `${i}`, filetype: filetype.regular_file }));
      root.lookup = lookup;
      return root;
    },
  };
}

/** Lists a directory whose file system fails to look a name up. */
const listFailing = (error: unknown) => () =>
  createGuest({
    preopens: {
      "/": withoutInodes(1, () => {
        throw error;
      }),
    },
  }).call("fd_readdir", 3, 0x1000, 0x1000, 0n, 0);

test("an errno in place of an inode number is none, and a defect is one", () => {
  expect(listFailing(new WasiError("acces"))()).toBe("success");
  expect(listFailing(new Error("a defect"))).toThrow("a defect");
});

test("a file system is asked for no more entries than there is room for", () => {
  let asked = 0;
  const fileSystem = withoutInodes(100, () => {
    asked++;
    return undefined;
  });
  const { errors } = runCalls([["fd_readdir", 3, 0x1000, 2 * (dirent.size + 1), 0n, 0]], {
    preopens: { "/": fileSystem },
  });
  expect([errors, asked]).toEqual([["success"], 2]);
});

test("only a directory is listed, by who may", () => {
  const guest = createGuest({ preopens: { "/": memoryFiles({ file: "", dir: {} }) } });
  const list = (fd: number): string => guest.call("fd_readdir", fd, 0x1000, 0x1000, 0n, 0);
  const file = open(guest, "file", { rights: rights("fd_readdir") });
  const closed = open(guest, "dir", { rights: rights("path_open") });
  expect([list(1), list(file), list(closed), list(9)]).toEqual(["notdir", "notdir", "notcapable", "badf"]);
  expect(guest.call("fd_readdir", 3, 2 * 65_536 - 1, 2, 0n, 0)).toBe("fault");
  expect(guest.call("fd_readdir", 3, 0x1000, 2, 0n, 2 * 65_536 - 3)).toBe("fault");
});
