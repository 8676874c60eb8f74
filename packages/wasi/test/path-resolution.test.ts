import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lookupflags, oflags, filestat, rights } from "../src/abi/index.ts";
import type { DirectoryHandle, FileSystem } from "../src/fs/file-system.ts";
import { memory as memoryFiles, symlink } from "../src/fs/memory.ts";
import { subdirectory } from "../src/fs/subdirectory.ts";
import { WasiError } from "../src/wasi-error.ts";
import { createGuest, open as openPath, openDirectory, runCalls } from "./support/guest.ts";
import type { Call } from "./support/guest.ts";
import { makeTree } from "../../wasm/test/helpers/tree.ts";
import { spied } from "./support/spied.ts";

const follow = lookupflags.symlink_follow;
const readable = BigInt(rights("fd_read", "fd_readdir", "fd_filestat_get", "path_open", "path_filestat_get"));
const inherited = readable;

/** Opens a path from preopen 3. */
const openCall = (path: string, flags: number = follow, how = 0): Call => [
  "path_open",
  3,
  flags,
  path,
  how,
  readable,
  inherited,
  0,
  0,
];
const open = (path: string, flags?: number): Call[] => [openCall(path, flags)];

const outside = { "secret.txt": "secret", dir: { "inner.txt": "inner" } };
const tree = {
  outside,
  box: {
    "file.txt": "inside",
    "ñandú 🎉.txt": "unicode",
    "a b'c\"d\ne": "odd",
    dir: {
      deep: { "file.txt": "deep", up: { to: "../../file.txt" }, "far-up": { to: "../../../outside/secret.txt" } },
      self: { to: "." },
    },
    link: { to: "dir/deep" },
    chain: { to: "link/up" },
    dangling: { to: "nowhere" },
    "dangling-out": { to: "../outside/new.txt" },
    out: { to: "../outside" },
    "out-file": { to: "../outside/secret.txt" },
    absolute: { to: "/etc/passwd" },
    loop: { to: "loop" },
    a: { to: "." },
    up: { to: "a/.." },
    hop0: { to: "file.txt" },
    ...Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`hop${i + 1}`, { to: `hop${i}` }])),
  },
};

describe("a path stays in its preopen", () => {
  test.for<[path: string, error: string, flags?: number]>([
    ["..", "notcapable"],
    ["../outside/secret.txt", "notcapable"],
    ["dir/../../outside/secret.txt", "notcapable"],
    ["/etc/passwd", "notcapable"],
    ["out", "notcapable"],
    ["out/", "notcapable", 0],
    ["out/secret.txt", "notcapable"],
    ["out/secret.txt", "notcapable", 0],
    ["out/.", "notcapable"],
    ["out/../box/file.txt", "notcapable"],
    ["out-file", "notcapable"],
    ["out-file", "loop", 0],
    ["absolute", "notcapable"],
    ["link/far-up", "notcapable"],
    ["up/outside/secret.txt", "notcapable"],
    ["dangling", "noent"],
    ["dangling", "loop", 0],
    ["dangling-out", "notcapable"],
    ["loop", "loop"],
    ["loop/file.txt", "loop"],
    ["hop40", "loop"],
    ["file.txt\0", "inval"],
    ["../outside/secret.txt\0", "inval"],
    ["\udcff", "noent"],
    ["", "noent"],
    ["file.txt/", "notdir"],
    ["file.txt/.", "notdir"],
    ["file.txt/../file.txt", "notdir"],
    ["nowhere/../file.txt", "noent"],
  ])("%j is %s (lookup flags %s)", ([path, error, flags]) => {
    const host = makeTree(tree);
    const { errors } = runCalls(open(path, flags), { preopens: { "/": join(host, "box") } });
    expect(errors).toEqual([error]);
  });

  test("names and paths that are too long are refused", () => {
    const host = makeTree(tree);
    const { errors } = runCalls([openCall("n".repeat(300)), openCall("dir/./".repeat(4000))], {
      preopens: { "/": join(host, "box") },
    });
    expect(errors).toEqual(["nametoolong", "nametoolong"]);
  });

  test("creating through a link that leads out creates nothing", () => {
    const host = makeTree(tree);
    const calls = [follow, 0].map((flags) => openCall("dangling-out", flags, oflags.creat));
    const { errors } = runCalls(calls, { preopens: { "/": join(host, "box") } });
    expect(errors).toEqual(["notcapable", "loop"]);
    expect(() => readFileSync(join(host, "outside/new.txt"))).toThrow("ENOENT");
  });

  test("a directory's descriptor is not led through a link that took its place", () => {
    const host = makeTree(tree);
    const { errors } = runCalls(
      [
        ["path_open", 3, 0, "dir", oflags.directory, readable, inherited, 0, 0],
        ["path_rename", 3, "dir", 3, "moved"],
        ["path_symlink", "../outside", 3, "dir"],
        ["path_open", 4, 0, "secret.txt", 0, readable, 0n, 0, 4],
        ["path_filestat_get", 4, 0, "deep/file.txt", 64],
      ],
      { preopens: { "/": join(host, "box") } },
    );
    // It is followed to where it went.
    expect(errors).toEqual(["success", "success", "success", "noent", "success"]);
  });

  test("a preopen within another one can't be exchanged for a link", () => {
    const host = makeTree(tree);
    const { errors } = runCalls(
      [
        ["path_filestat_get", 4, 0, "deep", 64],
        ["path_rename", 3, "dir", 3, "moved"],
        ["path_symlink", "../outside", 3, "dir"],
        ["path_filestat_get", 4, 0, "inner.txt", 64],
        ["path_open", 4, 0, "secret.txt", 0, readable, 0n, 0, 0],
      ],
      { preopens: { "/": join(host, "box"), "/dir": join(host, "box/dir") } },
    );
    expect(errors).toEqual(["success", "success", "success", "noent", "noent"]);
  });

  test("a link is hard-linked and renamed as itself", () => {
    const host = makeTree(tree);
    const { errors } = runCalls(
      [
        ["path_link", 3, 0, "out-file", 3, "second"],
        ["path_link", 3, follow, "out-file", 3, "third"],
        ["path_rename", 3, "out", 3, "out2"],
        ["path_rename", 3, "file.txt", 3, "out2/stolen"],
        ["path_open", 3, follow, "second", 0, readable, 0n, 0, 0],
        ["path_unlink_file", 3, "out2/secret.txt"],
        ["path_filestat_set_times", 3, follow, "second", 0n, 0n, 5],
      ],
      { preopens: { "/": join(host, "box") } },
    );
    expect(errors).toEqual([
      "success",
      "notcapable",
      "success",
      "notcapable",
      "notcapable",
      "notcapable",
      "notcapable",
    ]);
    expect(readFileSync(join(host, "outside/secret.txt"), "utf8")).toBe("secret");
  });
});

describe("what stays inside works", () => {
  test.for<[path: string, text: string, flags?: number]>([
    ["file.txt", "inside", 0],
    ["./file.txt", "inside"],
    ["dir//deep/./../deep/file.txt", "deep"],
    ["link/file.txt", "deep", 0],
    ["link/../deep/file.txt", "deep"],
    ["chain", "inside"],
    ["link/up", "inside"],
    ["dir/self/self/deep/file.txt", "deep"],
    ["a/a/a/file.txt", "inside"],
    ["hop39", "inside"],
    ["ñandú 🎉.txt", "unicode"],
    ["a b'c\"d\ne", "odd"],
  ])("%j is the file with %j (lookup flags %s)", ([path, text, flags]) => {
    const host = makeTree(tree);
    const { errors, memory } = runCalls([...open(path, flags), ["fd_filestat_get", 4, 64]], {
      preopens: { "/": join(host, "box") },
    });
    expect(errors).toEqual(["success", "success"]);
    expect(memory.getBigUint64(64 + filestat.filesize, true)).toBe(BigInt(text.length));
  });

  test("a sub-directory's descriptor gives what is below it, and the links there lead as far as the preopen", () => {
    const host = makeTree(tree);
    const { errors } = runCalls(
      [
        ["path_open", 3, 0, "dir/deep", oflags.directory, readable, inherited, 0, 0],
        ["path_open", 4, 0, "file.txt", 0, readable, 0n, 0, 0],
        ["path_open", 4, follow, "up", 0, readable, 0n, 0, 0],
        ["path_open", 4, 0, "../../file.txt", 0, readable, 0n, 0, 0],
        ["path_open", 4, follow, "far-up", 0, readable, 0n, 0, 0],
      ],
      { preopens: { "/": join(host, "box") } },
    );
    expect(errors).toEqual(["success", "success", "success", "notcapable", "notcapable"]);
  });

  test("O_CREAT follows a dangling link that stays inside, and O_EXCL does not", () => {
    const host = makeTree(tree);
    const { errors } = runCalls(
      [openCall("dangling", follow, oflags.creat | oflags.excl), openCall("dangling", follow, oflags.creat)],
      { preopens: { "/": join(host, "box") } },
    );
    expect(errors).toEqual(["exist", "success"]);
    expect(readFileSync(join(host, "box/nowhere"), "utf8")).toBe("");
  });

  test("names that end in dots can't be created, renamed or removed", () => {
    const host = makeTree(tree);
    const { errors } = runCalls(
      [
        ["path_create_directory", 3, "dir/."],
        ["path_remove_directory", 3, "dir/."],
        ["path_remove_directory", 3, "dir/deep/.."],
        ["path_rename", 3, ".", 3, "x"],
        ["path_unlink_file", 3, "dir/.."],
      ],
      { preopens: { "/": join(host, "box") } },
    );
    expect(errors).toEqual(["exist", "inval", "inval", "busy", "isdir"]);
  });

  test("a link with a slash after it is no directory to remove, rename or replace", () => {
    const host = makeTree({ box: { dir: {}, link: { to: "dir" }, other: {} } });
    const { errors } = runCalls(
      [
        ["path_remove_directory", 3, "link/"],
        ["path_unlink_file", 3, "link/"],
        ["path_rename", 3, "link/", 3, "x"],
        ["path_rename", 3, "other", 3, "link/"],
        ["path_filestat_get", 3, 0, "link/", 64],
        ["path_unlink_file", 3, "link"],
      ],
      { preopens: { "/": join(host, "box") } },
    );
    expect(errors).toEqual(["notdir", "notdir", "notdir", "notdir", "success", "success"]);
    expect(readdirSync(join(host, "box"))).toEqual(["dir", "other"]);
  });

  test("readlink cuts what has no room, and shows what leads out", () => {
    const host = makeTree(tree);
    const { errors, memory, text } = runCalls(
      [
        ["path_readlink", 3, "out-file", 64, 100, 0],
        ["path_readlink", 3, "link", 256, 3, 4],
        ["path_readlink", 3, "file.txt", 64, 100, 8],
      ],
      { preopens: { "/": join(host, "box") } },
    );
    expect(errors).toEqual(["success", "success", "inval"]);
    expect(text(64, memory.getUint32(0, true))).toBe("../outside/secret.txt");
    expect(text(256, memory.getUint32(4, true))).toBe("dir");
  });

  test("a tree changed by the host between two runs is seen as it is", () => {
    const host = makeTree(tree);
    writeFileSync(join(host, "box/new.txt"), "new");
    const { errors } = runCalls(open("new.txt"), { preopens: { "/": join(host, "box") } });
    expect(errors).toEqual(["success"]);
  });
});

describe("directories on the way", () => {
  const files = {
    dir: { deep: { file: "x", up: symlink("../../dir/deep/file"), out: symlink("../../../x") } },
    link: symlink("dir/deep/"),
    ring: symlink("ring"),
  };

  test.for<[path: string, error: string]>([
    ["dir/deep/file", "success"],
    ["dir/deep/../deep/../../link/file", "success"],
    ["link/up", "success"],
    ["link/out", "notcapable"],
    ["dir/deep/none/x", "noent"],
    ["dir/deep/file/x", "notdir"],
    ["ring/x", "loop"],
    [".", "success"],
    ["dir/..", "success"],
  ])("are closed, and the one that the path starts from is not: %s", ([path, error]) => {
    const fileSystem = spied(memoryFiles(files));
    const guest = createGuest({ preopens: { "/": fileSystem } });
    const dir = openDirectory(guest, "dir");
    expect(guest.call("path_filestat_get", 3, follow, path, 64)).toBe(error);
    expect(fileSystem.openHandles()).toBe(2);
    expect(guest.call("path_filestat_get", dir, follow, "deep/up", 64)).toBe("success");
    expect(guest.call("path_filestat_get", dir, follow, "deep/out", 64)).toBe("notcapable");
    expect(fileSystem.openHandles()).toBe(2);
  });

  test("a slash at the end of a link's target counts only where the path ends there", () => {
    const guest = createGuest({ preopens: { "/": memoryFiles({ ...files, "to-file": symlink("dir/deep/file/") }) } });
    const errorOf = (path: string): string => guest.call("path_filestat_get", 3, follow, path, 64);
    expect([errorOf("link/file"), errorOf("link"), errorOf("to-file"), errorOf("link/file/")]).toEqual([
      "success",
      "success",
      "notdir",
      "notdir",
    ]);
  });

  test("of which one fails end the path with its error", () => {
    for (const name of ["acces", "io"] as const) {
      const fileSystem: FileSystem = {
        open() {
          const root = memoryFiles(files).open();
          root.openDirectory = () => {
            throw new WasiError(name);
          };
          return root;
        },
      };
      const guest = createGuest({ preopens: { "/": fileSystem } });
      expect(guest.call("path_filestat_get", 3, 0, "dir/deep", 64)).toBe(name);
    }
  });
});

describe("a link that leads above the directory that a path starts from", () => {
  const files = {
    dir: { inner: "x", deep: { up: symlink("../../file"), root: symlink("../..") } },
    file: "content",
    out: symlink(".."),
  };
  const withDirectory = (path: string, fileSystem: FileSystem = memoryFiles(files)) => {
    const guest = createGuest({ preopens: { "/": fileSystem } });
    const fd = openDirectory(guest, path);
    return { guest, fd, errorOf: (name: string): string => guest.call("path_filestat_get", fd, follow, name, 64) };
  };

  test("leads as far as the preopen", () => {
    const { errorOf } = withDirectory("dir/deep");
    expect([
      errorOf("up"),
      errorOf("root/file"),
      errorOf("root/out"),
      errorOf("root/../file"),
      errorOf("../../file"),
    ]).toEqual(["success", "success", "notcapable", "notcapable", "notcapable"]);
  });

  test("does so from a directory that was opened once more", () => {
    const { guest, fd } = withDirectory("dir/deep");
    const again = openDirectory(guest, ".", fd);
    expect(guest.call("path_filestat_get", again, follow, "up", 64)).toBe("success");
  });

  test("does not leave the preopen's directory, however that was opened", () => {
    const { guest, errorOf } = withDirectory(".");
    expect([errorOf("out"), errorOf("out/file"), errorOf("file")]).toEqual(["notcapable", "notcapable", "success"]);
    expect(guest.call("path_filestat_get", 3, follow, "out", 64)).toBe("notcapable");
  });

  test("leads to what is above the start now, if the guest has moved it", () => {
    const { guest, errorOf } = withDirectory("dir/deep");
    expect(guest.call("path_rename", 3, "dir", 3, "moved")).toBe("success");
    expect([errorOf("up"), errorOf("root/moved/deep")]).toEqual(["success", "success"]);
    expect(guest.call("path_rename", 3, "moved", 3, "dir2")).toBe("success");
    expect([errorOf("up"), errorOf("root/dir2/deep")]).toEqual(["success", "success"]);
    // Not what only begins as its path does.
    expect([guest.call("path_create_directory", 3, "d"), guest.call("path_rename", 3, "d", 3, "e")]).toEqual([
      "success",
      "success",
    ]);
    expect(errorOf("up")).toBe("success");
    // It can't be too far up now.
    expect(guest.call("path_rename", 3, "dir2/deep", 3, "deep")).toBe("success");
    expect([errorOf("root"), errorOf("up")]).toEqual(["notcapable", "notcapable"]);
  });

  test("leads to what is above the start in the preopen that it was moved to", () => {
    const both = memoryFiles({ ...files, other: { to: {}, file: "content" } });
    const guest = createGuest({ preopens: { "/a": subdirectory(both, "dir"), "/b": subdirectory(both, "other") } });
    const fd = openDirectory(guest, "deep");
    const error = (): string => guest.call("path_filestat_get", fd, follow, "up", 64);
    expect(error()).toBe("notcapable");
    expect(guest.call("path_rename", 3, "deep", 4, "to/deep")).toBe("success");
    expect(error()).toBe("success");
  });

  test("does not change with what is moved in another preopen", () => {
    const guest = createGuest({ preopens: { "/a": memoryFiles(files), "/b": memoryFiles(files) } });
    const fd = openDirectory(guest, "dir/deep", 4);
    expect(guest.call("path_rename", 3, "dir", 3, "moved")).toBe("success");
    expect(guest.call("path_filestat_get", fd, follow, "up", 64)).toBe("success");
  });

  test("leads nowhere once somebody else has moved the start", () => {
    const shared = memoryFiles(files);
    const { guest, errorOf } = withDirectory("dir/deep", shared);
    const other = createGuest({ preopens: { "/": shared } });
    expect(other.call("path_rename", 3, "dir", 3, "moved")).toBe("success");
    expect(errorOf("up")).toBe("notcapable");
    // Another directory at the old place is not the one that is above now.
    expect([guest.call("path_create_directory", 3, "dir"), errorOf("up")]).toEqual(["success", "notcapable"]);
    expect([guest.call("path_create_directory", 3, "dir/deep"), errorOf("up")]).toEqual(["success", "notcapable"]);
    guest.call("path_remove_directory", 3, "dir/deep");
    guest.call("path_remove_directory", 3, "dir");
    openPath(guest, "dir", { oflags: oflags.creat });
    expect(errorOf("up")).toBe("notcapable");
  });

  test("is judged by device and inode together", () => {
    let dev: bigint | undefined;
    const other = (handle: DirectoryHandle): DirectoryHandle => {
      const { openDirectory: openName, stat } = handle;
      handle.openDirectory = (name) => other(openName.call(handle, name));
      const at = dev;
      if (at !== undefined) handle.stat = () => ({ ...stat.call(handle), dev: at });
      return handle;
    };
    const root = memoryFiles(files);
    const { errorOf } = withDirectory("dir/deep", { open: () => other(root.open()) });
    expect(errorOf("up")).toBe("success");
    dev = 7n;
    expect(errorOf("up")).toBe("notcapable");
  });

  test("fails as the file system says if the way there fails", () => {
    let fails = false;
    const fileSystem: FileSystem = {
      open() {
        const root = memoryFiles(files).open();
        const { openDirectory: openName } = root;
        root.openDirectory = (name) => {
          if (fails) throw new WasiError("mfile");
          return openName.call(root, name);
        };
        return root;
      },
    };
    const { errorOf } = withDirectory("dir/deep", fileSystem);
    fails = true;
    expect(errorOf("up")).toBe("mfile");
  });
});
