import { execFileSync } from "node:child_process";
import { chmodSync, lstatSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { filetype } from "../../src/abi/layouts.ts";
import type { ErrnoName } from "../../src/abi/errno.ts";
import { applyChanges } from "../../src/fs/apply-changes.ts";
import { copyOnWrite } from "../../src/fs/copy-on-write.ts";
import type { CopyOnWrite } from "../../src/fs/copy-on-write.ts";
import type { Change } from "../../src/fs/changes.ts";
import { openFlags } from "../../src/fs/file-system.ts";
import type { DirectoryHandle, FileHandle, FileSystem } from "../../src/fs/file-system.ts";
import { memory, symlink } from "../../src/fs/memory.ts";
import type { MemoryTree } from "../../src/fs/memory.ts";
import { pageSize } from "../../src/fs/space.ts";
import { subdirectory } from "../../src/fs/subdirectory.ts";
import { hostDirectory } from "../../src/node/host-directory.ts";
import { spillFile } from "../../src/node/spill-file.ts";
import { WasiError } from "../../src/wasi-error.ts";
import {
  errnoOf,
  openDescriptors,
  openFile,
  readText,
  temporaryDirectory,
  textOfFile,
  writeText,
} from "../support/file-systems.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";
import type { Tree } from "../../../wasm/test/helpers/tree.ts";
import { digest, hostSnapshot, snapshotOf } from "../support/snapshot.ts";
import { watched } from "../support/watched.ts";

const { read, write, create, truncate } = openFlags;

/** A view of a tree in memory, its root, and what is below it. */
function view(tree: MemoryTree): { cow: CopyOnWrite; root: DirectoryHandle; lower: ReturnType<typeof memory> } {
  const lower = memory(tree);
  const cow = copyOnWrite(lower);
  return { cow, root: cow.open(), lower };
}

/** Changes in short: `"renamed b from a"`. */
const inShort = (changes: readonly Change[]): string[] =>
  changes.map((it) => {
    if (it.kind === "renamed") return `${it.kind} ${it.path} from ${it.from}`;
    return it.kind === "linked" ? `${it.kind} ${it.path} to ${it.to}` : `${it.kind} ${it.path}`;
  });

/** A change with its bytes in short: the differences of long lists take minutes to show. */
const withDigests = (it: Change): object =>
  "contents" in it && it.contents
    ? {
        ...it,
        contents: {
          ...it.contents,
          parts: Array.from(it.contents.parts, ({ offset, bytes }) => ({ offset, bytes: digest(bytes) })),
        },
      }
    : it;

/** The text of a file that is the only change, and new. */
const addedText = ([only]: readonly Change[]): string =>
  only?.kind === "added" ? Buffer.concat([...(only.contents?.parts ?? [])].map((it) => it.bytes)).toString() : "";

/** Two names of one file, below. */
function linked(): { cow: CopyOnWrite; lower: FileSystem; root: DirectoryHandle } {
  const lower = memory({ a: "text", dir: {} });
  const below = lower.open();
  below.link("a", below.openDirectory("dir"), "z");
  below.close();
  const cow = copyOnWrite(lower);
  return { cow, lower, root: cow.open() };
}

const mebibytes = (count: number, byte: number): Uint8Array => new Uint8Array(count * 2 ** 20).fill(byte);

const hostTree = {
  file: "content",
  link: { to: "file" },
  dir: { a: "a", b: "b", deep: { c: "c" } },
  empty: {},
};
const tree: MemoryTree = { ...hostTree, link: symlink("file") };

describe("changes", () => {
  test.each<[string, (root: DirectoryHandle) => void, string[]]>([
    ["nothing", () => undefined, []],
    ["reading", (root) => void [readText(root, "file"), root.list(), root.readlink("link")], []],
    ["opening to write", (root) => openFile(root, "file", write).close(), []],
    ["writing", (root) => writeText(root, "file", "new"), ["changed file"]],
    ["emptying", (root) => openFile(root, "file", write | truncate).close(), ["changed file"]],
    [
      "cutting and extending again",
      (root) => {
        const file = openFile(root, "file");
        file.setSize(3);
        file.setSize(7);
      },
      ["changed file"],
    ],
    ["creating", (root) => writeText(root, "new", "new"), ["added new"]],
    ["creating and removing", (root) => void [writeText(root, "new", ""), root.unlink("new")], []],
    ["removing", (root) => root.unlink("file"), ["removed file"]],
    ["removing a link", (root) => root.unlink("link"), ["removed link"]],
    ["removing a directory", (root) => root.removeDirectory("empty"), ["removed empty"]],
    ["setting times", (root) => root.setTimesOf("dir", { mtim: 5n }), ["changed dir"]],
    ["setting times of the root", (root) => root.setTimes({ atim: 5n }), ["changed "]],
    ["renaming", (root) => root.rename("file", root, "new"), ["renamed new from file"]],
    ["renaming a directory", (root) => root.rename("dir", root, "new"), ["renamed new from dir"]],
    ["there and back", (root) => void [root.rename("dir", root, "x"), root.rename("x", root, "dir")], []],
    [
      "renaming a directory and one in it",
      (root) => {
        root.rename("dir", root, "new");
        const dir = root.openDirectory("new");
        dir.rename("a", dir, "A");
        writeText(dir, "b", "changed");
      },
      ["renamed new from dir", "renamed new/A from dir/a", "changed new/b"],
    ],
    [
      "exchanging two names",
      (root) => {
        root.rename("file", root, "x");
        root.rename("link", root, "file");
        root.rename("x", root, "link");
      },
      ["renamed file from link", "renamed link from file"],
    ],
    [
      "replacing by renaming",
      (root) => void [writeText(root, "x", "new"), root.rename("x", root, "file")],
      ["removed file", "added file"],
    ],
    [
      "replacing by what is below",
      (root) => root.openDirectory("dir").rename("a", root, "file"),
      ["renamed file from dir/a", "removed file"],
    ],
    [
      "removing and creating again",
      (root) => void [root.unlink("file"), root.createDirectory("file")],
      ["removed file", "added file"],
    ],
    [
      "linking",
      (root) => void [root.link("file", root, "a"), root.link("file", root, "z")],
      ["linked a to file", "linked z to file"],
    ],
    [
      "linking and removing the first name",
      (root) => void [root.link("file", root, "z"), root.unlink("file")],
      ["renamed z from file"],
    ],
    [
      "linking what is new",
      (root) => void [writeText(root, "new", ""), root.link("new", root, "z")],
      ["added new", "linked z to new"],
    ],
    [
      "removing a directory with what is in it",
      (root) => {
        const dir = root.openDirectory("dir");
        const deep = dir.openDirectory("deep");
        deep.rename("c", root, "saved");
        dir.removeDirectory("deep");
        dir.unlink("a");
        dir.unlink("b");
        root.removeDirectory("dir");
      },
      ["removed dir", "removed dir/a", "removed dir/b", "removed dir/deep", "renamed saved from dir/deep/c"],
    ],
    [
      "turning directories inside out",
      (root) => {
        const dir = root.openDirectory("dir");
        dir.rename("deep", root, "top");
        root.rename("dir", root.openDirectory("top"), "dir");
      },
      ["renamed top from dir/deep", "renamed top/dir from dir"],
    ],
    [
      "setting times of what is new, deep, a link or the root",
      (root) => {
        writeText(root, "new", "new");
        root.setTimesOf("new", { mtim: 1_000n });
        root.setTimesOf("link", { mtim: 2_000n });
        const dir = root.openDirectory("dir");
        dir.openDirectory("deep").setTimesOf("c", { mtim: 3_000n });
        dir.setTimesOf("deep", { mtim: 4_000n });
        root.setTimes({ mtim: 5_000n });
      },
      ["added new", "changed link", "changed dir/deep/c", "changed dir/deep", "changed "],
    ],
    [
      "creating a directory with all kinds of entries",
      (root) => {
        root.createDirectory("new");
        const made = root.openDirectory("new");
        made.createDirectory("inner");
        writeText(made.openDirectory("inner"), "file", "text");
        made.symlink("inner/file", "link");
        writeText(made, "empty", "");
      },
      ["added new", "added new/inner", "added new/inner/file", "added new/link", "added new/empty"],
    ],
    [
      "writing into the middle, after the end, and less than there was",
      (root) => {
        openFile(root, "file").write([Buffer.from("XY")], 2);
        const dir = root.openDirectory("dir");
        openFile(dir, "a").write([Buffer.from("end")], 10);
        openFile(dir.openDirectory("deep"), "c").setSize(0);
        openFile(dir, "b").setSize(5);
      },
      ["changed file", "changed dir/a", "changed dir/deep/c", "changed dir/b"],
    ],
    [
      "linking between directories",
      (root) => {
        const dir = root.openDirectory("dir");
        dir.openDirectory("deep").link("c", root, "first");
        root.link("file", dir, "last");
      },
      ["linked first to dir/deep/c", "linked dir/last to file"],
    ],
  ])("%s", (_, run, expected) => {
    const { cow, root, lower } = view(tree);
    const before = snapshotOf(lower);
    run(root);
    const changes = cow.changes();
    expect(inShort(changes).toSorted()).toEqual(expected.toSorted());
    expect(snapshotOf(lower)).toEqual(before);
    const copy = memory(tree);
    applyChanges(structuredClone(changes), copy);
    expect(snapshotOf(copy)).toEqual(snapshotOf(cow));
  });

  test("say what was written, and nothing else", () => {
    const { cow, root } = view({ big: new Uint8Array(10 * pageSize).fill(1), cut: "0123456789", old: "" });
    const big = openFile(root, "big");
    big.write([new Uint8Array(2).fill(2)], 5 * pageSize - 1);
    openFile(root, "cut").setSize(4);
    writeText(root, "new", "text");
    root.setTimesOf("new", { mtim: 7n });
    root.symlink("to/\xff", "link");
    root.rename("old", root, "moved");
    root.setTimesOf("moved", { atim: 1n, mtim: 2n });
    const file = { filetype: filetype.regular_file, mode: 0o644 };
    expect(cow.changes().map(withDigests)).toEqual([
      {
        kind: "changed",
        path: "big",
        ...file,
        contents: {
          size: 10 * pageSize,
          kept: 10 * pageSize,
          parts: [
            { offset: 4 * pageSize, bytes: "1*65535,2" },
            { offset: 5 * pageSize, bytes: "2,1*65535" },
          ],
        },
      },
      { kind: "changed", path: "cut", ...file, contents: { size: 4, kept: 4, parts: [] } },
      { kind: "added", path: "link", filetype: filetype.symbolic_link, mode: 0o777, target: "to/\xff" },
      { kind: "renamed", path: "moved", from: "old", filetype: filetype.regular_file },
      { kind: "changed", path: "moved", ...file, times: { atim: 1n, mtim: 2n } },
      {
        kind: "added",
        path: "new",
        ...file,
        times: { mtim: 7n },
        contents: { size: 4, kept: 0, parts: [{ offset: 0, bytes: digest(Buffer.from("text")) }] },
      },
    ]);
  });

  test("are a copy, unless they are asked not to be", () => {
    const { cow, root } = view({});
    writeText(root, "file", "one");
    const [copied, live] = [cow.changes(), cow.changes({ copy: false })];
    openFile(root, "file").write([Buffer.from("two")], 0);
    expect([addedText(copied), addedText(live)]).toEqual(["one", "two"]);
  });

  test("a time that was set counts until the content changes", () => {
    const { cow, root } = view({ file: "x" });
    root.setTimesOf("file", { mtim: 5n });
    openFile(root, "file").write([Buffer.from("y")], 0);
    expect(cow.changes()).toMatchObject([{ kind: "changed", path: "file", contents: { size: 1 } }]);
    expect(cow.changes()[0]).not.toHaveProperty("times");
  });

  test("apply leaves the time of a root in which nothing came or went", () => {
    const { cow, root } = view(tree);
    const dir = root.openDirectory("dir");
    dir.rename("a", dir, "A");
    const copy = memory(tree);
    const opened = copy.open();
    opened.setTimes({ mtim: 5n });
    opened.close();
    applyChanges(cow.changes(), copy);
    expect(copy.open().stat().mtim).toBe(5n);
  });

  test("apply gets out of the way of names like that of its own directory", () => {
    const files = { ".wasi-kit-changes": "a file", ".wasi-kit-changes-1": "another" };
    const { cow, root } = view(files);
    root.rename(".wasi-kit-changes", root, "moved");
    const copy = memory(files);
    applyChanges(cow.changes(), copy);
    const [moved, kept] = ["a file", "another"].map((text) => new TextEncoder().encode(text));
    expect(copy.tree()).toEqual({ moved, ".wasi-kit-changes-1": kept });
  });

  test.each<[ErrnoName, string, (root: DirectoryHandle) => void, Tree]>([
    ["noent", "the directory is missing", (root) => writeText(root.openDirectory("dir"), "new", ""), { file: "" }],
    ["exist", "a name is taken", (root) => writeText(root, "new", ""), { ...hostTree, new: "" }],
    [
      "notempty",
      "a directory is not empty",
      (root) => root.removeDirectory("empty"),
      { ...hostTree, empty: { file: "" } },
    ],
    ["isdir", "a file is a directory", (root) => writeText(root, "file", "new"), { ...hostTree, file: {} }],
    ["noent", "what is renamed is missing", (root) => root.rename("file", root, "new"), { dir: {} }],
  ])("apply fails with %s if %s, and leaves no handle open", (errno, _, run, target) => {
    const { cow, root } = view(tree);
    run(root);
    const host = hostDirectory(makeTree(target));
    const before = openDescriptors();
    expect(errnoOf(() => applyChanges(cow.changes(), host))).toBe(errno);
    expect(openDescriptors()).toBe(before);
  });

  test("apply leaves no handle open", () => {
    const { cow, root } = view(tree);
    const dir = root.openDirectory("dir");
    dir.openDirectory("deep").rename("c", dir, "C");
    dir.link("b", root, "linked");
    writeText(dir, "a", "changed");
    const directory = makeTree(hostTree);
    const before = openDescriptors();
    applyChanges(cow.changes(), hostDirectory(directory));
    expect(openDescriptors()).toBe(before);
    expect(readdirSync(directory).toSorted()).toEqual(["dir", "empty", "file", "link", "linked"]);
  });

  test("apply fails with nospc if the device takes less than all", () => {
    const { cow, root } = view({});
    writeText(root, "new", "x".repeat(100));
    expect(errnoOf(() => applyChanges(cow.changes(), memory({}, { maxBytes: 10 })))).toBe("nospc");
  });

  test("none of a view that was never opened", () => {
    expect(copyOnWrite(hostDirectory("/does/not/exist")).changes()).toEqual([]);
  });
});

describe("hard links below", () => {
  test("are one file above", () => {
    const { root } = linked();
    const dir = root.openDirectory("dir");
    writeText(root, "a", "changed");
    expect(readText(dir, "z")).toBe("changed");
    expect(dir.lookup("z")).toMatchObject({ nlink: 2n, ino: root.lookup("a")?.ino });
    root.unlink("a");
    expect(dir.lookup("z")).toMatchObject({ nlink: 1n });
    expect(readText(dir, "z")).toBe("changed");
  });

  test("a change through a name that was removed is a change of the other one, which nothing has asked for", () => {
    const { cow, root } = linked();
    writeText(root, "a", "changed");
    root.unlink("a");
    root.close();
    expect(inShort(cow.changes())).toEqual(["removed a", "changed dir/z"]);
    const again = cow.open();
    expect(readText(again.openDirectory("dir"), "z")).toBe("changed");
  });

  test("a change is listed once, and applies to both", () => {
    const { cow, lower, root } = linked();
    writeText(root.openDirectory("dir"), "z", "changed");
    expect(readText(root, "a")).toBe("changed");
    expect(inShort(cow.changes())).toEqual(["changed a"]);
    const expected = snapshotOf(cow, { withTimes: false });
    applyChanges(cow.changes(), lower);
    expect(snapshotOf(lower, { withTimes: false })).toEqual(expected);
  });
});

describe("what is below", () => {
  test("is asked for what is needed, once, and is never written", () => {
    const calls: string[] = [];
    const root = copyOnWrite(watched(memory(tree), calls)).open();
    expect(calls).toEqual(["stat"]);
    root.openDirectory("dir");
    root.lookup("dir");
    expect(calls.splice(0)).toEqual(["stat", "lookup dir"]);
    const dir = root.openDirectory("dir");
    readText(dir, "a");
    expect(calls.splice(0)).toEqual(["openDirectory dir", "lookup a", "open a", "read", "close"]);
    dir.list();
    expect(errnoOf(() => dir.openDirectory("missing"))).toBe("noent");
    writeText(dir, "a", "new");
    writeText(dir, "new", "new");
    dir.rename("new", root, "new");
    expect(readText(dir, "a")).toBe("new");
    expect(calls.splice(0)).toEqual(["list", "lookup new"]);
    const b = openFile(dir, "b");
    b.write([Buffer.from("B")], 0);
    b.setTimes({ mtim: 1n });
    dir.setTimesOf("deep", { mtim: 1n });
    dir.rename("deep", root, "deep");
    root.removeDirectory("empty");
    root.link("link", dir, "link");
    root.unlink("link");
    root.sync();
    root.close();
  });

  test("is not read where it is written over", () => {
    const calls: string[] = [];
    const root = copyOnWrite(watched(memory({ file: "content", whole: "12345" }), calls)).open();
    writeText(root, "file", "new content");
    openFile(root, "whole").write([Buffer.from("abcde")], 0);
    expect(calls).not.toContain("read");
    expect(readText(root, "file")).toBe("new content");
    expect(readText(root, "whole")).toBe("abcde");
    expect(calls).not.toContain("read");
    openFile(root, "whole").setSize(0);
  });

  test("is held by few handles, however many are open above", () => {
    const directories = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`d${i}`, { file: `${i}` }]));
    let held = 0;
    let most = 0;
    const count = <T extends object>(handle: T): T => {
      most = Math.max(most, ++held);
      return new Proxy(handle, {
        get(target, key) {
          const member = Reflect.get(target, key) as unknown;
          if (typeof member !== "function") return member;
          return (...values: unknown[]) => {
            if (key === "close") held--;
            const result = member.apply(target, values) as unknown;
            return typeof result === "object" && result !== null && "kind" in result ? count(result) : result;
          };
        },
      });
    };
    const lower = memory(directories);
    const root = copyOnWrite({ open: () => count(lower.open()) }).open();
    const files = Array.from({ length: 100 }, (_, i) => openFile(root.openDirectory(`d${i}`), "file"));
    expect(files.map((file) => textOfFile(file))).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
    expect(most).toBeLessThan(40);
  });

  test("that was taken away in the meantime is an error, not an end", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "file"), "x");
    const root = copyOnWrite(hostDirectory(directory)).open();
    expect(root.lookup("file")).toBeDefined();
    execFileSync("rm", ["-r", join(directory, "file")]);
    expect(errnoOf(() => openFile(root, "file"))).toBe("noent");
    root.close();
  });

  test("that can't be opened is an error, and one that works later works", () => {
    const parent = temporaryDirectory();
    const cow = copyOnWrite(hostDirectory(join(parent, "missing")));
    expect(errnoOf(() => cow.open())).toBe("noent");
    symlinkSync(".", join(parent, "missing"));
    cow.open().close();
  });

  test("that fails once it is open is closed", () => {
    const root = memory().open();
    let isOpen = true;
    root.stat = () => {
      throw new WasiError("io");
    };
    root.close = () => {
      isOpen = false;
    };
    expect(errnoOf(() => copyOnWrite({ open: () => root }).open())).toBe("io");
    expect(isOpen).toBe(false);
  });
});

describe("over a directory of the host", () => {
  test("leaves it byte for byte and time for time as it was", async () => {
    const directory = temporaryDirectory();
    const root = hostDirectory(directory).open();
    fill(root);
    root.close();
    const before = hostSnapshot(directory);
    await setTimeout(20);
    const cow = copyOnWrite(hostDirectory(directory));
    const above = cow.open();
    change(above);
    above.close();
    expect(hostSnapshot(directory)).toEqual(before);
    expect(cow.changes().length).toBeGreaterThan(5);
    expect(hostSnapshot(directory)).toEqual(before);
  });

  test("leaves no descriptor open, also if nothing was closed but the root", () => {
    const directory = temporaryDirectory();
    const lower = hostDirectory(directory);
    const below = lower.open();
    fill(below);
    below.close();
    const before = openDescriptors();
    const cow = copyOnWrite(lower);
    const [one, two] = [cow.open(), cow.open()];
    openFile(one, "file");
    textOfFile(openFile(one.openDirectory("dir"), "inner"));
    two.openDirectory("dir").openDirectory("deep").list();
    one.close();
    expect(readText(two, "file")).toBe("content");
    two.close();
    expect(openDescriptors()).toBe(before);
    cow.changes();
    expect(openDescriptors()).toBe(before);
  });

  test("keeps the permissions of what is moved and changed", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "script"), "#!/bin/sh\n", { mode: 0o755 });
    const cow = copyOnWrite(hostDirectory(directory));
    const root = cow.open();
    root.createDirectory("bin");
    root.rename("script", root.openDirectory("bin"), "run");
    openFile(root.openDirectory("bin"), "run").append([Buffer.from("echo\n")]);
    expect(root.openDirectory("bin").lookup("run")?.mode).toBe(0o755);
    root.close();
    applyChanges(cow.changes(), hostDirectory(directory));
    expect(lstatSync(join(directory, "bin/run"))).toMatchObject({ size: 15, mode: 0o100755 });
  });

  test("writes to what may only be read below", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "file"), "x", { mode: 0o444 });
    chmodSync(directory, 0o555);
    const root = copyOnWrite(hostDirectory(directory)).open();
    writeText(root, "file", "y");
    root.unlink("file");
    writeText(root, "new", "z");
    expect(readText(root, "new")).toBe("z");
    root.close();
    chmodSync(directory, 0o755);
  });

  test("named pipes, devices and sockets can be looked at, moved and removed, but not opened", async () => {
    const directory = temporaryDirectory();
    execFileSync("mkfifo", [join(directory, "pipe")]);
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(join(directory, "socket"), resolve));
    onTestFinished(() => void server.close());
    const cow = copyOnWrite(hostDirectory(directory));
    const root = cow.open();
    expect(root.lookup("pipe")?.filetype).toBe(filetype.unknown);
    expect(root.lookup("socket")?.filetype).toBe(filetype.socket_stream);
    for (const flags of [read, write, write | create, write | truncate]) {
      expect(errnoOf(() => root.open("pipe", flags))).toBe("nxio");
      expect(errnoOf(() => root.open("socket", flags))).toBe("nxio");
    }
    expect(errnoOf(() => root.openDirectory("pipe"))).toBe("notdir");
    root.rename("pipe", root, "moved");
    root.unlink("socket");
    expect(inShort(cow.changes())).toEqual(["renamed moved from pipe", "removed socket"]);
    root.close();
    expect(readdirSync(directory)).toEqual(["pipe", "socket"]);
  });

  test("a hole of a terabyte below is not read", () => {
    const directory = temporaryDirectory();
    execFileSync("truncate", ["-s", "1T", join(directory, "huge")]);
    const cow = copyOnWrite(hostDirectory(directory));
    const root = cow.open();
    const huge = openFile(root, "huge");
    huge.append([Buffer.from("end")]);
    huge.write([Buffer.from("start")], 0);
    expect(textOfFile(huge, 2 ** 40 - 1, 10)).toBe("\0end");
    root.rename("huge", root, "moved");
    root.close();
    const changes = cow.changes();
    expect(inShort(changes)).toEqual(["renamed moved from huge", "changed moved"]);
    applyChanges(changes, hostDirectory(directory));
    expect(lstatSync(join(directory, "moved"))).toMatchObject({ size: 2 ** 40 + 3 });
    expect(lstatSync(join(directory, "moved")).blocks).toBeLessThan(1000);
  });
});

describe("large contents", () => {
  test("go to a file without a name, which is closed with the view", () => {
    const [lower, place] = [memory({ base: mebibytes(1, 1) }), temporaryDirectory()];
    const before = openDescriptors();
    const cow = copyOnWrite(lower, { spill: () => spillFile(place), spillBytes: 2 ** 20 });
    const root = cow.open();
    for (let i = 0; i < 8; i++) {
      const file = root.open(`file-${i}`, write | create) as FileHandle;
      file.write([mebibytes(1, i)], 0);
      file.setSize(2 ** 20 - i);
      file.close();
    }
    openFile(root, "base").write([Buffer.from("spilled")], 500_000);
    expect(readdirSync(place)).toEqual([]);
    expect(openDescriptors()).toBe(before + 1);
    for (let i = 0; i < 8; i++) {
      expect(readBytes(root, `file-${i}`).equals(Buffer.alloc(2 ** 20 - i, i))).toBe(true);
    }
    const base = Buffer.alloc(2 ** 20, 1);
    base.write("spilled", 500_000);
    expect(readBytes(root, "base").equals(base)).toBe(true);
    root.close();
    for (const copy of [true, false]) {
      const other = memory({ base: mebibytes(1, 1) });
      applyChanges(cow.changes({ copy }), other);
      expect(snapshotOf(other, { withTimes: false })).toEqual(snapshotOf(cow, { withTimes: false }));
    }
    cow.close();
    expect(openDescriptors()).toBe(before);
  });

  test("use the place of what was removed, and see nothing of it", () => {
    let written = 0;
    const store = spillFile(temporaryDirectory());
    const spill = (): typeof store => ({
      ...store,
      write: (buffers, offset) => {
        written = Math.max(written, offset);
        return store.write(buffers, offset);
      },
    });
    const cow = copyOnWrite(memory(), { spill, spillBytes: 0 });
    const root = cow.open();
    for (let i = 1; i < 20; i++) {
      writeText(root, "file", "x".repeat(1000));
      const file = openFile(root, "file");
      file.write([mebibytes(1, i)], 0);
      file.close();
      root.unlink("file");
      const sparse = root.open("file", read | write | create) as FileHandle;
      sparse.write([Buffer.from("end")], 100);
      sparse.setSize(200);
      expect(textOfFile(sparse)).toBe(`${"\0".repeat(100)}end${"\0".repeat(97)}`);
      sparse.close();
      root.unlink("file");
    }
    expect(written).toBeLessThan(2 * 2 ** 20);
    root.close();
    cow.close();
  });

  test("are zeros where the store ends", () => {
    const cow = copyOnWrite(memory(), { spill: () => spillFile(temporaryDirectory()), spillBytes: 0 });
    const root = cow.open();
    const file = root.open("file", read | write | create) as FileHandle;
    file.write([Buffer.from("end")], 2);
    file.setSize(8);
    expect(textOfFile(file)).toBe("\0\0end\0\0\0");
    root.close();
    cow.close();
  });

  test("leave the memory, which others then have", () => {
    const options = { spill: () => spillFile(temporaryDirectory()), spillBytes: 50_000, maxBytes: 200_000 };
    const cow = copyOnWrite(memory(), options);
    const root = cow.open();
    // It grows out of the memory, so that the second one has room there, and the third one in the store.
    const grown = root.open("grown", write | create) as FileHandle;
    grown.write([new Uint8Array(40_000)], 0);
    grown.append([new Uint8Array(20_000)]);
    for (const [name, size] of Object.entries({ second: 40_000, third: 60_000 })) {
      expect((root.open(name, write | create) as FileHandle).write([new Uint8Array(size)], 0)).toBe(size);
    }
    root.close();
    cow.close();
  });

  test("end with nospc when there is no more", () => {
    const cow = copyOnWrite(memory(), {
      spill: () => spillFile(temporaryDirectory()),
      spillBytes: 100_000,
      maxBytes: 500_000,
    });
    const root = cow.open();
    const file = root.open("file", write | create) as FileHandle;
    const count = file.write([mebibytes(1, 1)], 0);
    expect(count).toBeGreaterThan(300_000);
    expect(count).toBeLessThan(500_000);
    expect(errnoOf(() => file.append([mebibytes(1, 1)]))).toBe("nospc");
    root.close();
    cow.close();
  });

  test("are refused with nospc if the device of the store is full", () => {
    const store = { read: () => 0, write: () => 0, close: () => undefined };
    const root = copyOnWrite(memory({ kept: "kept" }), { spill: () => store, spillBytes: 2000 }).open();
    const file = openFile(root, "kept");
    expect(errnoOf(() => file.write([mebibytes(1, 1)], 0))).toBe("nospc");
    expect(textOfFile(file)).toBe("kept");
    expect(errnoOf(() => root.createDirectory("small"))).toBe("success");
  });
});

test("subdirectories of one view share it, and lead nowhere else", () => {
  const { cow, root } = view(tree);
  const [dir, empty] = [subdirectory(cow, "dir").open(), subdirectory(cow, "empty").open()];
  const deep = subdirectory(cow, "dir/deep").open();
  dir.rename("a", empty, "moved");
  writeText(deep, "c", "changed");
  expect(readText(root.openDirectory("empty"), "moved")).toBe("a");
  expect(readText(dir.openDirectory("deep"), "c")).toBe("changed");
  dir.close();
  expect(readText(deep, "c")).toBe("changed");
  for (const path of ["", ".", "..", "/dir", "dir/", "dir//deep", "dir/../file", "a\0"]) {
    expect(() => subdirectory(cow, path)).toThrow(TypeError);
  }
  expect(errnoOf(() => subdirectory(cow, "file").open())).toBe("notdir");
  expect(errnoOf(() => subdirectory(cow, "dir/missing").open())).toBe("noent");
  expect(errnoOf(() => subdirectory(cow, "link").open())).toBe("notdir");
});

const readBytes = (root: DirectoryHandle, name: string): Buffer => {
  const file = openFile(root, name, read);
  const bytes = Buffer.alloc(Number(file.stat().size));
  file.read([bytes], 0);
  file.close();
  return bytes;
};

function fill(root: DirectoryHandle): void {
  writeText(root, "file", "content");
  root.createDirectory("dir");
  const dir = root.openDirectory("dir");
  writeText(dir, "inner", "inside");
  dir.createDirectory("deep");
  writeText(dir.openDirectory("deep"), "deepest", "x".repeat(100_000));
  root.symlink("file", "link");
  root.link("file", dir, "second");
}

/** A bit of everything. */
function change(root: DirectoryHandle): void {
  const dir = root.openDirectory("dir");
  const deep = dir.openDirectory("deep");
  writeText(root, "new", "new");
  openFile(root, "file").append([Buffer.from("more")]);
  openFile(deep, "deepest", write | truncate).close();
  openFile(dir, "inner").setTimes({ atim: 1n, mtim: 2n });
  root.readlink("link");
  root.rename("link", dir, "link");
  root.link("new", dir, "third");
  root.symlink("new", "another");
  root.setTimes({ mtim: 5n });
  deep.unlink("deepest");
  dir.removeDirectory("deep");
  dir.unlink("second");
  root.rename("dir", root, "moved");
  readText(dir, "inner");
  dir.list();
}
