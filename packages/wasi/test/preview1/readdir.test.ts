import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { oflags, dirent, filetype, directoryRights, fileRights } from "../../src/abi/index.ts";
import { runCalls } from "../support/guest.ts";
import type { Answers, Call } from "../support/guest.ts";
import { makeTree } from "../support/host-tree.ts";

const all = BigInt(fileRights | directoryRights);
const directory = (path: string): Call => [
  "path_open",
  3,
  0,
  path,
  oflags.directory,
  BigInt(directoryRights),
  all,
  0,
  0,
];

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
  const answers = runCalls([directory("dir"), ["fd_readdir", 4, 0x1000, 0x1000, 0n, 8]], {
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
