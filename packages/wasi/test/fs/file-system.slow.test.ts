import { describe, expect, test, vi } from "vitest";
import { filetype } from "../../src/abi/layouts.ts";
import { copyOnWrite } from "../../src/fs/copy-on-write.ts";
import { openFlags } from "../../src/fs/file-system.ts";
import type { DirectoryHandle, FileSystem, Filestat } from "../../src/fs/file-system.ts";
import { memory } from "../../src/fs/memory.ts";
import { subdirectory } from "../../src/fs/subdirectory.ts";
import { holdsByDescriptor, hostDirectory } from "../../src/node/host-directory.ts";
import { errnoOf, openFile, readText, temporaryDirectory, textOfFile, writeText } from "../support/file-systems.ts";

const { read, write, create, exclusive, truncate, directory, append, dsync, sync } = openFlags;

/** What every test begins with. */
function populate<T extends FileSystem>(fileSystem: T): T {
  const root = fileSystem.open();
  writeText(root, "file", "content");
  writeText(root, "empty", "");
  root.createDirectory("dir");
  root.createDirectory("empty-dir");
  const dir = root.openDirectory("dir");
  writeText(dir, "inner", "inside");
  dir.createDirectory("deep");
  dir.close();
  root.symlink("file", "link");
  root.symlink("dir", "link-to-dir");
  root.close();
  return fileSystem;
}

const host = (hold: "descriptor" | "path") => (): FileSystem => populate(hostDirectory(temporaryDirectory(), { hold }));

const fileSystems: Record<string, () => FileSystem> = {
  memory: () => populate(memory()),
  "copy-on-write over memory": () => copyOnWrite(populate(memory())),
  "copy-on-write over a host directory": () => copyOnWrite(populate(hostDirectory(temporaryDirectory()))),
  "copy-on-write, populated above": () => populate(copyOnWrite(memory())),
  ...(holdsByDescriptor() && { "host directory by descriptor": host("descriptor") }),
  "host directory by path": host("path"),
  "subdirectory of a host directory": () => {
    const parent = hostDirectory(temporaryDirectory());
    const root = parent.open();
    root.createDirectory("sub");
    root.close();
    return populate(subdirectory(parent, "sub"));
  },
};

/** A name as long as there can be, and one that is longer. */
const longest = "n".repeat(255);
const tooLong = "n".repeat(256);
const identity = (stat: Filestat | undefined): string => `${stat?.dev}:${stat?.ino}`;

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe.each(Object.entries(fileSystems))("%s", (_, make) => {
  /** A root, closed after the test. */
  const open = (): DirectoryHandle => make().open();

  describe("open", () => {
    test("a file", () => {
      const root = open();
      const file = openFile(root, "file", read);
      expect(textOfFile(file)).toBe("content");
      root.close();
    });

    test("a directory, with or without the flag", () => {
      const root = open();
      for (const flags of [read, read | directory, directory]) {
        const handle = root.open("dir", flags);
        expect(handle.kind).toBe("directory");
        expect((handle as DirectoryHandle).list().map(({ name }) => name)).toEqual(["deep", "inner"]);
        handle.close();
      }
      root.close();
    });

    test("creates a file, once", () => {
      const root = open();
      openFile(root, "new", write | create | exclusive).close();
      expect(root.lookup("new")).toMatchObject({ filetype: filetype.regular_file, size: 0n, nlink: 1n });
      expect(errnoOf(() => root.open("new", write | create | exclusive))).toBe("exist");
      writeText(root, "new", "kept");
      openFile(root, "new", write | create).close();
      expect(readText(root, "new")).toBe("kept");
      root.close();
    });

    test("truncates", () => {
      const root = open();
      openFile(root, "file", write | truncate).close();
      expect(root.lookup("file")?.size).toBe(0n);
      root.close();
    });

    test.each([
      ["missing", read, "noent"],
      ["missing", read | directory, "noent"],
      ["missing", write, "noent"],
      ["file", read | directory, "notdir"],
      ["file", write | create | exclusive, "exist"],
      ["dir", write | create | exclusive, "exist"],
      ["link", write | create | exclusive, "exist"],
      ["dir", write, "isdir"],
      ["dir", read | write, "isdir"],
      ["dir", read | create, "isdir"],
      ["dir", read | truncate, "isdir"],
      ["link", read, "loop"],
      ["link", write | create, "loop"],
      ["link-to-dir", read, "loop"],
      ["link-to-dir", read | directory, "notdir"],
    ])("%s with flags %i: %s", (name, flags, errno) => {
      const root = open();
      expect(errnoOf(() => root.open(name, flags))).toBe(errno);
      root.close();
    });
  });

  describe("openDirectory", () => {
    test.each([
      ["missing", "noent"],
      ["file", "notdir"],
      ["link-to-dir", "notdir"],
    ])("%s: %s", (name, errno) => {
      const root = open();
      expect(errnoOf(() => root.openDirectory(name))).toBe(errno);
      root.close();
    });

    test("stays the same directory when it is renamed", () => {
      const root = open();
      const dir = root.openDirectory("dir");
      const to = root.openDirectory("empty-dir");
      root.rename("dir", to, "moved");
      const moved = to.openDirectory("moved");
      // Held by its path it can't be followed, and must not be anything else.
      const list = errnoOf(() => dir.list()) === "noent" ? moved.list() : dir.list();
      expect(list.map(({ name }) => name)).toEqual(["deep", "inner"]);
      root.close();
    });

    test("is empty once it is removed", () => {
      const root = open();
      const gone = root.openDirectory("empty-dir");
      root.removeDirectory("empty-dir");
      for (const call of [
        () => gone.createDirectory("x"),
        () => gone.symlink("x", "x"),
        () => gone.open("x", write | create),
        () => gone.open("x", read),
        () => root.rename("file", gone, "x"),
        () => root.link("file", gone, "x"),
        () => gone.rename("x", root, "y"),
        () => gone.unlink("x"),
        () => gone.removeDirectory("x"),
        () => gone.readlink("x"),
        () => gone.setTimesOf("x", { mtim: 1n }),
      ]) {
        expect([call.toString(), errnoOf(call)]).toEqual([call.toString(), "noent"]);
      }
      expect(root.lookup("file")).toBeDefined();
      root.close();
    });

    test("can be opened once more, and both closed by themselves", () => {
      const root = open();
      const dir = root.openDirectory("dir");
      const again = dir.reopen();
      dir.close();
      expect(readText(again, "inner")).toBe("inside");
      again.close();
      const second = root.reopen();
      second.close();
      expect(readText(root, "file")).toBe("content");
      root.close();
    });
  });

  describe("lookup and stat", () => {
    test("what there is", () => {
      const root = open();
      expect(root.lookup("file")).toMatchObject({ filetype: filetype.regular_file, nlink: 1n, size: 7n });
      expect(root.lookup("dir")).toMatchObject({ filetype: filetype.directory, nlink: 3n });
      expect(root.lookup("link")).toMatchObject({ filetype: filetype.symbolic_link, nlink: 1n, size: 4n });
      expect(root.stat()).toMatchObject({ filetype: filetype.directory, nlink: 4n });
      root.close();
    });

    test("nothing", () => {
      const root = open();
      expect(root.lookup("missing")).toBeUndefined();
      expect(root.lookup(longest)).toBeUndefined();
      root.close();
    });

    test("the same file by name and by handle, and no other", () => {
      const root = open();
      const stats = ["file", "empty", "dir", "link"].map((name) => identity(root.lookup(name)));
      expect(new Set([...stats, identity(root.stat())]).size).toBe(5);
      expect(identity(openFile(root, "file").stat())).toBe(stats[0]);
      expect(identity(root.openDirectory("dir").stat())).toBe(stats[2]);
      root.rename("file", root, "moved");
      expect(identity(root.lookup("moved"))).toBe(stats[0]);
      root.close();
    });
  });

  test("a name of 255 bytes is one, and a longer one is not", () => {
    const root = open();
    writeText(root, longest, "longest");
    expect(readText(root, longest)).toBe("longest");
    for (const call of [
      () => root.open(tooLong, read),
      () => root.open(tooLong, write | create),
      () => root.openDirectory(tooLong),
      () => root.lookup(tooLong),
      () => root.readlink(tooLong),
      () => root.createDirectory(tooLong),
      () => root.removeDirectory(tooLong),
      () => root.unlink(tooLong),
      () => root.rename(tooLong, root, "new"),
      () => root.rename("file", root, tooLong),
      () => root.link(tooLong, root, "new"),
      () => root.link("file", root, tooLong),
      () => root.symlink("file", tooLong),
      () => root.symlink("x".repeat(4096), "new"),
      () => root.setTimesOf(tooLong, { mtim: 1n }),
    ]) {
      expect([call.toString(), errnoOf(call)]).toEqual([call.toString(), "nametoolong"]);
    }
    expect(root.list()).toHaveLength(7);
    root.close();
  });

  test("list: all names in the order of their bytes", () => {
    const root = open();
    writeText(root, "\xff\xfe", "");
    writeText(root, longest, "");
    writeText(root, "Z", "");
    root.unlink("empty");
    expect(root.list().map(({ name, filetype: type }) => [name, type])).toEqual([
      ["Z", filetype.regular_file],
      ["dir", filetype.directory],
      ["empty-dir", filetype.directory],
      ["file", filetype.regular_file],
      ["link", filetype.symbolic_link],
      ["link-to-dir", filetype.symbolic_link],
      [longest, filetype.regular_file],
      ["\xff\xfe", filetype.regular_file],
    ]);
    const withIno = root.list().filter(({ ino }) => ino !== undefined);
    expect(withIno.map(({ ino }) => ino)).toEqual(withIno.map(({ name }) => root.lookup(name)?.ino));
    root.close();
  });

  describe("links", () => {
    test("readlink", () => {
      const root = open();
      expect(root.readlink("link")).toBe("file");
      expect(errnoOf(() => root.readlink("file"))).toBe("inval");
      expect(errnoOf(() => root.readlink("dir"))).toBe("inval");
      expect(errnoOf(() => root.readlink("missing"))).toBe("noent");
      root.close();
    });

    test("symlink to whatever there is or is not", () => {
      const root = open();
      for (const [i, target] of ["missing/\xff", "/etc/passwd", "../../..", "x".repeat(4095)].entries()) {
        root.symlink(target, `new-${i}`);
        expect(root.readlink(`new-${i}`)).toBe(target);
      }
      root.close();
    });

    test.each([
      ["x", "file", "exist"],
      ["x", "dir", "exist"],
      ["x", "link", "exist"],
      ["", "new", "noent"],
    ])("symlink to %s at %s: %s", (target, name, errno) => {
      const root = open();
      expect(errnoOf(() => root.symlink(target, name))).toBe(errno);
      root.close();
    });

    test("link: one file with two names", () => {
      const root = open();
      const dir = root.openDirectory("dir");
      root.link("file", dir, "second");
      expect(dir.lookup("second")).toMatchObject({ nlink: 2n, ino: root.lookup("file")?.ino });
      writeText(dir, "second", "changed");
      expect(readText(root, "file")).toBe("changed");
      root.unlink("file");
      expect(dir.lookup("second")?.nlink).toBe(1n);
      expect(readText(dir, "second")).toBe("changed");
      root.close();
    });

    test("link: a second name for a link", () => {
      const root = open();
      root.link("link", root, "second");
      expect(root.readlink("second")).toBe("file");
      expect(root.lookup("second")).toMatchObject({ filetype: filetype.symbolic_link, nlink: 2n });
      root.close();
    });

    test.each([
      ["missing", "new", "noent"],
      ["missing", "file", "noent"],
      ["file", "empty", "exist"],
      ["file", "dir", "exist"],
      ["file", "link", "exist"],
      ["dir", "file", "exist"],
      ["dir", "new", "perm"],
    ])("link %s as %s: %s", (name, newName, errno) => {
      const root = open();
      expect(errnoOf(() => root.link(name, root, newName))).toBe(errno);
      root.close();
    });
  });

  describe("createDirectory, removeDirectory and unlink", () => {
    test("a directory comes and goes, and its parent counts it", () => {
      const root = open();
      root.createDirectory("new");
      expect(root.stat().nlink).toBe(5n);
      expect(root.lookup("new")).toMatchObject({ filetype: filetype.directory, nlink: 2n });
      root.removeDirectory("new");
      expect(root.lookup("new")).toBeUndefined();
      expect(root.stat().nlink).toBe(4n);
      root.close();
    });

    test("a name can be used again", () => {
      const root = open();
      root.unlink("file");
      root.createDirectory("file");
      expect(root.openDirectory("file").list()).toEqual([]);
      root.removeDirectory("empty-dir");
      writeText(root, "empty-dir", "a file");
      expect(readText(root, "empty-dir")).toBe("a file");
      const dir = root.openDirectory("dir");
      dir.unlink("inner");
      dir.removeDirectory("deep");
      root.removeDirectory("dir");
      root.createDirectory("dir");
      expect(root.openDirectory("dir").list()).toEqual([]);
      root.close();
    });

    test("unlink removes a link and not what it leads to", () => {
      const root = open();
      root.unlink("link");
      root.unlink("link-to-dir");
      expect(readText(root, "file")).toBe("content");
      expect(root.lookup("dir")).toBeDefined();
      root.close();
    });

    test("a file that is open is still there", () => {
      const root = open();
      const file = openFile(root, "file");
      root.unlink("file");
      expect(root.lookup("file")).toBeUndefined();
      expect(file.stat().nlink).toBe(0n);
      file.write([bytes("X")], 3);
      expect(textOfFile(file)).toBe("conXent");
      writeText(root, "file", "another");
      expect(textOfFile(file)).toBe("conXent");
      file.close();
      expect(readText(root, "file")).toBe("another");
      root.close();
    });

    test.each([
      ["createDirectory", "file", "exist"],
      ["createDirectory", "dir", "exist"],
      ["createDirectory", "link", "exist"],
      ["removeDirectory", "missing", "noent"],
      ["removeDirectory", "file", "notdir"],
      ["removeDirectory", "link-to-dir", "notdir"],
      ["removeDirectory", "dir", "notempty"],
      ["unlink", "missing", "noent"],
      ["unlink", "dir", "isdir"],
      ["unlink", "empty-dir", "isdir"],
    ] as const)("%s %s: %s", (method, name, errno) => {
      const root = open();
      expect(errnoOf(() => root[method](name))).toBe(errno);
      root.close();
    });
  });

  describe("rename", () => {
    test("within a directory and to another one", () => {
      const root = open();
      const dir = root.openDirectory("dir");
      root.rename("file", root, "moved");
      root.rename("moved", dir, "moved again");
      expect(root.lookup("file")).toBeUndefined();
      expect(root.lookup("moved")).toBeUndefined();
      expect(readText(dir, "moved again")).toBe("content");
      root.close();
    });

    test("replaces a file, a link, and an empty directory", () => {
      const root = open();
      root.rename("file", root, "empty");
      expect(readText(root, "empty")).toBe("content");
      root.rename("empty", root, "link");
      expect(readText(root, "link")).toBe("content");
      root.rename("dir", root, "empty-dir");
      expect(readText(root.openDirectory("empty-dir"), "inner")).toBe("inside");
      expect(root.stat().nlink).toBe(3n);
      root.close();
    });

    test("a file that is replaced and open is still there", () => {
      const root = open();
      const file = openFile(root, "empty");
      file.write([bytes("old")], 0);
      root.rename("file", root, "empty");
      expect(textOfFile(file)).toBe("old");
      root.close();
    });

    test("moves a link itself", () => {
      const root = open();
      root.rename("link", root, "moved");
      expect(root.readlink("moved")).toBe("file");
      root.close();
    });

    test("moves a directory, and both parents count it", () => {
      const root = open();
      const dir = root.openDirectory("dir");
      const to = root.openDirectory("empty-dir");
      dir.rename("deep", to, "deep");
      expect([dir.stat().nlink, to.stat().nlink]).toEqual([2n, 3n]);
      root.close();
    });

    test("to itself, and to another name of the same file: both stay", () => {
      const root = open();
      root.rename("file", root, "file");
      root.rename("dir", root, "dir");
      root.link("file", root, "second");
      root.rename("file", root, "second");
      expect([root.lookup("file")?.nlink, root.lookup("second")?.nlink]).toEqual([2n, 2n]);
      root.close();
    });

    test("a directory into itself: inval; onto one that it is in: notempty", () => {
      const root = open();
      const dir = root.openDirectory("dir");
      const deep = dir.openDirectory("deep");
      expect(errnoOf(() => root.rename("dir", dir, "x"))).toBe("inval");
      expect(errnoOf(() => root.rename("dir", deep, "x"))).toBe("inval");
      expect(errnoOf(() => dir.rename("deep", root, "dir"))).toBe("notempty");
      expect(errnoOf(() => dir.rename("inner", root, "dir"))).toBe("notempty");
      root.close();
    });

    test.each([
      ["missing", "new", "noent"],
      ["missing", "missing", "noent"],
      ["file", "dir", "isdir"],
      ["file", "empty-dir", "isdir"],
      ["dir", "file", "notdir"],
      ["dir", "link-to-dir", "notdir"],
      ["empty-dir", "dir", "notempty"],
    ])("%s to %s: %s", (name, newName, errno) => {
      const root = open();
      expect(errnoOf(() => root.rename(name, root, newName))).toBe(errno);
      expect(root.list()).toHaveLength(6);
      root.close();
    });

    test("nothing goes to another file system", () => {
      const root = open();
      const other = memory().open();
      expect(errnoOf(() => root.rename("file", other, "file"))).toBe("xdev");
      expect(errnoOf(() => root.link("file", other, "file"))).toBe("xdev");
      expect(errnoOf(() => other.rename("file", root, "file"))).toBe("xdev");
      expect(other.list()).toEqual([]);
      root.close();
    });
  });

  describe("times", () => {
    const times = { atim: 1_000_000_123_456_789n, mtim: 2_000_000_987_654_321n };

    test("are set to the nanosecond, each by itself", () => {
      const root = open();
      const file = openFile(root, "file");
      for (const [set, look] of [
        [(it) => file.setTimes(it), () => file.stat()],
        [(it) => root.setTimesOf("empty", it), () => root.lookup("empty")],
        [(it) => root.setTimesOf("dir", it), () => root.lookup("dir")],
        [(it) => root.setTimesOf("link", it), () => root.lookup("link")],
        [(it) => root.setTimes(it), () => root.stat()],
      ] satisfies [(it: object) => void, () => unknown][]) {
        set(times);
        expect(look()).toMatchObject(times);
        set({ mtim: 5_000n });
        expect(look()).toMatchObject({ ...times, mtim: 5_000n });
        set({ atim: 7_000n });
        expect(look()).toMatchObject({ atim: 7_000n, mtim: 5_000n });
        set({});
        expect(look()).toMatchObject({ atim: 7_000n, mtim: 5_000n });
      }
      expect(root.lookup("file")?.mtim).toBe(5_000n);
      expect(errnoOf(() => root.setTimesOf("missing", times))).toBe("noent");
      root.close();
    });

    test("a change gives a file and its directory the time", () => {
      const root = open();
      const dir = root.openDirectory("dir");
      const file = openFile(dir, "inner");
      const changed = (change: () => void): string[] => {
        for (const name of ["dir", "file"]) root.setTimesOf(name, { mtim: 1_000n });
        dir.setTimesOf("inner", { mtim: 1_000n });
        change();
        return [
          ...["dir", "file"].filter((name) => root.lookup(name)?.mtim !== 1_000n),
          ...(file.stat().mtim === 1_000n ? [] : ["inner"]),
        ];
      };
      expect(changed(() => file.write([bytes("x")], 0))).toEqual(["inner"]);
      expect(changed(() => file.write([], 0))).toEqual([]);
      expect(changed(() => file.setSize(3))).toEqual(["inner"]);
      expect(changed(() => openFile(dir, "inner", write | truncate).close())).toEqual(["inner"]);
      expect(changed(() => writeText(dir, "new", "x"))).toEqual(["dir"]);
      expect(changed(() => writeText(dir, "new", "y"))).toEqual([]);
      expect(changed(() => dir.unlink("new"))).toEqual(["dir"]);
      expect(changed(() => dir.createDirectory("new"))).toEqual(["dir"]);
      expect(changed(() => dir.removeDirectory("new"))).toEqual(["dir"]);
      expect(changed(() => dir.symlink("x", "new"))).toEqual(["dir"]);
      expect(changed(() => root.link("file", dir, "second"))).toEqual(["dir"]);
      expect(changed(() => dir.rename("second", root, "second"))).toEqual(["dir"]);
      expect(changed(() => root.readlink("link"))).toEqual([]);
      root.close();
    });

    test("ctim is the time of any change", async () => {
      const root = open();
      const { ctim } = root.lookup("file") as { ctim: bigint };
      await vi.waitFor(() => {
        root.setTimesOf("file", { mtim: 1_000n });
        expect(root.lookup("file")?.ctim).toBeGreaterThan(ctim);
      });
      root.close();
    });
  });

  describe("a file", () => {
    test("reads into several buffers, up to its end", () => {
      const root = open();
      const file = openFile(root, "file", read);
      const buffers = [new Uint8Array(2), new Uint8Array(0), new Uint8Array(3), new Uint8Array(9)];
      expect(file.read(buffers, 1)).toBe(6);
      expect(Buffer.concat(buffers).toString()).toBe(`ontent${"\0".repeat(8)}`);
      expect(file.read([new Uint8Array(3)], 7)).toBe(0);
      expect(file.read([new Uint8Array(3)], 1e12)).toBe(0);
      expect(file.read([], 0)).toBe(0);
      root.close();
    });

    test("reads only what it is asked for", () => {
      const root = open();
      const file = openFile(root, "file", read);
      const buffer = new Uint8Array(10).fill(1);
      expect(file.read([buffer.subarray(2, 5)], 0)).toBe(3);
      expect([...buffer]).toEqual([1, 1, 99, 111, 110, 1, 1, 1, 1, 1]);
      root.close();
    });

    test("writes several buffers, and zeros into a gap", () => {
      const root = open();
      const file = openFile(root, "file");
      expect(file.write([bytes("AB"), bytes(""), bytes("C")], 2)).toBe(3);
      expect(textOfFile(file)).toBe("coABCnt");
      expect(file.write([bytes("Z")], 9)).toBe(1);
      expect(textOfFile(file)).toBe("coABCnt\0\0Z");
      expect(file.write([], 99)).toBe(0);
      expect(file.stat().size).toBe(10n);
      root.close();
    });

    test("keeps what it was given, not the buffer", () => {
      const root = open();
      const file = openFile(root, "empty");
      const buffer = bytes("kept");
      file.write([buffer], 0);
      buffer.fill(0);
      expect(textOfFile(file)).toBe("kept");
      root.close();
    });

    test("is cut, and extended with zeros", () => {
      const root = open();
      const file = openFile(root, "file");
      file.setSize(3);
      expect(textOfFile(file)).toBe("con");
      file.setSize(6);
      expect(textOfFile(file)).toBe("con\0\0\0");
      file.setSize(100_000);
      file.setSize(200_000);
      expect(textOfFile(file, 199_990)).toBe("\0".repeat(10));
      file.setSize(0);
      expect(file.stat().size).toBe(0n);
      root.close();
    });

    test("what was cut off does not come back", () => {
      const root = open();
      const file = openFile(root, "empty");
      const content = Buffer.alloc(200_000, 7);
      file.write([content], 0);
      file.setSize(70_000);
      file.setSize(200_000);
      const found = Buffer.alloc(200_000);
      file.read([found], 0);
      expect(found.equals(Buffer.concat([content.subarray(0, 70_000), Buffer.alloc(130_000)]))).toBe(true);
      root.close();
    });

    test("appends at the end, wherever that is by now", () => {
      const root = open();
      const file = openFile(root, "file", write | append);
      const other = openFile(root, "file");
      expect(file.append([bytes("+"), bytes("1")])).toBe(2);
      other.setSize(10);
      expect(file.append([bytes("!")])).toBe(1);
      expect(textOfFile(other)).toBe("content+1\0!");
      root.close();
    });

    test("becomes one that appends, and one that does not", () => {
      const root = open();
      const file = openFile(root, "file");
      file.setFlags(append);
      file.append([bytes("+")]);
      file.setFlags(dsync | sync);
      file.write([bytes("-")], 0);
      expect(textOfFile(file)).toBe("-ontent+");
      file.sync();
      file.datasync();
      root.sync();
      root.close();
    });

    test("is one file for all that have it open", () => {
      const root = open();
      const [one, two] = [openFile(root, "file"), openFile(root, "file", read)];
      one.write([bytes("X")], 0);
      expect(textOfFile(two)).toBe("Xontent");
      one.setSize(1);
      expect(textOfFile(two)).toBe("X");
      one.close();
      expect(textOfFile(two)).toBe("X");
      root.close();
    });

    test("is not read or written without the flag", () => {
      const root = open();
      const [forReading, forWriting] = [openFile(root, "file", read), openFile(root, "file", write)];
      expect(errnoOf(() => forWriting.read([new Uint8Array(1)], 0))).toBe("badf");
      expect(errnoOf(() => forReading.write([new Uint8Array(1)], 0))).toBe("badf");
      expect(errnoOf(() => forReading.setSize(0))).toBe("inval");
      expect(forReading.stat().size).toBe(7n);
      root.close();
    });
  });

  test("a random sequence of writes gives what a buffer has", () => {
    const root = open();
    const file = openFile(root, "file");
    let expected = Buffer.from("content");
    let state = 1;
    const next = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    for (let i = 0; i < 300; i++) {
      const offset = next(300_000);
      const data = Buffer.alloc(next(i % 7 === 0 ? 150_000 : 300), i);
      if (i % 20 === 19) {
        file.setSize(offset);
        expected = Buffer.concat([expected.subarray(0, offset), Buffer.alloc(Math.max(0, offset - expected.length))]);
      } else if (data.length > 0) {
        file.write([data.subarray(0, 10), data.subarray(10)], offset);
        const grown = Buffer.alloc(Math.max(expected.length, offset + data.length));
        expected.copy(grown);
        data.copy(grown, offset);
        expected = grown;
      }
    }
    const content = Buffer.alloc(expected.length + 1);
    expect(file.read([content.subarray(0, 1000), content.subarray(1000)], 0)).toBe(expected.length);
    expect(content.subarray(0, -1).equals(expected)).toBe(true);
    root.close();
  });

  test("closing the root closes all that is open below it", () => {
    const fileSystem = make();
    const root = fileSystem.open();
    openFile(root, "file").write([bytes("kept")], 0);
    root.openDirectory("dir").openDirectory("deep");
    root.close();
    const again = fileSystem.open();
    expect(readText(again, "file")).toBe("keptent");
    again.close();
  });

  test("two roots at once see the same", () => {
    const fileSystem = make();
    const [one, two] = [fileSystem.open(), fileSystem.open()];
    writeText(one, "new", "seen");
    expect(readText(two, "new")).toBe("seen");
    one.rename("file", two.openDirectory("dir"), "moved");
    one.close();
    expect(readText(two.openDirectory("dir"), "moved")).toBe("content");
    two.close();
  });
});
