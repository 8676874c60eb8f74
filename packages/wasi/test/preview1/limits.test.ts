import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { fdflags, oflags } from "../../src/abi/index.ts";
import type { OpenFile } from "../../src/descriptor-table.ts";
import { copyOnWrite } from "../../src/fs/copy-on-write.ts";
import type { FileSystem } from "../../src/fs/file-system.ts";
import { memory } from "../../src/fs/memory.ts";
import { subdirectory } from "../../src/fs/subdirectory.ts";
import type { WasiLimits } from "../../src/limits.ts";
import { hostDirectory } from "../../src/node/host-directory.ts";
import { WasiError } from "../../src/wasi-error.ts";
import { temporaryDirectory } from "../support/file-systems.ts";
import { createGuest, open, openCall, openDirectory, putIovecs } from "../support/guest.ts";
import type { Guest } from "../support/guest.ts";

const countAt = 64;
const { creat, trunc, excl } = oflags;

/** Writes a text, at an offset if one is given. @returns how many bytes, or the errno */
function write(guest: Guest, fd: number, text: string, offset?: bigint): number | string {
  const list = putIovecs(guest, [text]);
  const error =
    offset === undefined
      ? guest.call("fd_write", fd, list, 1, countAt)
      : guest.call("fd_pwrite", fd, list, 1, offset, countAt);
  return error === "success" ? guest.view().getUint32(countAt, true) : error;
}

const onEach = describe.each<[name: string, make: () => FileSystem]>([
  ["a directory of the host", () => hostDirectory(temporaryDirectory())],
  ["memory", () => memory()],
  ["a copy-on-write view", () => copyOnWrite(memory())],
]);

const guestWith = (fileSystem: FileSystem, limits: WasiLimits): Guest =>
  createGuest({ preopens: { "/": fileSystem }, limits });

onEach("bytes written to %s", (_, make) => {
  test("are counted over all files, and a call that exceeds the limit writes nothing", () => {
    const guest = guestWith(make(), { maxWrittenBytes: 10 });
    const [a, b] = [open(guest, "a", { oflags: creat }), open(guest, "b", { oflags: creat })];
    expect([write(guest, a, "12345"), write(guest, b, "1234"), write(guest, a, "12")]).toEqual([5, 4, "dquot"]);
    expect([write(guest, b, "5"), write(guest, b, "6"), write(guest, a, "")]).toEqual([1, "dquot", 0]);
    expect(guest.call("fd_filestat_get", a, 128)).toBe("success");
    expect(guest.view().getBigUint64(128 + 32, true)).toBe(5n);
  });

  test("count each time that they are written over, and are not given back", () => {
    const guest = guestWith(make(), { maxWrittenBytes: 10 });
    const fd = open(guest, "a", { oflags: creat });
    expect([write(guest, fd, "1234", 0n), write(guest, fd, "1234", 0n), write(guest, fd, "1234", 0n)]).toEqual([
      4,
      4,
      "dquot",
    ]);
    expect(guest.call("fd_filestat_set_size", fd, 0n)).toBe("success");
    expect(guest.call("path_unlink_file", 3, "a")).toBe("success");
    expect([write(guest, fd, "123", 0n), write(guest, fd, "12", 0n)]).toEqual(["dquot", 2]);
  });

  test("include a gap that a write leaves, once", () => {
    const guest = guestWith(make(), { maxWrittenBytes: 10 });
    const fd = open(guest, "a", { oflags: creat });
    expect(write(guest, fd, "1", 2n ** 40n)).toBe("dquot");
    expect([write(guest, fd, "1", 5n), write(guest, fd, "1", 4n), write(guest, fd, "123", 6n)]).toEqual([1, 1, 3]);
    expect(write(guest, fd, "1", 1n)).toBe("dquot");
  });

  test("include what a file is extended by", () => {
    const guest = guestWith(make(), { maxWrittenBytes: 10 });
    const fd = open(guest, "a", { oflags: creat });
    expect(guest.call("fd_filestat_set_size", fd, 2n ** 50n)).toBe("dquot");
    expect(guest.call("fd_allocate", fd, 0n, 2n ** 50n)).toBe("dquot");
    expect(guest.call("fd_filestat_set_size", fd, 4n)).toBe("success");
    expect(guest.call("fd_allocate", fd, 4n, 3n)).toBe("success");
    expect([write(guest, fd, "1234"), write(guest, fd, "123")]).toEqual(["dquot", 3]);
    expect(guest.call("fd_filestat_set_size", fd, 0n)).toBe("success");
    expect(guest.call("fd_filestat_set_size", fd, 1n)).toBe("dquot");
  });

  test("are counted if they are appended, too", () => {
    const guest = guestWith(make(), { maxWrittenBytes: 5 });
    const fd = open(guest, "a", { oflags: creat, fdflags: fdflags.append });
    expect([
      write(guest, fd, "123"),
      write(guest, fd, "123"),
      write(guest, fd, "45", 0n),
      write(guest, fd, "6"),
    ]).toEqual([3, "dquot", 2, "dquot"]);
  });

  test("are none if a write fails", () => {
    const guest = guestWith(make(), { maxWrittenBytes: 4 });
    open(guest, "a", { oflags: creat });
    const readOnly = open(guest, "a", { rights: 2 }); // fd_read
    expect(write(guest, readOnly, "1234")).toBe("notcapable");
    expect(write(guest, open(guest, "a"), "1234")).toBe(4);
  });
});

test("a file that is there already can be written as far as it goes, however large it is", () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "large"), "");
  truncateSync(join(directory, "large"), 2 ** 40);
  const guest = guestWith(hostDirectory(directory), { maxWrittenBytes: 4 });
  const fd = open(guest, "large");
  expect([write(guest, fd, "12", 2n ** 39n), write(guest, fd, "1", 2n ** 40n)]).toEqual([2, 1]);
  expect([write(guest, fd, "1", 2n ** 40n + 2n), statSync(join(directory, "large")).size]).toEqual([
    "dquot",
    2 ** 40 + 1,
  ]);
});

onEach("files made in %s", (_, make) => {
  test("are counted, of whatever kind, and one more is refused", () => {
    const guest = guestWith(make(), { maxFiles: 4 });
    const made = [
      guest.call(...openCall("file", { oflags: creat })),
      guest.call("path_create_directory", 3, "directory"),
      guest.call("path_symlink", "file", 3, "link"),
      guest.call("path_link", 3, 0, "file", 3, "second"),
    ];
    expect(made).toEqual(["success", "success", "success", "success"]);
    const refused = [
      guest.call(...openCall("directory/file", { oflags: creat })),
      guest.call("path_create_directory", 3, "other"),
      guest.call("path_symlink", "file", 3, "other"),
      guest.call("path_link", 3, 0, "file", 3, "other"),
    ];
    expect(refused).toEqual(["dquot", "dquot", "dquot", "dquot"]);
    expect(guest.call("path_filestat_get", 3, 0, "other", 128)).toBe("noent");
    expect(guest.call("path_unlink_file", 3, "second")).toBe("success");
    expect(guest.call("path_create_directory", 3, "other")).toBe("dquot");
  });

  test("are not those that are there, nor those that can't be made, nor those that are moved", () => {
    const guest = guestWith(make(), { maxFiles: 3 });
    expect(guest.call("path_symlink", "file", 3, "link")).toBe("success");
    open(guest, "file", { oflags: creat });
    open(guest, "file", { oflags: creat | trunc });
    open(guest, "link", { oflags: creat, dirflags: 1 });
    const failed = [
      guest.call(...openCall("file", { oflags: creat | excl })),
      guest.call("path_create_directory", 3, "file"),
      guest.call("path_symlink", "file", 3, "file"),
      guest.call("path_link", 3, 0, "file", 3, "link"),
      guest.call("path_link", 3, 0, "none", 3, "other"),
    ];
    expect(failed).toEqual(["exist", "exist", "exist", "exist", "noent"]);
    expect(guest.call("path_rename", 3, "file", 3, "moved")).toBe("success");
    expect(guest.call("path_create_directory", 3, "last")).toBe("success");
    expect(guest.call("path_create_directory", 3, "more")).toBe("dquot");
  });
});

test("a directory has limits of its own, within those of the guest", () => {
  const directory = temporaryDirectory();
  const guest = createGuest({
    preopens: {
      "/a": { fileSystem: hostDirectory(directory), maxWrittenBytes: 3, maxFiles: 1 },
      "/b": { fileSystem: memory(), maxWrittenBytes: 4, maxFiles: 2 },
    },
    limits: { maxWrittenBytes: 5, maxFiles: 2 },
  });
  const a = open(guest, "file", { from: 3, oflags: creat });
  expect(guest.call(...openCall("other", { from: 3, oflags: creat }))).toBe("dquot");
  const b = open(guest, "file", { from: 4, oflags: creat });
  expect(guest.call(...openCall("other", { from: 4, oflags: creat }))).toBe("dquot");
  expect([write(guest, a, "1234"), write(guest, a, "123"), write(guest, a, "4")]).toEqual(["dquot", 3, "dquot"]);
  expect([write(guest, b, "123"), write(guest, b, "12"), write(guest, b, "3")]).toEqual(["dquot", 2, "dquot"]);
  expect(readFileSync(join(directory, "file"), "utf8")).toBe("123");
});

describe("open descriptors", () => {
  test("are limited, those of the start included, and a closed one makes room", () => {
    const guest = guestWith(memory({ file: "" }), { maxDescriptors: 6 });
    expect([open(guest, "file"), open(guest, "file")]).toEqual([4, 5]);
    expect([guest.call(...openCall("file")), guest.call(...openCall("new", { oflags: creat }))]).toEqual([
      "mfile",
      "mfile",
    ]);
    expect(guest.call("path_filestat_get", 3, 0, "new", 128)).toBe("noent");
    expect(guest.call("fd_close", 4)).toBe("success");
    expect([open(guest, "file"), guest.call(...openCall("file"))]).toEqual([4, "mfile"]);
  });

  test("are no fewer than those of the start", () => {
    expect(() => guestWith(memory(), { maxDescriptors: 3 })).toThrow(new WasiError("mfile", "maxDescriptors"));
  });
});

const stat = (guest: Guest, path: string, fd = 3): string => guest.call("path_filestat_get", fd, 1, path, 128);
const mkdir = (guest: Guest, path: string, fd = 3): string => guest.call("path_create_directory", fd, path);
const rename = (guest: Guest, from: string, to: string): string => guest.call("path_rename", 3, from, 3, to);

onEach("how deep a path leads in %s", (_, make) => {
  const deep = (): Guest => {
    const guest = guestWith(make(), { maxDepth: 3 });
    expect(["a", "a/b", "a/b/c"].map((path) => mkdir(guest, path))).toEqual(["success", "success", "success"]);
    return guest;
  };

  test("is limited, for whatever is below, and whether it is there or not", () => {
    const guest = deep();
    const calls = [
      mkdir(guest, "a/b/c/d"),
      guest.call(...openCall("a/b/c/f", { oflags: creat })),
      guest.call("path_symlink", "x", 3, "a/b/c/l"),
      stat(guest, "a/b/c/none"),
      stat(guest, "a/b/c/../c/none"),
      guest.call("path_unlink_file", 3, "a/b/c/none"),
    ];
    expect(new Set(calls)).toEqual(new Set(["nametoolong"]));
    expect([stat(guest, "a/b/c"), stat(guest, "a/b/c/."), stat(guest, "a/./b/../b/c/..")]).toEqual([
      "success",
      "success",
      "success",
    ]);
  });

  test("is counted without links, and from the preopen, wherever a path starts", () => {
    const guest = deep();
    expect(guest.call("path_symlink", "a/b", 3, "link")).toBe("success");
    expect([mkdir(guest, "link/second"), mkdir(guest, "link/c/d")]).toEqual(["success", "nametoolong"]);
    const b = openDirectory(guest, "a/b");
    expect([mkdir(guest, "third", b), mkdir(guest, "c/d", b)]).toEqual(["success", "nametoolong"]);
    expect(mkdir(guest, "d", openDirectory(guest, "c", b))).toBe("nametoolong");
  });

  test("is not exceeded by moving a directory with all below it", () => {
    const guest = deep();
    expect([mkdir(guest, "x"), mkdir(guest, "x/y"), mkdir(guest, "z")]).toEqual(["success", "success", "success"]);
    expect([rename(guest, "x", "a/b/x"), rename(guest, "a", "z/a"), rename(guest, "x", "z/x")]).toEqual([
      "nametoolong",
      "nametoolong",
      "success",
    ]);
    expect([rename(guest, "z/x", "x"), rename(guest, "x/y", "a/b/y")]).toEqual(["success", "success"]);
    // As deep as before: nobody looks at what is below.
    expect(rename(guest, "a", "w")).toBe("success");
  });

  test("is not exceeded from a directory that was moved after it was opened", () => {
    const guest = guestWith(make(), { maxDepth: 3 });
    for (const path of ["a", "a/b", "x"]) mkdir(guest, path);
    const x = openDirectory(guest, "x");
    expect(rename(guest, "x", "a/b/x")).toBe("success");
    expect([mkdir(guest, "y", x), stat(guest, "none", x), stat(guest, ".", x)]).toEqual([
      "nametoolong",
      "nametoolong",
      "success",
    ]);
    expect(rename(guest, "a/b/x", "x")).toBe("success");
    expect([mkdir(guest, "y", x), mkdir(guest, "y/z", x), mkdir(guest, "y/z/w", x)]).toEqual([
      "success",
      "success",
      "nametoolong",
    ]);
  });
});

test("how deep a path leads is counted from the preopen that a directory was moved to", () => {
  const tree = memory({ a: { moved: { below: {} } }, b: { b: {} } });
  const guest = createGuest({
    preopens: { "/a": subdirectory(tree, "a"), "/b": subdirectory(tree, "b") },
    limits: { maxDepth: 3 },
  });
  const moved = openDirectory(guest, "moved");
  expect(guest.call("path_create_directory", 3, "moved/below/last")).toBe("success");
  expect(guest.call("path_rename", 3, "moved", 4, "b/moved")).toBe("nametoolong");
  expect(guest.call("path_remove_directory", 3, "moved/below/last")).toBe("success");
  expect(guest.call("path_rename", 3, "moved", 4, "b/moved")).toBe("success");
  expect(guest.call("path_create_directory", moved, "below/last")).toBe("nametoolong");
});

test("what a call exceeds is named", () => {
  const { wasi, ...guest } = createGuest({ preopens: { "/": memory() }, limits: { maxFiles: 0, maxWrittenBytes: 0 } });
  const path = guest.put(Buffer.from("name"));
  expect(() => wasi.calls.path_create_directory(3, path, 4)).toThrow(expect.objectContaining({ limit: "maxFiles" }));
});

test("the size of a file is asked for only where a write may leave a gap", () => {
  const guest = guestWith(memory({ file: "0123456789" }), { maxWrittenBytes: 100 });
  const fd = open(guest, "file");
  const { handle } = guest.wasi.table.get(fd) as OpenFile;
  const asked = vi.spyOn(handle, "stat");
  for (let i = 0; i < 5; i++) write(guest, fd, "12345");
  for (const offset of [20n, 24n, 7n]) write(guest, fd, "1", offset);
  expect(asked).not.toHaveBeenCalled();
  write(guest, fd, "1", 40n);
  expect(asked).toHaveBeenCalledTimes(1);
});
