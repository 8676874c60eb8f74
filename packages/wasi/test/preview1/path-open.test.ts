import { describe, expect, test } from "vitest";
import { fdflags, fdstat, lookupflags, oflags } from "../../src/abi/index.ts";
import { directoryRights, fileRights, mutatingRights, rights } from "../../src/abi/rights.ts";
import { openFlags } from "../../src/fs/file-system.ts";
import type { FileSystem } from "../../src/fs/file-system.ts";
import { memory, symlink } from "../../src/fs/memory.ts";
import type { MemoryTree } from "../../src/fs/memory.ts";
import { createGuest, open, openCall, openDirectory } from "../support/guest.ts";
import type { Guest } from "../support/guest.ts";
import { spied } from "../support/spied.ts";

const { creat, directory, excl, trunc } = oflags;
const follow = lookupflags.symlink_follow;
const reading = rights("fd_read", "fd_seek");
const tree: MemoryTree = {
  file: "content",
  dir: { inner: "inner" },
  link: symlink("file"),
  "link-to-dir": symlink("dir"),
  dangling: symlink("new"),
};

function withFiles(access: "read-only" | "read-write" = "read-write") {
  const files = memory(tree);
  const guest = createGuest({ preopens: { "/": { fileSystem: files, access } } });
  return { guest, files };
}

const text = (files: ReturnType<typeof memory>, path: string): string => Buffer.from(files.readFile(path)).toString();

/** The names in the root. */
const names = (files: ReturnType<typeof memory>): string[] => Object.keys(files.tree());

describe("what is opened", () => {
  test.for<[path: string, how: number, dirflags: number, error: string]>([
    ["file", 0, 0, "success"],
    ["file", directory, 0, "notdir"],
    ["file", directory, follow, "notdir"],
    ["file", creat, 0, "success"],
    ["file", creat | excl, 0, "exist"],
    ["file", excl, 0, "success"],
    ["none", 0, 0, "noent"],
    ["none", excl, 0, "noent"],
    ["none/", creat, 0, "noent"],
    ["dir", 0, 0, "success"],
    ["dir", directory, 0, "success"],
    ["dir/", directory, 0, "success"],
    ["dir", trunc, 0, "isdir"],
    ["dir", creat, 0, "isdir"],
    ["dir/", creat, 0, "isdir"],
    [".", 0, 0, "success"],
    [".", creat, 0, "isdir"],
    [".", creat | excl, 0, "exist"],
    [".", excl, 0, "success"],
    [".", trunc, 0, "isdir"],
    ["link", 0, 0, "loop"],
    ["link", 0, follow, "success"],
    ["link", creat | excl, follow, "exist"],
    ["link-to-dir", directory, 0, "notdir"],
    ["link-to-dir", directory, follow, "success"],
    ["link", directory, follow, "notdir"],
    ["dangling", 0, follow, "noent"],
    ["dangling", creat, 0, "loop"],
    ["dangling", creat, follow, "success"],
    ["dir", creat | directory, 0, "inval"],
    ["none", creat | directory, 0, "inval"],
  ])("%s with oflags %d and lookupflags %d: %s", ([path, how, dirflags, error]) => {
    const { guest } = withFiles();
    expect(guest.call(...openCall(path, { oflags: how, dirflags, rights: reading }))).toBe(error);
  });

  test("a file is created once, and empty", () => {
    const { guest, files } = withFiles();
    expect(guest.call(...openCall("new", { oflags: creat | excl }))).toBe("success");
    expect(guest.call(...openCall("new", { oflags: creat | excl }))).toBe("exist");
    expect(text(files, "new")).toBe("");
  });

  test("a file is emptied, and only then", () => {
    const { guest, files } = withFiles();
    open(guest, "file", { oflags: creat });
    expect(text(files, "file")).toBe("content");
    open(guest, "file", { oflags: trunc, rights: reading });
    expect(text(files, "file")).toBe("");
  });

  test("the same directory again has a descriptor of its own", () => {
    const { guest } = withFiles();
    const fd = open(guest, ".", { rights: directoryRights });
    expect(guest.call("fd_close", fd)).toBe("success");
    expect(guest.call("path_filestat_get", 3, 0, "file", 64)).toBe("success");
  });
});

test.for<[rightsBase: number, how: number, error: string]>([
  // What Go asks for in order to read.
  [reading | rights("fd_filestat_set_size"), 0, "notcapable"],
  [rights("fd_write", "fd_filestat_set_size"), 0, "success"],
  [rights("fd_filestat_set_size"), trunc, "success"],
  [rights("fd_write"), 0, "notcapable"],
])("a size is set in a file that was opened for writing, with the right to it: %i, %i: %s", ([base, how, error]) => {
  const { guest } = withFiles();
  const fd = open(guest, "file", { rights: base, oflags: how });
  expect(guest.call("fd_filestat_set_size", fd, 3n)).toBe(error);
});

/** The `openFlags` that a file system is asked for. */
function flagsAskedFor(
  opening: Parameters<typeof openCall>[1],
  access: "read-only" | "read-write" = "read-write",
): number[] {
  const asked: number[] = [];
  const files = memory(tree);
  const fileSystem: FileSystem = {
    open() {
      const root = files.open();
      const { open: openName } = root;
      root.open = (name, flags) => {
        asked.push(flags);
        return openName.call(root, name, flags);
      };
      return root;
    },
  };
  const guest = createGuest({ preopens: { "/": { fileSystem, access } } });
  guest.call(...openCall("file", opening));
  return asked;
}

describe("a file system is asked for no more than the guest has a right to", () => {
  const { read, write, create, truncate, append, dsync, sync } = openFlags;
  test.for<[opening: Parameters<typeof openCall>[1], flags: number]>([
    [{ rights: 0 }, 0],
    [{ rights: rights("fd_read") }, read],
    [{ rights: rights("fd_readdir") }, read],
    [{ rights: rights("fd_write") }, write],
    [{ rights: rights("fd_allocate") }, write],
    [{ rights: rights("fd_filestat_set_size") }, 0],
    [{ rights: rights("fd_datasync") }, 0],
    [{ rights: rights("fd_filestat_set_times") }, 0],
    [{ rights: fileRights }, read | write],
    [{ rights: rights("fd_read"), oflags: trunc }, read | write | truncate],
    [{ rights: rights("fd_read"), oflags: creat }, read | create],
    [
      { rights: rights("fd_write"), fdflags: fdflags.append | fdflags.dsync | fdflags.nonblock },
      write | append | dsync,
    ],
    [{ rights: rights("fd_write"), fdflags: fdflags.sync | fdflags.rsync }, write | sync],
  ])("%j", ([opening, flags]) => {
    expect(flagsAskedFor(opening)).toEqual([flags]);
  });

  test("or for what is no opening at all", () => {
    expect(flagsAskedFor({ oflags: creat | directory })).toEqual([]);
    expect(flagsAskedFor({ rights: fileRights | rights("sock_accept") })).toEqual([]);
  });

  test("of a read-only preopen, to read at most", () => {
    const wanted = rights("fd_read", "fd_filestat_set_times");
    expect(flagsAskedFor({ rights: wanted, oflags: creat }, "read-only")).toEqual([read]);
  });
});

const rightsOf = (guest: Guest, fd: number): number[] => {
  expect(guest.call("fd_fdstat_get", fd, 128)).toBe("success");
  return [fdstat.fs_rights_base, fdstat.fs_rights_inheriting].map((at) =>
    Number(guest.view().getBigUint64(128 + at, true)),
  );
};

describe("rights", () => {
  test("are what was asked for", () => {
    const { guest } = withFiles();
    const base = rights("path_open", "fd_readdir");
    const fd = open(guest, "dir", { oflags: directory, rights: base, inheriting: reading });
    expect(rightsOf(guest, fd)).toEqual([base, reading]);
    expect(guest.call(...openCall("inner", { from: fd, rights: reading }))).toBe("success");
    expect(guest.call(...openCall("inner", { from: fd, rights: fileRights }))).toBe("notcapable");
    expect(guest.call(...openCall("inner", { from: fd, rights: reading, inheriting: fileRights }))).toBe("notcapable");
  });

  test("on the content of files that a directory was opened without are passed on, as Zig's library counts on", () => {
    const { guest } = withFiles();
    // It asks for the same rights on the directory and below it.
    const both = rights("path_open", "path_create_file", "fd_readdir", "fd_filestat_get");
    const fd = open(guest, "dir", { oflags: directory, rights: both, inheriting: both });
    const [, passedOn] = rightsOf(guest, 3);
    expect(rightsOf(guest, fd)).toEqual([both, passedOn]);
    expect(guest.call(...openCall("inner", { from: fd, rights: fileRights }))).toBe("success");
    expect(guest.call("fd_fdstat_set_rights", fd, BigInt(both), BigInt(both))).toBe("success");
    expect(guest.call(...openCall("inner", { from: fd, rights: fileRights }))).toBe("notcapable");
  });

  test("that there are not can't be asked for", () => {
    const { guest } = withFiles();
    const call = (base: bigint, inheriting: bigint): string =>
      guest.call("path_open", 3, 0, "file", 0, base, inheriting, 0, 64);
    expect([call(1n << 30n, 0n), call(0n, 1n << 30n), call(1n << 63n, 0n), call(-1n, 0n)]).toEqual([
      "notcapable",
      "notcapable",
      "notcapable",
      "notcapable",
    ]);
    // Those of sockets are, but nothing has them to pass on.
    expect(call(1n << 29n, 0n)).toBe("notcapable");
  });

  type Missing = Parameters<typeof rights>;
  test.for<[what: string, missing: Missing[0], notPassedOn: Missing, how: number, error: string]>([
    ["to open anything", "path_open", [], 0, "notcapable"],
    ["to create", "path_create_file", [], creat, "notcapable"],
    ["to create, which is not asked for", "path_create_file", [], 0, "success"],
    ["to truncate", "path_filestat_set_size", ["fd_filestat_set_size"], trunc, "notcapable"],
    ["to truncate", "path_filestat_set_size", ["fd_write"], trunc, "notcapable"],
    ["to truncate, which the files have", "path_filestat_set_size", [], trunc, "success"],
    ["to truncate, which is not asked for", "path_filestat_set_size", ["fd_write"], creat, "success"],
  ])("%s are needed of the directory", ([, missing, notPassedOn, how, error]) => {
    const { guest } = withFiles();
    const from = openDirectory(guest, "dir");
    const passedOn = (fileRights | directoryRights) & ~rights(...notPassedOn);
    guest.call("fd_fdstat_set_rights", from, BigInt(directoryRights & ~rights(missing)), BigInt(passedOn));
    expect(guest.call(...openCall("inner", { from, oflags: how, rights: reading }))).toBe(error);
  });

  test("the descriptor has to be a directory's", () => {
    const { guest } = withFiles();
    const file = open(guest, "file");
    expect([file, 1, 9].map((from) => guest.call(...openCall("x", { from })))).toEqual(["notdir", "notdir", "badf"]);
  });

  test("unknown fdflags are inval, and create nothing", () => {
    const { guest, files } = withFiles();
    expect(guest.call(...openCall("new", { oflags: creat, fdflags: 32 }))).toBe("inval");
    expect(names(files)).not.toContain("new");
  });

  test("the flags are those of the descriptor", () => {
    const { guest } = withFiles();
    const fd = open(guest, "file", { fdflags: fdflags.append | fdflags.dsync });
    guest.call("fd_fdstat_get", fd, 128);
    expect(guest.view().getUint16(130, true)).toBe(fdflags.append | fdflags.dsync);
  });
});

describe("a read-only preopen", () => {
  test("leaves out what it does not give, where that is not what matters", () => {
    const { guest } = withFiles("read-only");
    const wanted = reading | rights("fd_filestat_set_times", "path_create_file", "fd_datasync");
    const fd = open(guest, "file", { rights: wanted, inheriting: wanted });
    expect(guest.call("fd_fdstat_get", fd, 128)).toBe("success");
    expect(guest.view().getBigUint64(136, true)).toBe(BigInt(reading | rights("fd_datasync")));
    const dir = open(guest, "dir", {
      oflags: directory,
      rights: directoryRights,
      inheriting: directoryRights | fileRights,
    });
    expect(guest.call("fd_fdstat_get", dir, 128)).toBe("success");
    const shown = [136, 144].map((at) => guest.view().getBigUint64(at, true));
    expect(shown.map((set) => set & BigInt(mutatingRights))).toEqual([0n, 0n]);
    expect(shown).toEqual([
      BigInt(directoryRights & ~mutatingRights),
      BigInt((directoryRights | fileRights) & ~mutatingRights),
    ]);
  });

  test.for<[opening: Parameters<typeof openCall>[1] & { path: string }, error: string]>([
    [{ path: "file", rights: rights("fd_write") }, "rofs"],
    [{ path: "file", rights: rights("fd_allocate") }, "rofs"],
    [{ path: "file", rights: rights("fd_read", "fd_filestat_set_size") }, "success"],
    [{ path: "file", rights: reading, oflags: trunc }, "rofs"],
    [{ path: "file", rights: reading, oflags: creat }, "success"],
    [{ path: "file", rights: reading, oflags: creat | excl }, "exist"],
    [{ path: "none", rights: reading, oflags: creat }, "rofs"],
    [{ path: "none", rights: reading, oflags: creat | excl }, "rofs"],
    [{ path: "link", rights: reading, oflags: creat, dirflags: follow }, "success"],
    [{ path: "dangling", rights: reading, oflags: creat, dirflags: follow }, "rofs"],
    [{ path: "file", rights: rights("sock_accept") }, "notcapable"],
  ])("%j", ([{ path, ...opening }, error]) => {
    const { guest, files } = withFiles("read-only");
    expect(guest.call(...openCall(path, opening))).toBe(error);
    expect(names(files)).toEqual(Object.keys(tree).toSorted());
    expect(text(files, "file")).toBe("content");
  });
});

const end = 2 * 65_536;
const openTo = (guest: Guest, at: number): string =>
  guest.call("path_open", 3, 0, "new", creat, BigInt(reading), 0n, 0, at);

describe("the number", () => {
  test("goes where the guest says; where that is no place, nothing is opened or created", () => {
    const files = memory();
    const fileSystem = spied(files);
    const guest = createGuest({ preopens: { "/": fileSystem } });
    expect([openTo(guest, end - 3), openTo(guest, end), openTo(guest, -1)]).toEqual(["fault", "fault", "fault"]);
    expect([names(files), fileSystem.openHandles()]).toEqual([[], 1]);
    expect(openTo(guest, end - 4)).toBe("success");
    expect(guest.view().getUint32(end - 4, true)).toBe(4);
    expect(guest.call("fd_close", 4)).toBe("success");
    expect(guest.call("fd_close", 5)).toBe("badf");
  });

  test("is one of 65,536; without any left, nothing is opened or created", () => {
    const files = memory({ file: "" });
    const fileSystem = spied(files);
    const guest = createGuest({ preopens: { "/": fileSystem } });
    const { table } = guest.wasi;
    const filler = table.getOrThrow(1);
    for (let count = 4; count < 65_536; count++) table.add(filler);
    expect([guest.call(...openCall("file")), guest.call(...openCall("new", { oflags: creat }))]).toEqual([
      "mfile",
      "mfile",
    ]);
    expect([names(files), fileSystem.openHandles()]).toEqual([["file"], 1]);
    expect(guest.call("fd_close", 700)).toBe("success");
    expect(open(guest, "file")).toBe(700);
  });
});
