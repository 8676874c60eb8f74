import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fstflags, oflags, fdstat, mutatingRights, directoryRights, fileRights, rights } from "../../src/abi/index.ts";
import { runCalls } from "../support/guest.ts";
import type { Call } from "../support/guest.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";

const all = BigInt(fileRights | directoryRights);
const reading = all & ~BigInt(rights("fd_write", "fd_datasync", "fd_allocate", "fd_filestat_set_size"));
const tree = { ro: { "file.txt": "kept", dir: {}, link: { to: "file.txt" } }, rw: { "mine.txt": "mine" } };
const grant = (host: string) => ({
  "/ro": { path: join(host, "ro"), access: "read-only" as const },
  "/rw": join(host, "rw"),
});

test.for<[what: string, call: Call]>([
  ["open for writing", ["path_open", 3, 0, "file.txt", 0, BigInt(rights("fd_write")), 0n, 0, 0]],
  ["open to allocate", ["path_open", 3, 0, "file.txt", 0, BigInt(rights("fd_allocate")), 0n, 0, 0]],
  ["truncate", ["path_open", 3, 0, "file.txt", oflags.trunc, 0n, 0n, 0, 0]],
  ["create", ["path_open", 3, 0, "new.txt", oflags.creat, 0n, 0n, 0, 0]],
  ["make a directory", ["path_create_directory", 3, "new"]],
  ["remove a directory", ["path_remove_directory", 3, "dir"]],
  ["remove a file", ["path_unlink_file", 3, "file.txt"]],
  ["make a link", ["path_symlink", "x", 3, "new"]],
  ["hard-link within", ["path_link", 3, 0, "file.txt", 3, "new"]],
  ["hard-link out", ["path_link", 3, 0, "file.txt", 4, "stolen"]],
  ["hard-link in", ["path_link", 4, 0, "mine.txt", 3, "new"]],
  ["rename within", ["path_rename", 3, "file.txt", 3, "new"]],
  ["rename out", ["path_rename", 3, "file.txt", 4, "stolen"]],
  ["rename in", ["path_rename", 4, "mine.txt", 3, "new"]],
  ["set times", ["path_filestat_set_times", 3, 0, "file.txt", 0n, 0n, fstflags.mtim]],
])("a read-only preopen lets nobody %s", ([, call]) => {
  const host = makeTree(tree);
  const { errors } = runCalls([call], { preopens: grant(host) });
  expect(errors).toEqual(["rofs"]);
  expect(readdirSync(join(host, "ro"))).toEqual(["dir", "file.txt", "link"]);
  expect(readdirSync(join(host, "rw"))).toEqual(["mine.txt"]);
  expect(readFileSync(join(host, "ro/file.txt"), "utf8")).toBe("kept");
});

test("nor through a descriptor that was opened before, or a directory's", () => {
  const host = makeTree(tree);
  const { errors } = runCalls(
    [
      ["path_open", 3, 1, "link", oflags.creat, reading, 0n, 0, 0],
      ["fd_write", 5, 64, 1, 8],
      ["fd_filestat_set_size", 5, 0n],
      ["fd_filestat_set_times", 5, 0n, 0n, fstflags.mtim],
      ["fd_allocate", 5, 0n, 100n],
      ["path_open", 3, 0, "dir", oflags.directory, reading, all, 0, 0],
      ["path_create_directory", 6, "new"],
      ["fd_renumber", 6, 4],
      ["path_create_directory", 4, "new"],
    ],
    { preopens: grant(host) },
  );
  const denied = Array.from({ length: 4 }, () => "notcapable");
  expect(errors).toEqual(["success", ...denied, "success", "rofs", "success", "rofs"]);
  expect(readFileSync(join(host, "ro/file.txt"), "utf8")).toBe("kept");
});

test("the rights that the guest sees say so", () => {
  const host = makeTree(tree);
  const { errors, memory } = runCalls(
    [
      ["fd_fdstat_get", 3, 64],
      ["fd_fdstat_get", 4, 128],
      ["path_open", 3, 0, "file.txt", 0, reading, 0n, 0, 0],
      ["fd_fdstat_get", 5, 192],
    ],
    { preopens: grant(host) },
  );
  expect(errors).toEqual(["success", "success", "success", "success"]);
  const sets = [64, 128, 192].map((at) =>
    [fdstat.fs_rights_base, fdstat.fs_rights_inheriting].map((it) => memory.getBigUint64(at + it, true)),
  );
  const changing = BigInt(mutatingRights);
  expect(sets.map((pair) => pair.map((set) => (set & changing) !== 0n))).toEqual([
    [false, false],
    [true, true],
    [false, false],
  ]);
});
