import { describe, expect, test } from "vitest";
import { filestat, filetype, fstflags, lookupflags } from "../../src/abi/index.ts";
import { directoryRights, fileRights, rights } from "../../src/abi/rights.ts";
import type { RightName } from "../../src/abi/rights.ts";
import { memory, symlink } from "../../src/fs/memory.ts";
import type { MemoryTree } from "../../src/fs/memory.ts";
import { createGuest, openDirectory } from "../support/guest.ts";
import type { Call, Guest } from "../support/guest.ts";

const follow = lookupflags.symlink_follow;
const tree: MemoryTree = {
  file: "content",
  dir: { inner: "inner", deep: {} },
  empty: {},
  link: symlink("file"),
  "link-to-dir": symlink("dir"),
  dangling: symlink("none"),
  ring: symlink("ring"),
};

function withFiles() {
  const files = memory(tree);
  return { files, guest: createGuest({ preopens: { "/": files } }) };
}

/** Every path in a tree; a directory's ends in a slash. */
function paths(it: MemoryTree, prefix = ""): string[] {
  return Object.entries(it).flatMap(([name, value]) => {
    const isDirectory = typeof value === "object" && !(value instanceof Uint8Array) && !("/symlink" in value);
    return isDirectory
      ? [`${prefix}${name}/`, ...paths(value as MemoryTree, `${prefix}${name}/`)]
      : [`${prefix}${name}`];
  });
}
const before = paths(memory(tree).tree());

const u64 = (guest: Guest, at: number): bigint => guest.view().getBigUint64(at, true);

describe("rights", () => {
  test.for<[right: RightName, call: (fd: number) => Call]>([
    ["path_create_directory", (fd) => ["path_create_directory", fd, "new"]],
    ["path_filestat_get", (fd) => ["path_filestat_get", fd, 0, "inner", 64]],
    ["path_filestat_set_times", (fd) => ["path_filestat_set_times", fd, 0, "inner", 0n, 0n, fstflags.mtim]],
    ["path_link_source", (fd) => ["path_link", fd, 0, "inner", 3, "new"]],
    ["path_link_target", (fd) => ["path_link", 3, 0, "file", fd, "new"]],
    ["path_readlink", (fd) => ["path_readlink", fd, "link", 64, 9, 0]],
    ["path_remove_directory", (fd) => ["path_remove_directory", fd, "deep"]],
    ["path_rename_source", (fd) => ["path_rename", fd, "inner", 3, "new"]],
    ["path_rename_target", (fd) => ["path_rename", 3, "file", fd, "new"]],
    ["path_symlink", (fd) => ["path_symlink", "x", fd, "new"]],
    ["path_unlink_file", (fd) => ["path_unlink_file", fd, "inner"]],
  ])("%s is needed, and enough", ([right, call]) => {
    const attempt = (base: number): string => {
      const guest = createGuest({
        preopens: { "/": memory({ ...tree, dir: { ...(tree["dir"] as MemoryTree), link: symlink("x") } }) },
      });
      const fd = openDirectory(guest, "dir");
      guest.call("fd_fdstat_set_rights", fd, BigInt(base), BigInt(directoryRights | fileRights));
      return guest.call(...call(fd));
    };
    expect([attempt(rights(right)), attempt(directoryRights & ~rights(right))]).toEqual(["success", "notcapable"]);
    const { guest } = withFiles();
    expect([guest.call(...call(9)), guest.call(...call(1))]).toEqual(["badf", "notdir"]);
  });
});

describe("calls that change names", () => {
  test.for<[call: Call, error: string, gone?: readonly string[], come?: readonly string[]]>([
    [["path_create_directory", 3, "new"], "success", [], ["new/"]],
    [["path_create_directory", 3, "new/"], "success", [], ["new/"]],
    [["path_create_directory", 3, "dir/new"], "success", [], ["dir/new/"]],
    [["path_create_directory", 3, "link-to-dir/new"], "success", [], ["dir/new/"]],
    [["path_create_directory", 3, "file"], "exist"],
    [["path_create_directory", 3, "dangling"], "exist"],
    [["path_create_directory", 3, "."], "exist"],
    [["path_create_directory", 3, "none/new"], "noent"],
    [["path_create_directory", 3, "file/new"], "notdir"],
    [["path_create_directory", 3, "ring/new"], "loop"],

    [["path_remove_directory", 3, "empty"], "success", ["empty/"]],
    [["path_remove_directory", 3, "empty/"], "success", ["empty/"]],
    [["path_remove_directory", 3, "dir"], "notempty"],
    [["path_remove_directory", 3, "file"], "notdir"],
    [["path_remove_directory", 3, "link-to-dir"], "notdir"],
    [["path_remove_directory", 3, "."], "inval"],
    [["path_remove_directory", 3, "none"], "noent"],

    [["path_unlink_file", 3, "file"], "success", ["file"]],
    [["path_unlink_file", 3, "link-to-dir"], "success", ["link-to-dir"]],
    [["path_unlink_file", 3, "dir"], "isdir"],
    [["path_unlink_file", 3, "dir/"], "isdir"],
    [["path_unlink_file", 3, "file/"], "notdir"],
    [["path_unlink_file", 3, "link-to-dir/"], "notdir"],
    [["path_unlink_file", 3, "none/"], "noent"],
    [["path_unlink_file", 3, "."], "isdir"],

    [["path_rename", 3, "file", 3, "new"], "success", ["file"], ["new"]],
    [["path_rename", 3, "file", 3, "dir/inner"], "success", ["file"]],
    [["path_rename", 3, "link", 3, "dir/link"], "success", ["link"], ["dir/link"]],
    [["path_rename", 3, "dir/deep", 3, "new"], "success", ["dir/deep/"], ["new/"]],
    [["path_rename", 3, "dir/deep/", 3, "new/"], "success", ["dir/deep/"], ["new/"]],
    [["path_rename", 3, "file/", 3, "new"], "notdir"],
    [["path_rename", 3, "file", 3, "new/"], "notdir"],
    [["path_rename", 3, "none", 3, "new/"], "noent"],
    [["path_rename", 3, "none", 3, "new"], "noent"],
    [["path_rename", 3, ".", 3, "new"], "busy"],
    [["path_rename", 3, "file", 3, "."], "busy"],
    [["path_rename", 3, "file", 3, "dir"], "isdir"],
    [["path_rename", 3, "dir", 3, "file"], "notdir"],
    [["path_rename", 3, "empty", 3, "dir"], "notempty"],
    [["path_rename", 3, "dir", 3, "dir/deep/new"], "inval"],

    [["path_link", 3, 0, "file", 3, "new"], "success", [], ["new"]],
    [["path_link", 3, 0, "link", 3, "new"], "success", [], ["new"]],
    [["path_link", 3, follow, "link", 3, "new"], "success", [], ["new"]],
    [["path_link", 3, follow, "dangling", 3, "new"], "noent"],
    [["path_link", 3, 0, "dangling", 3, "new"], "success", [], ["new"]],
    [["path_link", 3, follow, "ring", 3, "new"], "loop"],
    [["path_link", 3, 0, "none", 3, "new"], "noent"],
    [["path_link", 3, 0, "file", 3, "dir/inner"], "exist"],
    [["path_link", 3, 0, "file", 3, "dangling"], "exist"],
    [["path_link", 3, 0, "file", 3, "new/"], "noent"],
    [["path_link", 3, 0, "file", 3, "dir/"], "exist"],
    [["path_link", 3, 0, "file", 3, "."], "exist"],
    [["path_link", 3, 0, "dir", 3, "new"], "perm"],
    [["path_link", 3, 0, ".", 3, "new"], "perm"],
    [["path_link", 3, 0, "file/", 3, "new"], "notdir"],

    [["path_symlink", "../anywhere", 3, "new"], "success", [], ["new"]],
    [["path_symlink", "x", 3, "file"], "exist"],
    [["path_symlink", "x", 3, "dangling"], "exist"],
    [["path_symlink", "x", 3, "new/"], "noent"],
    [["path_symlink", "x", 3, "dir/"], "exist"],
    [["path_symlink", "x", 3, "."], "exist"],
    [["path_symlink", "", 3, "new"], "noent"],
    [["path_symlink", "/x", 3, "new"], "notcapable"],
    [["path_symlink", "x\0", 3, "new"], "inval"],
  ])("%j: %s", ([call, error, gone = [], come = []]) => {
    const { guest, files } = withFiles();
    expect(guest.call(...call)).toBe(error);
    const expected = [...before.filter((path) => !gone.includes(path)), ...come];
    expect(paths(files.tree()).toSorted()).toEqual(expected.toSorted());
  });

  test("a second name is one of the same file, and that of a link of the link", () => {
    const { guest, files } = withFiles();
    expect(guest.call("path_link", 3, follow, "link", 3, "dir/second")).toBe("success");
    expect(guest.call("path_link", 3, 0, "link", 3, "second-link")).toBe("success");
    expect(Buffer.from(files.readFile("dir/second")).toString()).toBe("content");
    expect(files.tree()["second-link"]).toEqual(symlink("file"));
    expect(guest.call("path_filestat_get", 3, 0, "file", 64)).toBe("success");
    expect(u64(guest, 64 + filestat.nlink)).toBe(2n);
  });

  test("another descriptor is where the other path starts", () => {
    const { guest, files } = withFiles();
    const dir = openDirectory(guest, "dir");
    expect(guest.call("path_rename", 3, "file", dir, "moved")).toBe("success");
    expect(guest.call("path_link", dir, 0, "inner", 3, "linked")).toBe("success");
    expect(guest.call("path_symlink", "inner", dir, "made")).toBe("success");
    const now = paths(files.tree());
    expect(now).toEqual(expect.arrayContaining(["dir/moved", "linked", "dir/made"]));
    expect(now).not.toContain("file");
  });

  test("nothing goes to another file system", () => {
    const guest = createGuest({ preopens: { "/a": memory(tree), "/b": memory() } });
    expect(guest.call("path_rename", 3, "file", 4, "new")).toBe("xdev");
    expect(guest.call("path_link", 3, 0, "file", 4, "new")).toBe("xdev");
  });
});

describe("path_filestat_get", () => {
  test.for<[path: string, flags: number, type: number, size: bigint]>([
    ["file", 0, filetype.regular_file, 7n],
    ["link", 0, filetype.symbolic_link, 4n],
    ["link", follow, filetype.regular_file, 7n],
    ["dangling", 0, filetype.symbolic_link, 4n],
    ["link-to-dir/", 0, filetype.directory, 4096n],
    ["link-to-dir/inner", 0, filetype.regular_file, 5n],
    ["dir", 0, filetype.directory, 4096n],
    [".", 0, filetype.directory, 4096n],
    ["dir/..", follow, filetype.directory, 4096n],
  ])("%s with lookupflags %d", ([path, flags, type, size]) => {
    const { guest } = withFiles();
    expect(guest.call("path_filestat_get", 3, flags, path, 64)).toBe("success");
    expect(guest.view().getUint8(64 + filestat.filetype)).toBe(type);
    expect(u64(guest, 64 + filestat.filesize)).toBe(size);
  });

  test.for<[path: string, flags: number, error: string]>([
    ["none", 0, "noent"],
    ["dangling", follow, "noent"],
    ["ring", follow, "loop"],
    ["file/", 0, "notdir"],
    ["", 0, "noent"],
    ["/file", 0, "notcapable"],
    ["..", 0, "notcapable"],
  ])("%s with lookupflags %d: %s", ([path, flags, error]) => {
    expect(withFiles().guest.call("path_filestat_get", 3, flags, path, 64)).toBe(error);
  });

  test("an address beyond the memory is a fault", () => {
    expect(withFiles().guest.call("path_filestat_get", 3, 0, "file", 2 * 65_536 - 63)).toBe("fault");
  });
});

const mtim = (guest: Guest, path: string): bigint => {
  expect(guest.call("path_filestat_get", 3, 0, path, 64)).toBe("success");
  return u64(guest, 64 + filestat.mtim);
};

describe("path_filestat_set_times", () => {
  test.for<[path: string, flags: number, whose: string]>([
    ["file", 0, "file"],
    ["link", 0, "link"],
    ["link", follow, "file"],
    ["dir", 0, "dir"],
    [".", 0, "."],
    ["link-to-dir/", 0, "dir"],
  ])("%s with lookupflags %d: of %s alone", ([path, flags, whose]) => {
    const { guest } = withFiles();
    expect(guest.call("path_filestat_set_times", 3, flags, path, 5n, 7n, fstflags.mtim)).toBe("success");
    const changed = ["file", "link", "dir", "."].filter((each) => mtim(guest, each) === 7n);
    expect(changed).toEqual([whose]);
  });

  test("to the guest's now", () => {
    const { guest } = withFiles();
    expect(guest.call("path_filestat_set_times", 3, 0, "file", 0n, 0n, fstflags.mtim_now)).toBe("success");
    expect(mtim(guest, "file")).toBe(BigInt(Date.parse("2020-07-01T00:00:00Z")) * 1_000_000n);
  });

  test("says what is wrong", () => {
    const { guest } = withFiles();
    const set = (path: string, flags: number, which: number): string =>
      guest.call("path_filestat_set_times", 3, flags, path, 0n, 0n, which);
    expect([set("none", 0, 1), set("dangling", follow, 1), set("file", 0, 3), set("file", 0, 16)]).toEqual([
      "noent",
      "noent",
      "inval",
      "inval",
    ]);
  });
});

describe("path_readlink", () => {
  test("gives the target, or as much as there is room for", () => {
    const guest = createGuest({ preopens: { "/": memory({ link: symlink("ñ/x") }) } });
    const readlink = (size: number): string => {
      new Uint8Array(guest.memory.buffer, 64, 8).fill(0x2e);
      expect(guest.call("path_readlink", 3, "link", 64, size, 0)).toBe("success");
      return `${guest.view().getUint32(0, true)} ${guest.text(64, 6)}`;
    };
    expect([readlink(4), readlink(99), readlink(2), readlink(0), readlink(-1)]).toEqual([
      "4 ñ/x..",
      "4 ñ/x..",
      "2 ñ....",
      "0 ......",
      "4 ñ/x..",
    ]);
  });

  test.for<[path: string, error: string]>([
    ["file", "inval"],
    ["dir", "inval"],
    [".", "inval"],
    ["none", "noent"],
    ["link/", "notdir"],
    ["link-to-dir/", "inval"],
  ])("%s: %s", ([path, error]) => {
    expect(withFiles().guest.call("path_readlink", 3, path, 64, 9, 0)).toBe(error);
  });

  test("addresses beyond the memory are a fault", () => {
    const { guest } = withFiles();
    const end = 2 * 65_536;
    expect(guest.call("path_readlink", 3, "link", end - 3, 9, 0)).toBe("fault");
    expect(guest.call("path_readlink", 3, "link", 64, 9, end - 3)).toBe("fault");
  });
});
