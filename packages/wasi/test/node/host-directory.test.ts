import { lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { filetype } from "../../src/abi/layouts.ts";
import { openFlags } from "../../src/fs/file-system.ts";
import type { FileHandle } from "../../src/fs/file-system.ts";
import { hostDirectory, holdsByDescriptor } from "../../src/node/host-directory.ts";
import {
  errnoOf,
  openDescriptors,
  openFile,
  readText,
  temporaryDirectory,
  writeText,
} from "../support/file-systems.ts";
import { onPlatform } from "../support/platform.ts";

const isLinux = process.platform === "linux";
afterEach(() => vi.resetModules());

describe.runIf(isLinux)("how directories are held", () => {
  test("by descriptors where there are paths for them, if nothing else is asked for", () => {
    expect(holdsByDescriptor()).toBe(true);
    const before = openDescriptors();
    const root = hostDirectory(temporaryDirectory()).open();
    expect(openDescriptors()).toBe(before + 1);
    root.close();
    expect(openDescriptors()).toBe(before);
  });

  test.each([
    ["descriptor", 1],
    ["path", 0],
  ] as const)("by %s if that is asked for", (hold, descriptors) => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "dir"));
    const before = openDescriptors();
    const root = hostDirectory(directory, { hold }).open();
    expect(openDescriptors()).toBe(before + descriptors);
    root.openDirectory("dir");
    root.reopen();
    expect(openDescriptors()).toBe(before + 3 * descriptors);
    root.close();
    expect(openDescriptors()).toBe(before);
  });

  test.each(["darwin", "win32"] as const)("by paths on %s", async (platform) => {
    onTestFinished(onPlatform(platform));
    vi.resetModules();
    const { holdsByDescriptor: holds, hostDirectory: open } = await import("../../src/node/host-directory.ts");
    expect(holds()).toBe(false);
    const before = openDescriptors();
    open(temporaryDirectory()).open();
    expect(openDescriptors()).toBe(before);
  });

  test("finding that out leaves no descriptor open", async () => {
    vi.resetModules();
    const before = openDescriptors();
    const { holdsByDescriptor: holds } = await import("../../src/node/host-directory.ts");
    expect(holds()).toBe(true);
    expect(openDescriptors()).toBe(before);
  });
});

describe.each(["descriptor", "path"] as const)("a directory held by %s", (hold) => {
  const open = (path: string) => hostDirectory(path, { hold }).open();

  test("may be a link, end with a slash, or be that of the whole host", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "file"), "text");
    symlinkSync(directory, `${directory}-link`);
    for (const path of [`${directory}/`, `${directory}-link`, `${directory}-link/`]) {
      const root = open(path);
      expect(root.list()).toEqual([{ name: "file", filetype: filetype.regular_file }]);
      expect(readText(root, "file")).toBe("text");
      root.close();
    }
    const all = open("/");
    expect(all.list().map(({ name }) => name)).toEqual(readdirSync("/").toSorted());
    expect(all.stat().ino).toBe(lstatSync("/", { bigint: true }).ino);
    all.close();
  });

  test("can't be what is no directory", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "file"), "");
    expect(errnoOf(() => open(join(directory, "file")))).toBe("notdir");
    expect(errnoOf(() => open(join(directory, "nowhere")))).toBe("noent");
  });

  test("is listed by the bytes of the names, with what they are", async () => {
    const directory = temporaryDirectory();
    for (const name of ["b", "a", "B", "é"]) writeFileSync(join(directory, name), "");
    mkdirSync(join(directory, "dir"));
    symlinkSync("nowhere", join(directory, "link"));
    const server = createServer().listen(join(directory, "socket"));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => void server.once("listening", resolve));
    const root = open(directory);
    expect(root.list()).toEqual([
      { name: "B", filetype: filetype.regular_file },
      { name: "a", filetype: filetype.regular_file },
      { name: "b", filetype: filetype.regular_file },
      { name: "dir", filetype: filetype.directory },
      { name: "link", filetype: filetype.symbolic_link },
      { name: "socket", filetype: filetype.socket_stream },
      { name: "Ã©", filetype: filetype.regular_file },
    ]);
    expect(root.lookup("socket")?.filetype).toBe(filetype.socket_stream);
    expect(root.lookup("Ã©")?.filetype).toBe(filetype.regular_file);
    expect(readText(root, "Ã©")).toBe("");
    root.close();
  });

  test.runIf(isLinux)("has devices, which are not opened", () => {
    const devices = open("/dev");
    expect(devices.list().find(({ name }) => name === "null")?.filetype).toBe(filetype.character_device);
    expect(devices.lookup("null")?.filetype).toBe(filetype.character_device);
    const before = openDescriptors();
    expect(errnoOf(() => devices.open("null", openFlags.write))).toBe("nxio");
    expect(openDescriptors()).toBe(before);
    devices.close();
  });

  test("is opened as a file may be, and says what it is", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "dir"));
    symlinkSync("dir", join(directory, "link"));
    const root = open(directory);
    for (const flags of [openFlags.read, openFlags.directory, openFlags.read | openFlags.directory]) {
      expect(root.open("dir", flags).kind).toBe("directory");
    }
    expect(errnoOf(() => root.open("dir", openFlags.write))).toBe("isdir");
    expect(errnoOf(() => root.open("link", openFlags.read))).toBe("loop");
    expect(errnoOf(() => root.open("link", openFlags.read | openFlags.directory))).toBe("notdir");
    expect(errnoOf(() => root.openDirectory("link"))).toBe("notdir");
    root.close();
  });

  test("brings what was changed to the device, or says why not", () => {
    const root = open(temporaryDirectory());
    writeText(root, "file", "text");
    const file = openFile(root, "file");
    const before = openDescriptors();
    root.sync();
    file.sync();
    file.datasync();
    expect(openDescriptors()).toBe(before);
    file.close();
    // Nothing but the host knows that it is closed.
    for (const method of ["sync", "datasync"] as const) expect(errnoOf(() => file[method]())).not.toBe("success");
    root.close();
  });

  test("that was replaced while it is held is not the other one", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "dir"));
    const root = open(directory);
    const dir = root.openDirectory("dir");
    root.rename("dir", root, "moved");
    root.createDirectory("dir");
    // A path leads to the other one; so it leads nowhere.
    const expected = hold === "path" ? "noent" : "success";
    const uses = [() => dir.stat(), () => dir.list(), () => writeText(dir, "file", "")];
    expect(uses.map(errnoOf)).toEqual([expected, expected, expected]);
    expect(readdirSync(join(directory, "moved"))).toEqual(hold === "path" ? [] : ["file"]);
    expect(readdirSync(join(directory, "dir"))).toEqual([]);
    root.close();
  });

  test("keeps its flags, or gets others", () => {
    const root = open(temporaryDirectory());
    writeText(root, "file", "start ");
    const file = root.open("file", openFlags.write | openFlags.read) as FileHandle;
    const before = openDescriptors();
    file.setFlags(openFlags.append);
    expect(openDescriptors()).toBe(before);
    expect(file.append([Buffer.from("one")])).toBe(3);
    expect(file.append([Buffer.from(" two"), Buffer.from(" three")])).toBe(10);
    expect([file.append([]), file.write([], 0), file.read([], 0)]).toEqual([0, 0, 0]);
    file.setFlags(0);
    file.write([Buffer.from("START")], 0);
    expect(readText(root, "file")).toBe("START one two three");
    file.close();
    root.close();
  });

  test("has the times that were set, its root as well", () => {
    const directory = temporaryDirectory();
    const root = open(directory);
    root.setTimes({ mtim: 1_234_567_890_123_456_789n });
    expect(root.stat().mtim).toBe(1_234_567_890_123_456_789n);
    expect(lstatSync(directory, { bigint: true }).mtimeNs / 1000n).toBe(1_234_567_890_123_456n);
    root.close();
  });
});

test("a link gets no second name where the system might follow it", () => {
  onTestFinished(onPlatform("darwin"));
  const directory = temporaryDirectory();
  symlinkSync("nowhere", join(directory, "link"));
  writeFileSync(join(directory, "file"), "");
  const root = hostDirectory(directory, { hold: "path" }).open();
  expect(errnoOf(() => root.link("link", root, "second"))).toBe("notsup");
  root.link("file", root, "third");
  expect(errnoOf(() => root.link("missing", root, "fourth"))).toBe("noent");
  expect(readdirSync(directory).toSorted()).toEqual(["file", "link", "third"]);
  root.close();
});
