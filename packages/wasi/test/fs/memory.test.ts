import { describe, expect, test } from "vitest";
import { openFlags } from "../../src/fs/file-system.ts";
import type { DirectoryHandle } from "../../src/fs/file-system.ts";
import { memory, symlink } from "../../src/fs/memory.ts";
import type { MemoryTree } from "../../src/fs/memory.ts";
import { errnoOf, openFile, readText, textOfFile, writeText } from "../support/file-systems.ts";

const { write, create } = openFlags;

describe("the tree", () => {
  test("is there from the start, and comes out again", () => {
    const files = memory({
      "text.txt": "grüße",
      "bytes.bin": new Uint8Array([0, 255]),
      größe: "",
      link: symlink("dir/größe"),
      dir: { inner: { file: "deep" }, empty: {} },
    });
    const root = files.open();
    expect(root.list().map(({ name }) => name)).toEqual([
      "bytes.bin",
      "dir",
      "gr\xc3\xb6\xc3\x9fe",
      "link",
      "text.txt",
    ]);
    expect(readText(root, "text.txt")).toBe("grüße");
    expect(root.readlink("link")).toBe("dir/gr\xc3\xb6\xc3\x9fe");
    expect(root.lookup("text.txt")).toMatchObject({ size: 7n, mode: 0o644 });
    expect(root.lookup("dir")).toMatchObject({ nlink: 4n, mode: 0o755 });

    expect(files.tree()).toEqual({
      "text.txt": new TextEncoder().encode("grüße"),
      "bytes.bin": new Uint8Array([0, 255]),
      größe: new Uint8Array(0),
      link: symlink("dir/größe"),
      dir: { inner: { file: new TextEncoder().encode("deep") }, empty: {} },
    });
    expect(memory(structuredClone(files.tree())).tree()).toEqual(files.tree());
  });

  test("is copied: what happens to the bytes that it was made of does not show", () => {
    const bytes = new Uint8Array([1, 2]);
    const files = memory({ file: bytes });
    bytes.fill(9);
    expect(files.readFile("file")).toEqual(new Uint8Array([1, 2]));
    files.readFile("file").fill(9);
    expect(files.readFile("file")).toEqual(new Uint8Array([1, 2]));
  });

  test.each([
    [{ "": "" }, `"": a name can't be empty`],
    [{ dir: { ".": "" } }, `"dir/.": a name can't be "."`],
    [{ "..": {} }, `"..": a name can't be ".."`],
    [{ "a/b": "" }, `"a/b": a name can't hold a "/": nest an object for each directory`],
    [{ "a\0b": "" }, `"a\\u0000b": a name can't hold a NUL`],
    [{ ["ä".repeat(128)]: "" }, `"${"ä".repeat(128)}": a name can't have more than 255 bytes`],
    [{ file: 1 }, `"file": text, bytes, symlink(…) or an object of names was expected`],
    [{ file: null }, `"file": text, bytes, symlink(…) or an object of names was expected`],
    [{ file: ["a"] }, `"file": text, bytes, symlink(…) or an object of names was expected`],
    [{ link: symlink("") }, `"link": a link's target can't be empty, hold a NUL, or have more than 4095 bytes`],
    [{ link: symlink("a\0") }, `"link": a link's target can't be empty, hold a NUL, or have more than 4095 bytes`],
  ])("that can't be: %j", (tree, message) => {
    expect(() => memory(tree as unknown as MemoryTree)).toThrow(new TypeError(message));
  });

  test("names of Object.prototype are names like any other", () => {
    const files = memory(JSON.parse(`{ "__proto__": "one", "constructor": { "toString": "two" } }`) as MemoryTree);
    expect(Buffer.from(files.readFile("__proto__")).toString()).toBe("one");
    expect(Object.keys(files.tree())).toEqual(["__proto__", "constructor"]);
    expect(Buffer.from(files.readFile("constructor/toString")).toString()).toBe("two");
    expect(files.open().lookup("hasOwnProperty")).toBeUndefined();
  });

  test("readFile says what is there instead of a file", () => {
    const files = memory({ dir: {}, link: symlink("x") });
    expect(() => files.readFile("dir/x")).toThrow(`There is nothing at "dir/x"`);
    expect(() => files.readFile("dir")).toThrow(`"dir" is a directory, not a file`);
    expect(() => files.readFile("link")).toThrow(`"link" is a link to "x", not a file`);
  });
});

test("keeps what was done from one run to the next, and is no other one's", () => {
  const [files, others] = [memory(), memory()];
  const first = files.open();
  writeText(first, "file", "kept");
  first.close();
  const second = files.open();
  expect(readText(second, "file")).toBe("kept");
  expect(others.tree()).toEqual({});
  expect(others.open().stat().dev).not.toBe(second.stat().dev);
});

test("gives changes the time that it is told", () => {
  let time = 5n;
  const root = memory({ file: "" }, { now: () => time }).open();
  expect(root.lookup("file")).toMatchObject({ atim: 5n, mtim: 5n, ctim: 5n });
  time = 7n;
  openFile(root, "file").write([new Uint8Array(1)], 0);
  expect(root.lookup("file")).toMatchObject({ atim: 5n, mtim: 7n, ctim: 7n });
});

describe("space", () => {
  const tebibyte = 2 ** 40;

  test("gaps take none: a file can be larger than the memory", () => {
    const files = memory({}, { maxBytes: 200_000 });
    const root = files.open();
    const file = root.open("sparse", write | openFlags.read | create);
    if (file.kind !== "file") throw new Error("no file");
    file.write([Buffer.from("end")], tebibyte);
    expect(file.stat().size).toBe(BigInt(tebibyte) + 3n);
    expect(textOfFile(file, tebibyte - 2, 10)).toBe("\0\0end");
    expect(textOfFile(file, 12_345, 3)).toBe("\0\0\0");
    file.setSize(Number.MAX_SAFE_INTEGER);
    expect(textOfFile(file, tebibyte, 5)).toBe("end\0\0");
    expect(errnoOf(() => file.setSize(2 ** 63))).toBe("fbig");
    expect(errnoOf(() => file.write([new Uint8Array(2)], Number.MAX_SAFE_INTEGER - 1))).toBe("fbig");
  });

  test("what a file takes is given back when it is cut, or has neither name nor handle", () => {
    const root = memory({}, { maxBytes: 400_000 }).open();
    const isFilled = (name: string): boolean => {
      const file = openNew(root, name);
      const error = errnoOf(() => file.write([new Uint8Array(300_000)], 0));
      file.close();
      return error === "success" && root.lookup(name)?.size === 300_000n;
    };
    for (let i = 0; i < 3; i++) {
      expect(isFilled("file")).toBe(true);
      const file = openFile(root, "file");
      root.unlink("file");
      expect(isFilled("other")).toBe(false);
      root.unlink("other");
      file.close();
    }
    expect(isFilled("file")).toBe(true);
    openFile(root, "file").setSize(10);
    expect(isFilled("other")).toBe(true);
    expect(isFilled("third")).toBe(false);
    root.rename("file", root, "other");
    root.unlink("third");
    expect(isFilled("file")).toBe(true);
  });

  test("what a run left open is given back when its root is closed", () => {
    const files = memory({}, { maxBytes: 400_000 });
    for (let i = 0; i < 3; i++) {
      const root = files.open();
      const file = openNew(root, "file");
      expect(file.write([new Uint8Array(300_000)], 0)).toBe(300_000);
      root.unlink("file");
      root.close();
    }
  });

  test("a write that does not fit writes what does, and the next one fails", () => {
    const files = memory({ kept: "kept" }, { maxBytes: 200_000 });
    const file = openNew(files.open(), "file");
    const count = file.write([new Uint8Array(150_000).fill(1), new Uint8Array(150_000).fill(2)], 0);
    expect(count).toBeGreaterThan(100_000);
    expect(count).toBeLessThan(200_000);
    expect(file.stat().size).toBe(BigInt(count));
    expect(errnoOf(() => file.append([new Uint8Array(100_000)]))).toBe("nospc");
    expect(file.stat().size).toBe(BigInt(count));
    expect(Buffer.from(files.readFile("kept")).toString()).toBe("kept");
  });

  test("names take some as well", () => {
    const root = memory({ file: "" }, { maxBytes: 10_000 }).open();
    expect(countUntilFull((i) => root.createDirectory(`d${i}`))).toBeGreaterThan(10);
    for (const { name } of root.list()) if (name !== "file") root.removeDirectory(name);
    expect(countUntilFull((i) => root.link("file", root, `l${i}`))).toBeGreaterThan(10);
    expect(root.lookup("file")?.nlink).toBe(BigInt(root.list().length));
    for (const { name } of root.list()) if (name !== "file") root.unlink(name);
    expect(countUntilFull((i) => root.symlink("x".repeat(1000), `s${i}`))).toBeGreaterThan(3);
    root.rename("s0", root, "moved");
    root.unlink("moved");
    root.symlink("x".repeat(1000), "again");
  });

  test("a tree that does not fit is an error", () => {
    expect(() => memory({ file: "x".repeat(1000) }, { maxBytes: 1000 })).toThrow(RangeError);
    expect(() => memory({ a: {}, b: {}, c: {} }, { maxBytes: 1000 })).toThrow("maxBytes");
  });
});

/** How often something can be done until there is no space left. */
function countUntilFull(call: (i: number) => void): number {
  for (let i = 0; i < 1000; i++) if (errnoOf(() => call(i)) === "nospc") return i;
  throw new Error("There is always space left");
}

function openNew(directory: DirectoryHandle, name: string): ReturnType<typeof openFile> {
  directory.open(name, write | create).close();
  return openFile(directory, name);
}
