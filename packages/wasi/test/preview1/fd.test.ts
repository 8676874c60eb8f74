import { describe, expect, test, vi } from "vitest";
import { advice, fdflags, fdstat, filestat, filetype, fstflags, oflags, prestat, whence } from "../../src/abi/index.ts";
import { directoryRights, fileRights, rights } from "../../src/abi/rights.ts";
import type { Rights } from "../../src/abi/rights.ts";
import { openFlags } from "../../src/fs/file-system.ts";
import { memory } from "../../src/fs/memory.ts";
import type { MemoryTree } from "../../src/fs/memory.ts";
import { bytesSource, functionSink, outputTo, stdinFrom } from "../../src/stdio.ts";
import { createGuest, open, openDirectory } from "../support/guest.ts";
import type { Call, Guest, GuestOptions } from "../support/guest.ts";
import { spied } from "../support/spied.ts";

const start = 1_593_561_600_000_000_000n;
const lastByte = 2 * 65_536 - 1;

/** A guest with a file system that says what is done to it. */
function withFiles(tree: MemoryTree, options?: GuestOptions) {
  const files = memory(tree);
  const fileSystem = spied(files);
  const guest = createGuest({ preopens: { "/": fileSystem }, ...options });
  return { guest, files, fileSystem };
}

const u64 = (guest: Guest, at: number): bigint => guest.view().getBigUint64(at, true);
const allBut = (...names: Parameters<typeof rights>): Rights => fileRights & ~rights(...names);

describe("rights", () => {
  test.for<[right: Parameters<typeof rights>[0], call: (fd: number) => Call]>([
    ["fd_advise", (fd) => ["fd_advise", fd, 0n, 1n, 0]],
    ["fd_allocate", (fd) => ["fd_allocate", fd, 0n, 1n]],
    ["fd_datasync", (fd) => ["fd_datasync", fd]],
    ["fd_sync", (fd) => ["fd_sync", fd]],
    ["fd_fdstat_set_flags", (fd) => ["fd_fdstat_set_flags", fd, 0]],
    ["fd_filestat_get", (fd) => ["fd_filestat_get", fd, 64]],
    ["fd_filestat_set_size", (fd) => ["fd_filestat_set_size", fd, 0n]],
    ["fd_filestat_set_times", (fd) => ["fd_filestat_set_times", fd, 0n, 0n, fstflags.mtim]],
    ["fd_seek", (fd) => ["fd_seek", fd, 0n, whence.set, 64]],
    ["fd_tell", (fd) => ["fd_tell", fd, 64]],
    ["fd_read", (fd) => ["fd_read", fd, 64, 0, 64]],
    ["fd_write", (fd) => ["fd_write", fd, 64, 0, 64]],
    ["fd_read", (fd) => ["fd_pread", fd, 64, 0, 0n, 64]],
    ["fd_seek", (fd) => ["fd_pread", fd, 64, 0, 0n, 64]],
    ["fd_write", (fd) => ["fd_pwrite", fd, 64, 0, 0n, 64]],
    ["fd_seek", (fd) => ["fd_pwrite", fd, 64, 0, 0n, 64]],
  ])("%s is needed, and enough", ([right, call]) => {
    const { guest } = withFiles({ file: "x" });
    const granted = open(guest, "file");
    const without = open(guest, "file", { rights: allBut(right) });
    expect([guest.call(...call(granted)), guest.call(...call(without)), guest.call(...call(99))]).toEqual([
      "success",
      "notcapable",
      "badf",
    ]);
  });

  test("can be given up, and not taken back", () => {
    const { guest } = withFiles({ file: "x" });
    const fd = open(guest, "file", { inheriting: 0 });
    const reading = BigInt(rights("fd_read"));
    expect(guest.call("fd_fdstat_set_rights", fd, reading, 0n)).toBe("success");
    expect(guest.call("fd_fdstat_get", fd, 64)).toBe("success");
    expect(u64(guest, 64 + fdstat.fs_rights_base)).toBe(reading);
    expect(guest.call("fd_write", fd, 64, 0, 64)).toBe("notcapable");
    expect(guest.call("fd_fdstat_set_rights", fd, BigInt(fileRights), 0n)).toBe("notcapable");
    expect(guest.call("fd_fdstat_set_rights", fd, reading | (1n << 40n), 0n)).toBe("notcapable");
    expect(guest.call("fd_fdstat_set_rights", fd, 0n, 1n)).toBe("notcapable");
    expect(guest.call("fd_fdstat_set_rights", fd, -1n, 0n)).toBe("notcapable");
    expect(guest.call("fd_fdstat_set_rights", 99, 0n, 0n)).toBe("badf");
  });

  test("what a directory passes on can be given up as well", () => {
    const { guest } = withFiles({ dir: { file: "x" } });
    const fd = openDirectory(guest, "dir");
    const kept = BigInt(rights("fd_read"));
    expect(guest.call("fd_fdstat_set_rights", fd, BigInt(directoryRights), kept)).toBe("success");
    expect(guest.call("fd_fdstat_get", fd, 64)).toBe("success");
    expect(u64(guest, 64 + fdstat.fs_rights_inheriting)).toBe(kept);
    expect(guest.call("path_open", fd, 0, "file", 0, kept, 0n, 0, 0)).toBe("success");
    expect(guest.call("path_open", fd, 0, "file", 0, BigInt(fileRights), 0n, 0, 0)).toBe("notcapable");
  });

  test("a stream passes nothing on", () => {
    const guest = createGuest();
    expect(guest.call("fd_fdstat_set_rights", 1, BigInt(rights("fd_write")), 1n)).toBe("notcapable");
    expect(guest.call("fd_fdstat_set_rights", 1, 0n, 0n)).toBe("success");
    const calls: Call[] = [
      ["fd_write", 1, 64, 0, 64],
      ["fd_fdstat_set_flags", 1, 0],
      ["fd_filestat_get", 1, 64],
    ];
    expect(calls.map((call) => guest.call(...call))).toEqual(["notcapable", "notcapable", "notcapable"]);
  });
});

const fdstatOf = (guest: Guest, fd: number) => {
  new Uint8Array(guest.memory.buffer, 64, fdstat.size + 1).fill(0xff);
  expect(guest.call("fd_fdstat_get", fd, 64)).toBe("success");
  const view = guest.view();
  // What is between the fields is zero, and nothing behind them is touched.
  expect([view.getUint8(65), view.getUint32(68, true), view.getUint8(64 + fdstat.size)]).toEqual([0, 0, 0xff]);
  return {
    filetype: view.getUint8(64),
    flags: view.getUint16(66, true),
    base: Number(view.getBigUint64(72, true)),
    inheriting: Number(view.getBigUint64(80, true)),
  };
};

describe("fd_fdstat_get", () => {
  test("of files and directories", () => {
    const { guest } = withFiles({ file: "x" });
    const preopen = {
      filetype: filetype.directory,
      flags: 0,
      base: directoryRights,
      inheriting: directoryRights | fileRights,
    };
    expect(fdstatOf(guest, 3)).toEqual(preopen);
    const base = rights("fd_read", "path_open");
    const fd = open(guest, "file", { rights: base, inheriting: fileRights, fdflags: fdflags.append });
    // Of a file's rights, those are shown that mean something for a file.
    expect(fdstatOf(guest, fd)).toEqual({
      filetype: filetype.regular_file,
      flags: fdflags.append,
      base: rights("fd_read"),
      inheriting: 0,
    });
    expect(guest.call("fd_fdstat_get", 9, 64)).toBe("badf");
    expect(guest.call("fd_fdstat_get", 3, lastByte - 22)).toBe("fault");
  });

  test.each([
    [true, filetype.character_device],
    [false, filetype.unknown],
  ])("of streams: a terminal (%s) has the type %d", (isTerminal, type) => {
    const guest = createGuest({
      stdin: stdinFrom({ ...bytesSource(""), isTerminal: () => isTerminal }),
      stdout: outputTo("stdout", { ...functionSink(() => undefined), isTerminal: () => isTerminal }),
    });
    const stat = (fd: number): unknown => fdstatOf(guest, fd);
    const both: Parameters<typeof rights> = ["fd_fdstat_set_flags", "fd_filestat_get", "poll_fd_readwrite"];
    expect(stat(0)).toEqual({ filetype: type, flags: 0, base: rights("fd_read", ...both), inheriting: 0 });
    const base = rights("fd_write", "fd_sync", "fd_datasync", ...both);
    expect(stat(1)).toEqual({ filetype: type, flags: 0, base, inheriting: 0 });
  });
});

describe("fd_fdstat_set_flags", () => {
  test("a file appends from then on, or no longer", () => {
    const { guest, files, fileSystem } = withFiles({ file: "one" });
    const fd = open(guest, "file");
    const put = (text: string): void => {
      guest.view().setUint32(64, guest.put(Buffer.from(text)), true);
      guest.view().setUint32(68, text.length, true);
      expect(guest.call("fd_write", fd, 64, 1, 8)).toBe("success");
    };
    expect(guest.call("fd_fdstat_set_flags", fd, fdflags.append | fdflags.nonblock)).toBe("success");
    put("two");
    expect(guest.call("fd_fdstat_get", fd, 128)).toBe("success");
    expect(guest.view().getUint16(130, true)).toBe(fdflags.append | fdflags.nonblock);
    expect(guest.call("fd_fdstat_set_flags", fd, 0)).toBe("success");
    expect(guest.call("fd_seek", fd, 0n, whence.set, 128)).toBe("success");
    put("TWO");
    expect(Buffer.from(files.readFile("file")).toString()).toBe("TWOtwo");
    expect(fileSystem.calls).toEqual([`setFlags file ${openFlags.append}`, "setFlags file 0"]);
  });

  test.for<[flags: number, status: number]>([
    [fdflags.dsync, openFlags.dsync],
    [fdflags.rsync, openFlags.sync],
    [fdflags.sync, openFlags.sync],
    [fdflags.nonblock, 0],
    [fdflags.append | fdflags.dsync | fdflags.sync, openFlags.append | openFlags.dsync | openFlags.sync],
  ])("fdflags %d are the file system's %d", ([flags, status]) => {
    const { guest, fileSystem } = withFiles({ file: "" });
    expect(guest.call("fd_fdstat_set_flags", open(guest, "file"), flags)).toBe("success");
    expect(fileSystem.calls).toEqual([`setFlags file ${status}`]);
  });

  test("an unknown flag is inval, and changes nothing", () => {
    const { guest, fileSystem } = withFiles({ file: "" });
    const fd = open(guest, "file");
    expect([guest.call("fd_fdstat_set_flags", fd, 32), guest.call("fd_fdstat_set_flags", 1, 33)]).toEqual([
      "inval",
      "inval",
    ]);
    expect(guest.call("fd_fdstat_set_flags", 9, 0)).toBe("badf");
    expect(fileSystem.calls).toEqual([]);
  });

  test("streams and directories keep them", () => {
    const { guest } = withFiles({});
    for (const fd of [1, 3]) {
      expect(guest.call("fd_fdstat_set_flags", fd, fdflags.append)).toBe("success");
      guest.call("fd_fdstat_get", fd, 64);
      expect(guest.view().getUint16(66, true)).toBe(fdflags.append);
    }
  });
});

describe("attributes", () => {
  test("of a file, as its file system has them", () => {
    const { guest } = withFiles({ file: "12345" });
    const fd = open(guest, "file");
    expect(guest.call("fd_filestat_set_times", fd, 11n, 22n, fstflags.atim | fstflags.mtim)).toBe("success");
    new Uint8Array(guest.memory.buffer, 64, filestat.size + 1).fill(0xff);
    expect(guest.call("fd_filestat_get", fd, 64)).toBe("success");
    const at = (field: keyof typeof filestat): bigint => u64(guest, 64 + filestat[field]);
    expect([at("filetype"), at("nlink"), at("filesize"), at("atim"), at("mtim")]).toEqual([4n, 1n, 5n, 11n, 22n]);
    expect(at("dev")).toBeGreaterThan(0n);
    expect(at("ino")).toBeGreaterThan(0n);
    expect(at("ctim")).toBeGreaterThan(start);
    expect(guest.view().getUint8(64 + filestat.size)).toBe(0xff);
  });

  test("of a stream: nothing but its type", () => {
    const guest = createGuest();
    new Uint8Array(guest.memory.buffer, 64, filestat.size).fill(0xff);
    expect(guest.call("fd_filestat_get", 1, 64)).toBe("success");
    expect([...new Uint8Array(guest.memory.buffer, 64, filestat.size)]).toEqual(Array.from({ length: 64 }, () => 0));
  });

  test("wasi_unstable has fewer links, and less room", () => {
    const { guest } = withFiles({ file: "12345" }, { abi: "wasi_unstable" });
    const fd = open(guest, "file");
    guest.call("fd_filestat_set_times", fd, 11n, 22n, fstflags.atim | fstflags.mtim);
    new Uint8Array(guest.memory.buffer, 64, 64).fill(0xff);
    expect(guest.call("fd_filestat_get", fd, 64)).toBe("success");
    expect(guest.view().getUint8(64 + 16)).toBe(4);
    expect(guest.view().getUint32(64 + 20, true)).toBe(1);
    expect([24, 32, 40, 56].map((at) => u64(guest, 64 + at))).toEqual([5n, 11n, 22n, 2n ** 64n - 1n]);
  });

  test("times are set to what is given, or to the guest's now", () => {
    const { guest } = withFiles({ file: "" });
    const fd = open(guest, "file");
    const times = (): bigint[] => {
      expect(guest.call("fd_filestat_get", fd, 64)).toBe("success");
      return [u64(guest, 64 + filestat.atim), u64(guest, 64 + filestat.mtim)];
    };
    const set = (atim: bigint, mtim: bigint, flags: number): string =>
      guest.call("fd_filestat_set_times", fd, atim, mtim, flags);
    expect(set(1n, 2n, fstflags.atim | fstflags.mtim)).toBe("success");
    expect(times()).toEqual([1n, 2n]);
    expect(set(3n, 4n, fstflags.atim)).toBe("success");
    expect(times()).toEqual([3n, 2n]);
    expect(set(3n, 4n, fstflags.mtim)).toBe("success");
    expect(times()).toEqual([3n, 4n]);
    expect(set(5n, 6n, fstflags.atim_now)).toBe("success");
    expect(times()).toEqual([start, 4n]);
    expect(set(5n, 6n, fstflags.atim | fstflags.mtim_now)).toBe("success");
    expect(times()).toEqual([5n, start]);
    expect(set(-1n, -1n, fstflags.atim | fstflags.mtim)).toBe("success");
    expect(times()).toEqual([2n ** 64n - 1n, 2n ** 64n - 1n]);
    expect(set(0n, 0n, 0)).toBe("success");
    expect([
      set(0n, 0n, fstflags.atim | fstflags.atim_now),
      set(0n, 0n, fstflags.mtim | fstflags.mtim_now),
      set(0n, 0n, 16),
    ]).toEqual(["inval", "inval", "inval"]);
    expect(times()).toEqual([2n ** 64n - 1n, 2n ** 64n - 1n]);
  });

  test("a directory has times too, and a stream has none", () => {
    const { guest } = withFiles({ dir: {} });
    const fd = openDirectory(guest, "dir");
    expect(guest.call("fd_filestat_set_times", fd, 0n, 7n, fstflags.mtim)).toBe("success");
    expect(guest.call("fd_filestat_get", fd, 64)).toBe("success");
    expect(u64(guest, 64 + filestat.mtim)).toBe(7n);
    expect(guest.call("fd_filestat_set_times", 1, 0n, 7n, fstflags.mtim)).toBe("inval");
  });

  test("size is cut and extended", () => {
    const { guest, files } = withFiles({ file: "12345" });
    const fd = open(guest, "file");
    const sizes = [2n, 4n, 2n ** 53n, -1n].map((size) => guest.call("fd_filestat_set_size", fd, size));
    expect(sizes).toEqual(["success", "success", "fbig", "fbig"]);
    expect(Buffer.from(files.readFile("file")).toString()).toBe("12\0\0");
    expect([guest.call("fd_filestat_set_size", 1, 0n), guest.call("fd_filestat_set_size", 3, 0n)]).toEqual([
      "inval",
      "notcapable",
    ]);
  });
});

describe("fd_allocate", () => {
  test("makes a file as large as is asked for, and no smaller", () => {
    const { guest, files, fileSystem } = withFiles({ file: "123" });
    const fd = open(guest, "file");
    expect(guest.call("fd_allocate", fd, 4n, 2n)).toBe("success");
    expect(Buffer.from(files.readFile("file")).toString()).toBe("123\0\0\0");
    expect(guest.call("fd_allocate", fd, 0n, 2n)).toBe("success");
    expect(files.readFile("file")).toHaveLength(6);
    expect(guest.call("fd_allocate", fd, 0n, 6n)).toBe("success");
    expect(fileSystem.calls).toEqual(["setSize file 6"]);
  });

  test("says what is wrong", () => {
    const { guest, fileSystem } = withFiles({ file: "123" });
    const fd = open(guest, "file");
    const max = BigInt(Number.MAX_SAFE_INTEGER);
    const calls: Call[] = [
      ["fd_allocate", fd, 0n, 0n],
      ["fd_allocate", fd, 0n, max + 1n],
      ["fd_allocate", fd, max + 1n, 1n],
      ["fd_allocate", fd, 1n, max],
      ["fd_allocate", fd, -1n, 1n],
      ["fd_allocate", 1, 0n, 1n],
      ["fd_allocate", 3, 0n, 1n],
    ];
    const errors = calls.map((call) => guest.call(...call));
    expect(errors).toEqual(["inval", "fbig", "fbig", "fbig", "fbig", "spipe", "notcapable"]);
    // A file system is not asked for a size that no number holds.
    expect(fileSystem.calls).toEqual([]);
  });
});

describe("fd_advise", () => {
  test("is heard, if there is such advice and a file for it", () => {
    const { guest } = withFiles({ file: "123" });
    const fd = open(guest, "file");
    const advise = (number: number, how: number): string => guest.call("fd_advise", number, 0n, 1n, how);
    const advised = Object.values(advice).map((how) => advise(fd, how));
    expect(advised).toEqual(Array.from({ length: 6 }, () => "success"));
    expect([advise(fd, 6), advise(fd, -1), advise(1, 0), advise(3, 0)]).toEqual(["inval", "inval", "spipe", "success"]);
  });
});

describe("fd_seek and fd_tell", () => {
  test("from the start, from where it is, and from the end", () => {
    const { guest } = withFiles({ file: "0123456789" });
    const fd = open(guest, "file");
    const seek = (offset: bigint, from: number): string =>
      `${guest.call("fd_seek", fd, offset, from, 64)} ${u64(guest, 64)}`;
    expect(seek(4n, whence.set)).toBe("success 4");
    expect(seek(3n, whence.cur)).toBe("success 7");
    expect(seek(-5n, whence.cur)).toBe("success 2");
    expect(seek(-1n, whence.end)).toBe("success 9");
    expect(seek(5n, whence.end)).toBe("success 15");
    expect(guest.call("fd_tell", fd, 72)).toBe("success");
    expect(u64(guest, 72)).toBe(15n);
    expect(seek(0n, whence.set)).toBe("success 0");
  });

  test("what can't be leaves the position as it was", () => {
    const { guest } = withFiles({ file: "0123456789" });
    const fd = open(guest, "file");
    guest.call("fd_seek", fd, 3n, whence.set, 64);
    const max = BigInt(Number.MAX_SAFE_INTEGER);
    const calls: Call[] = [
      ["fd_seek", fd, -1n, whence.set, 64],
      ["fd_seek", fd, -4n, whence.cur, 64],
      ["fd_seek", fd, max - 2n, whence.cur, 64],
      ["fd_seek", fd, 0n, 3, 64],
      ["fd_seek", fd, 5n, whence.set, lastByte],
      ["fd_seek", 1, 0n, whence.set, 64],
      ["fd_seek", 3, 0n, whence.set, 64],
      ["fd_tell", 1, 64],
    ];
    const errors = calls.map((call) => guest.call(...call));
    expect(errors).toEqual(["inval", "inval", "inval", "inval", "fault", "spipe", "notcapable", "spipe"]);
    guest.call("fd_tell", fd, 64);
    expect(u64(guest, 64)).toBe(3n);
    expect(guest.call("fd_seek", fd, max - 3n, whence.cur, 64)).toBe("success");
  });

  test("a directory has no position, whatever its rights", () => {
    const { guest } = withFiles({ dir: {} });
    const fd = open(guest, "dir", { oflags: oflags.directory, rights: rights("fd_seek", "fd_tell") });
    expect([guest.call("fd_seek", fd, 0n, whence.set, 64), guest.call("fd_tell", fd, 64)]).toEqual(["badf", "badf"]);
  });

  test("wasi_unstable counts from elsewhere", () => {
    const { guest } = withFiles({ file: "0123456789" }, { abi: "wasi_unstable" });
    const fd = open(guest, "file");
    const seek = (offset: bigint, from: number): string =>
      `${guest.call("fd_seek", fd, offset, from, 64)} ${u64(guest, 64)}`;
    expect([seek(4n, 2), seek(1n, 0), seek(-1n, 1)]).toEqual(["success 4", "success 5", "success 9"]);
    expect(guest.call("fd_seek", fd, 0n, 3, 64)).toBe("inval");
  });
});

describe("preopens", () => {
  test("have a name, in bytes", () => {
    const guest = createGuest({ preopens: { "/ñ": memory(), ".": memory() } });
    new Uint8Array(guest.memory.buffer, 64, 64).fill(0xff);
    expect(guest.call("fd_prestat_get", 3, 64)).toBe("success");
    expect([u64(guest, 64), u64(guest, 72)]).toEqual([3n << 32n, 2n ** 64n - 1n]);
    expect(guest.call("fd_prestat_dir_name", 3, 72, 3)).toBe("success");
    expect(guest.text(72, 3)).toBe("/ñ");
    expect(guest.view().getUint8(75)).toBe(0xff);
    expect(guest.call("fd_prestat_dir_name", 4, 72, 99)).toBe("success");
    expect([guest.text(72, 1), guest.view().getUint8(75)]).toEqual([".", 0xff]);
    expect(guest.call("fd_prestat_get", 3, lastByte - prestat.size + 2)).toBe("fault");
  });

  test("a name that has no room is nametoolong", () => {
    const guest = createGuest({ preopens: { "/dir": memory() } });
    expect(guest.call("fd_prestat_dir_name", 3, 64, 3)).toBe("nametoolong");
    expect(guest.view().getUint8(64)).toBe(0);
    // A length is never negative.
    expect(guest.call("fd_prestat_dir_name", 3, 64, -1)).toBe("success");
  });

  test("nothing else is one", () => {
    const { guest } = withFiles({ file: "", dir: {} });
    const [file, dir] = [open(guest, "file"), openDirectory(guest, "dir")];
    for (const fd of [0, 1, file, dir, 9]) {
      expect([guest.call("fd_prestat_get", fd, 64), guest.call("fd_prestat_dir_name", fd, 64, 9)]).toEqual([
        "badf",
        "badf",
      ]);
    }
  });
});

describe("fd_sync and fd_datasync", () => {
  test("reach the file, the directory, or what a stream has buffered", () => {
    const flush = vi.fn<() => void>();
    const { guest, fileSystem } = withFiles(
      { file: "", dir: {} },
      { stdout: outputTo("stdout", { ...functionSink(() => undefined), flush }) },
    );
    const [file, dir] = [open(guest, "file"), open(guest, "dir", { rights: rights("fd_sync") })];
    expect([guest.call("fd_sync", file), guest.call("fd_datasync", file), guest.call("fd_sync", dir)]).toEqual([
      "success",
      "success",
      "success",
    ]);
    expect(fileSystem.calls.filter((call) => !call.startsWith("close"))).toEqual([
      "sync file",
      "datasync file",
      "sync directory",
    ]);
    expect([guest.call("fd_sync", 1), guest.call("fd_datasync", 1), guest.call("fd_sync", 0)]).toEqual([
      "success",
      "success",
      "success",
    ]);
    expect(flush).toHaveBeenCalledTimes(2);
    expect([guest.call("fd_datasync", dir), guest.call("fd_sync", 9)]).toEqual(["notcapable", "badf"]);
  });

  test("a directory's descriptor can be opened with the right to fd_datasync", () => {
    const { guest, fileSystem } = withFiles({ dir: {} });
    const dir = open(guest, "dir", { oflags: oflags.directory, rights: rights("fd_datasync") });
    expect(guest.call("fd_datasync", dir)).toBe("success");
    expect(fileSystem.calls).toEqual(["sync directory"]);
  });
});

describe("fd_close and fd_renumber", () => {
  test("close what a number referred to", () => {
    const { guest, fileSystem } = withFiles({ a: "", b: "", dir: {} });
    const [a, b, dir] = [open(guest, "a"), open(guest, "b"), openDirectory(guest, "dir")];
    expect(fileSystem.openHandles()).toBe(4);
    expect(guest.call("fd_renumber", a, b)).toBe("success");
    expect(fileSystem.openHandles()).toBe(3);
    expect([guest.call("fd_renumber", b, b), guest.call("fd_renumber", a, b), guest.call("fd_renumber", b, a)]).toEqual(
      ["success", "badf", "badf"],
    );
    expect(fileSystem.openHandles()).toBe(3);
    expect([guest.call("fd_close", b), guest.call("fd_close", dir), guest.call("fd_close", dir)]).toEqual([
      "success",
      "success",
      "badf",
    ]);
    expect(fileSystem.openHandles()).toBe(1);
  });

  test("a preopen's directory stays open: others are reached through it", () => {
    const { guest, fileSystem } = withFiles({ dir: { file: "x" } });
    const dir = openDirectory(guest, "dir");
    expect(guest.call("fd_close", 3)).toBe("success");
    expect(fileSystem.openHandles()).toBe(2);
    expect(guest.call("path_filestat_get", dir, 0, "file", 64)).toBe("success");
    guest.wasi.close();
    guest.wasi.close();
    expect(fileSystem.calls.filter((call) => call === "close directory").length).toBeGreaterThan(0);
  });

  test("a stream passes on what it has buffered, and is closed, even if the first fails", () => {
    const calls: string[] = [];
    const sink = (name: "stdout" | "stderr", fails: boolean) =>
      outputTo(name, {
        ...functionSink(() => undefined),
        flush: () => {
          calls.push(`flush ${name}`);
          if (fails) throw new Error("full");
        },
        close: () => void calls.push(`close ${name}`),
      });
    const guest = createGuest({ stdout: sink("stdout", false), stderr: sink("stderr", true) });
    expect(guest.call("fd_close", 1)).toBe("success");
    expect(() => guest.call("fd_close", 2)).toThrow("full");
    expect(calls).toEqual(["flush stdout", "close stdout", "flush stderr", "close stderr"]);
    expect(guest.call("fd_write", 1, 64, 0, 64)).toBe("badf");
  });
});
