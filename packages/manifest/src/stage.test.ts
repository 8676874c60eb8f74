import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ManifestError } from "./error.ts";
import type { RunGrants } from "./resolve.ts";
import { describeChange, stageRun } from "./stage.ts";
import type { Stage } from "./stage.ts";
import { folderWith, listFolder } from "./testing/folder.ts";

// Modes are what some of these tests are about.
process.umask(0o022);

/** Stages a run that is granted directories, by their guest paths; closed when the test ends. */
function stage(paths: Readonly<Record<string, string>>): { opened: Stage; pathOf: (guestPath: string) => string } {
  const opened = stageRun({ name: "default", module: "/none.wasm", options: grant(paths), exitCode: 0 });
  onTestFinished(() => opened.close());
  return { opened, pathOf: (guestPath) => opened.options.preopens[guestPath]?.path ?? "none" };
}

const grant = (paths: Readonly<Record<string, string>>): RunGrants => ({
  args: ["a"],
  env: { A: "1" },
  preopens: Object.fromEntries(
    Object.entries(paths).map(([guestPath, path]) => [guestPath, { path, access: "read-write" }]),
  ),
  stdin: "in",
  wasi: true,
});

/** Does something as a user who is not allowed everything, where the tests run as root. */
function asAnyone<T>(task: () => T): T {
  if (process.getuid?.() !== 0) return task();
  process.seteuid?.(65534);
  try {
    return task();
  } finally {
    process.seteuid?.(0);
  }
}

test("a copy has what the directory has: files with their modes, empty directories, links as they are", async () => {
  const folder = await folderWith({
    "data/file.txt": "text",
    "data/bytes.bin": Uint8Array.of(0, 255, 10, 13),
    "data/tool": "#!/bin/sh",
    "data/large.bin": Buffer.alloc(3 << 20, "0123456789"),
    "data/sub/deep/file.txt": "deep",
    "data/empty/": "",
    "data/ odd\nname": "",
    "data/inside": { to: "sub/deep" },
    "data/outside": { to: "../secret" },
    "data/absolute": { to: "/etc/hostname" },
    "data/dangling": { to: "nothing" },
    "data/around": { to: "around" },
    "secret/file.txt": "secret",
  });
  chmodSync(join(folder, "data/tool"), 0o755);
  chmodSync(join(folder, "data/large.bin"), 0o751);
  chmodSync(join(folder, "data/file.txt"), 0o440);
  chmodSync(join(folder, "data/sub/deep"), 0o550);
  onTestFinished(() => chmodSync(join(folder, "data/sub/deep"), 0o750));
  const before = listFolder(join(folder, "data"));
  const { opened, pathOf } = stage({ "/data": join(folder, "data") });
  expect(pathOf("/data")).not.toContain(folder);
  expect(listFolder(pathOf("/data"))).toEqual(before);
  expect(opened.options).toEqual({
    ...grant({}),
    preopens: { "/data": { path: pathOf("/data"), access: "read-write" } },
  });
});

test("names are bytes, text or not", async () => {
  const folder = await folderWith({});
  const name = Buffer.from([0x61, 0xff, 0xfe]);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), "x");
  const { pathOf } = stage({ "/data": folder });
  expect(readdirSync(pathOf("/data"), "buffer")).toEqual([name]);
});

test("what happens in a copy does not happen in the directory, and leaves nothing behind", async () => {
  const folder = await folderWith({ "file.txt": "text", "sub/file.txt": "text", link: { to: "sub" } });
  const before = listFolder(folder);
  const { opened, pathOf } = stage({ "/data": folder });
  const copy = pathOf("/data");
  writeFileSync(join(copy, "file.txt"), "other");
  writeFileSync(join(copy, "link/new.txt"), "new");
  renameSync(join(copy, "sub"), join(copy, "moved"));
  rmSync(join(copy, "link"));
  opened.close();
  expect(listFolder(folder)).toEqual(before);
  expect(existsSync(join(copy, ".."))).toBe(false);
});

test("what is different in a copy is told for each directory, in its own terms", async () => {
  const folder = await folderWith({ "data/sub/file.txt": "text", "other/": "" });
  const { opened, pathOf } = stage({
    "/data": join(folder, "data"),
    "/sub": join(folder, "data/sub"),
    "/other": join(folder, "other"),
    "/none": join(folder, "none"),
  });
  const told = () =>
    opened.changes().map(([guestPath, changes]) => [guestPath, ...changes.map((it) => describeChange(it))]);
  expect(told()).toEqual([["/data"], ["/sub"], ["/other"]]);
  writeFileSync(join(pathOf("/sub"), "file.txt"), "other");
  expect(told()).toEqual([
    ["/data", "changed sub/file.txt: 5 bytes, was 4"],
    ["/sub", "changed file.txt: 5 bytes, was 4"],
    ["/other"],
  ]);
});

test("two runs have two copies", async () => {
  const folder = await folderWith({ "file.txt": "text" });
  const [a, b] = [stage({ "/data": folder }), stage({ "/data": folder })];
  expect(a.pathOf("/data")).not.toBe(b.pathOf("/data"));
});

test("directories that are the same, or of which one holds the other, share a copy", async () => {
  const folder = await folderWith({
    "data/sub/deep/file.txt": "",
    "data-2/file.txt": "",
    "link/": "",
    "link/to-sub": { to: "../data/sub" },
  });
  const { pathOf } = stage({
    "/deep": join(folder, "data/sub/deep"),
    "/data": join(folder, "data/"),
    "/again": join(folder, "data-2/../data"),
    "/link": join(folder, "link/to-sub"),
    "/other": join(folder, "data-2"),
  });
  const data = pathOf("/data");
  expect(pathOf("/again")).toBe(data);
  expect(pathOf("/link")).toBe(`${data}/sub`);
  expect(pathOf("/deep")).toBe(`${data}/sub/deep`);
  expect(pathOf("/other")).not.toContain(data);
  expect(listFolder(pathOf("/other"))).toEqual({ "file.txt": "644 " });
});

test("each grant keeps its access", async () => {
  const folder = await folderWith({});
  const options = grant({ "/w": folder, "/r": folder });
  options.preopens["/r"] = { path: folder, access: "read-only" };
  const opened = stageRun({ name: "default", module: "/none.wasm", options, exitCode: 0 });
  onTestFinished(() => opened.close());
  expect(Object.values(opened.options.preopens).map(({ access }) => access)).toEqual(["read-write", "read-only"]);
});

test("what is no directory stays as it was declared, for the runner to refuse", async () => {
  const folder = await folderWith({ "data/file.txt": "", dangling: { to: "nothing" } });
  const { pathOf } = stage({
    "/data": join(folder, "data"),
    "/file": join(folder, "data/file.txt"),
    "/below-file": join(folder, "data/file.txt/x"),
    "/missing": join(folder, "data/missing"),
    "/dangling": join(folder, "dangling"),
  });
  expect(pathOf("/data")).not.toContain(folder);
  expect(pathOf("/file")).toBe(join(folder, "data/file.txt"));
  expect(pathOf("/below-file")).toBe(join(folder, "data/file.txt/x"));
  expect(pathOf("/missing")).toBe(join(folder, "data/missing"));
  expect(pathOf("/dangling")).toBe(join(folder, "dangling"));
});

test("a run that is granted no directory has no folder made for it", () => {
  vi.stubEnv("TMPDIR", "/nowhere");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => stage({})).not.toThrow();
});

test("a copy goes away with directories in it that nobody may change", async () => {
  const folder = await folderWith({ "locked/deep/file.txt": "" });
  for (const path of ["locked/deep", "locked", "."]) chmodSync(join(folder, path), 0o555);
  onTestFinished(() => ["locked", "locked/deep", "."].forEach((path) => chmodSync(join(folder, path), 0o755)));
  asAnyone(() => {
    const { opened, pathOf } = stage({ "/data": folder });
    const copy = pathOf("/data");
    // All that a guest or its host could leave behind.
    chmodSync(copy, 0o755);
    mkdirSync(join(copy, "none/deep"), { recursive: true });
    chmodSync(join(copy, "none"), 0);
    expect(() => rmSync(copy, { recursive: true })).toThrow(/EACCES|ENOTEMPTY/);
    opened.close();
    expect(existsSync(join(copy, ".."))).toBe(false);
  });
});

/** What a run is refused for; nothing of it stays in the folder for temporary files, which is one of its own. */
async function refusal(directory: string): Promise<string> {
  const temporary = await folderWith({});
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const message = refusalOf(() => stage({ "/data": directory }));
  expect(readdirSync(temporary)).toEqual([]);
  return message;
}

function refusalOf(task: () => unknown): string {
  try {
    task();
    return "not refused";
  } catch (error) {
    if (error instanceof ManifestError) return error.message;
    throw error;
  }
}

const specialIs = (what: string): string =>
  `is ${what}. A run gets copies of its directories, and only files, directories and links can be copied.\n` +
  "Remove it, or grant a directory that does not hold it.";

test("a named pipe is refused by its name, and not waited for", async () => {
  const folder = await folderWith({ "a.txt": "", "sub/": "" });
  spawnSync("mkfifo", [join(folder, "sub/pipe")]);
  await expect(refusal(folder)).resolves.toBe(`${folder}/sub/pipe ${specialIs("a named pipe")}`);
});

test("a socket is refused by its name", async () => {
  const folder = await folderWith({});
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(join(folder, "socket"), resolve);
  });
  onTestFinished(() => void server.close());
  await expect(refusal(folder)).resolves.toBe(`${folder}/socket ${specialIs("a socket")}`);
});

test("a device is refused by its name", async () => {
  await expect(refusal("/dev/pts")).resolves.toMatch(/^\/dev\/pts\/\S+ is a device\. A run gets copies/);
});

test.each<[what: string, mode: number, at: string, named: string]>([
  ["a file that can't be read", 0o222, "sub/file.txt", "sub/file.txt"],
  ["a directory that can't be listed", 0o333, "sub", "sub"],
  ["a directory that can't be entered", 0o666, "sub", "sub/file.txt"],
])("%s is refused by its name", async (_, mode, at, named) => {
  const folder = await folderWith({ "sub/file.txt": "" });
  chmodSync(folder, 0o755);
  chmodSync(join(folder, at), mode);
  onTestFinished(() => chmodSync(join(folder, at), 0o700));
  const message = asAnyone(() => refusalOf(() => stage({ "/data": folder })));
  expect(message).toBe(`${folder}/${named} can't be copied for a run (EACCES).`);
});

test.each(["/", tmpdir()])("%s can't be granted: a copy of it would hold itself", (path) => {
  const real = realpathSync(path);
  expect(() => stage({ "/data": path })).toThrow(
    new ManifestError(
      `${real} can't be copied for a run: the copy would lie inside it, in ${realpathSync(tmpdir())}.\n` +
        "Grant a directory further down, or name another place for temporary files in TMPDIR.",
    ),
  );
});

test("without a place for temporary files there is no run, and the message says how to name one", async () => {
  const folder = await folderWith({});
  const none = join(folder, "none");
  vi.stubEnv("TMPDIR", none);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => stage({ "/data": folder })).toThrow(
    new ManifestError(
      `A run gets copies of its directories, and there is no place for them: ${none} can't be written (ENOENT).\n` +
        "Name another place for temporary files in TMPDIR.",
    ),
  );
});
