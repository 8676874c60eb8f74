import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hostDirectory } from "@wasi-kit/wasi/node";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";
import type { Files } from "../../../manifest/test/helpers/folder.ts";
import { compareFileSystems, listEntries } from "../../src/differences/compare.ts";
import type { Difference } from "../../src/differences/compare.ts";
import { describeDifference, describeEntry } from "../../src/differences/describe.ts";

const compareTrees = (before: string, after: string): Difference[] =>
  compareFileSystems(hostDirectory(before), hostDirectory(after));

async function compared(before: Files, after: Files): Promise<Difference[]> {
  return compareTrees(await folderWith(before), await folderWith(after));
}

const told = async (before: Files, after: Files): Promise<string[]> =>
  (await compared(before, after)).map((change) => describeDifference(change));

/** 200,000 bytes, one of them another one. */
const large = (at: number): Buffer => Buffer.alloc(200_000, "-").fill("x", at, at + 1);

test.each<[what: string, before: Files, after: Files, lines: string[]]>([
  ["nothing", {}, {}, []],
  [
    "nothing among much",
    { a: "a", "b/c": "c", d: { to: "a" }, "e/": "", f: large(1) },
    { a: "a", "b/c": "c", d: { to: "a" }, "e/": "", f: large(1) },
    [],
  ],
  ["a new file", {}, { "new.txt": "a\n" }, ["added   new.txt: 2 bytes"]],
  ["a new file without content", {}, { "new.txt": "" }, ["added   new.txt: 0 bytes"]],
  ["a new file of one byte", {}, { "new.txt": "a" }, ["added   new.txt: 1 byte"]],
  ["a new directory", {}, { "new/": "" }, ["added   new (directory)"]],
  ["a new link", {}, { new: { to: "../a b" } }, ['added   new -> "../a b"']],
  ["a file that is gone", { "a.txt": "abc" }, {}, ["removed a.txt: 3 bytes"]],
  ["a link that is gone", { a: { to: "b" } }, {}, ["removed a -> b"]],
  [
    "a directory that is gone",
    { "a/b/c.txt": "" },
    {},
    ["removed a (directory)", "removed a/b (directory)", "removed a/b/c.txt: 0 bytes"],
  ],
  ["a longer file", { a: "a" }, { a: "ab" }, ["changed a: 2 bytes, was 1"]],
  ["a shorter file", { a: "ab" }, { a: "a" }, ["changed a: 1 byte, was 2"]],
  ["an emptied file", { a: "ab" }, { a: "" }, ["changed a: 0 bytes, was 2"]],
  ["a file as long as it was", { a: "abc" }, { a: "adc" }, ["changed a: 3 bytes"]],
  ["a link that leads elsewhere", { a: { to: "b" } }, { a: { to: "c" } }, ["changed a -> c, was -> b"]],
  [
    "a file for a link to the same",
    { a: "x", b: { to: "a" } },
    { a: "x", b: "x" },
    ["removed b -> a", "added   b: 1 byte"],
  ],
  [
    "a directory for a file",
    { a: "x" },
    { "a/b": "x" },
    ["removed a: 1 byte", "added   a (directory)", "added   a/b: 1 byte"],
  ],
  [
    "another name",
    { "old/a": "x" },
    { "new/a": "x" },
    ["added   new (directory)", "added   new/a: 1 byte", "removed old (directory)", "removed old/a: 1 byte"],
  ],
  [
    "names by their bytes",
    {},
    { é: "", "🦀": "", ａ: "", "a.b": "", B: "", "a b": "", "a/x": "" },
    [
      "added   B: 0 bytes",
      "added   a (directory)",
      'added   "a b": 0 bytes',
      "added   a.b: 0 bytes",
      "added   a/x: 0 bytes",
      "added   é: 0 bytes",
      "added   ａ: 0 bytes",
      "added   🦀: 0 bytes",
    ],
  ],
  [
    "what a name hides",
    {},
    { "a\nadded   b": "", "\x1b[2J": "" },
    ['added   "\\u001b[2J": 0 bytes', 'added   "a\\nadded   b": 0 bytes'],
  ],
])("what is different: %s", async (_, before, after, lines) => {
  expect(await told(before, after)).toEqual(lines);
});

test("a prefix comes before the path", () => {
  expect(describeDifference({ path: "a b", after: { kind: "directory" } }, "/data/")).toBe(
    'added   "/data/a b" (directory)',
  );
});

test("all that is in a directory, by the bytes of the paths", async () => {
  const folder = await folderWith({ "a/x": "x", "a.b": "", B: { to: "a" }, "🦀": "", ａ: "" });
  chmodSync(join(folder, "a/x"), 0o755);
  expect(listEntries(hostDirectory(folder)).map(({ path, entry }) => describeEntry(path, entry))).toEqual([
    "B -> a",
    "a (directory)",
    "a.b: 0 bytes",
    "a/x: 1 byte, executable",
    "ａ: 0 bytes",
    "🦀: 0 bytes",
  ]);
});

test("as data: what was there, what is there, and where a file begins to differ", async () => {
  const file = { kind: "file", bytes: 3, executable: false };
  expect(await compared({ a: "abc", b: { to: "c" }, "d/": "" }, { a: "abd", b: { to: "e" } })).toEqual([
    {
      path: "a",
      before: { ...file, sha256: expect.stringMatching(/^ba7816bf/), content: new TextEncoder().encode("abc") },
      after: { ...file, sha256: expect.stringMatching(/^a52d159f/), content: new TextEncoder().encode("abd") },
      differsAt: 2,
    },
    { path: "b", before: { kind: "link", to: "c" }, after: { kind: "link", to: "e" } },
    { path: "d", before: { kind: "directory" } },
  ]);
});

test.each<[before: string | Buffer, after: string | Buffer, at: number]>([
  ["", "a", 0],
  ["a", "", 0],
  ["ab", "abc", 2],
  ["abc", "ab", 2],
  ["abc", "xbc", 0],
  [large(0), large(1), 0],
  [large(65_535), large(199_999), 65_535],
  [large(65_536), large(199_999), 65_536],
  [large(199_999), large(199_998), 199_998],
  [Buffer.alloc(65_536), Buffer.alloc(65_537), 65_536],
])("files begin to differ where the first byte does", async (before, after, at) => {
  expect(await compared({ file: before }, { file: after })).toMatchObject([{ differsAt: at }]);
});

test("content is kept up to 64 KiB, and hashed up to 64 MiB", async () => {
  const [before, after] = [
    await folderWith({}),
    await folderWith({ kept: Buffer.alloc(65_536), hashed: Buffer.alloc(65_537) }),
  ];
  // It takes no room on disk, and would take long to read.
  writeFileSync(join(after, "vast"), "");
  truncateSync(join(after, "vast"), 2 ** 40);
  const found = compareTrees(before, after).map(({ path, after: entry }) =>
    entry?.kind === "file" ? [path, entry.sha256 !== undefined, entry.content?.length] : [],
  );
  expect(found).toEqual([
    ["hashed", true, undefined],
    ["kept", true, 65_536],
    ["vast", false, undefined],
  ]);
});

test("a file that grew beyond all bounds is read as far as it was", async () => {
  const [before, after] = [await folderWith({ vast: "ab" }), await folderWith({ vast: "ab" })];
  truncateSync(join(after, "vast"), 2 ** 40);
  const changes = compareTrees(before, after);
  expect(changes).toMatchObject([{ differsAt: 2 }]);
  expect(changes.map((change) => describeDifference(change))).toEqual(["changed vast: 1099511627776 bytes, was 2"]);
});

test("of a mode, only whether a file can be executed", async () => {
  const files = { gained: "x", lost: "x", both: "x", "dir/": "" };
  const [before, after] = [await folderWith(files), await folderWith({ ...files, both: "xy", new: "x" })];
  for (const path of [join(before, "lost"), join(before, "both"), join(after, "gained"), join(after, "new")])
    chmodSync(path, 0o744);
  chmodSync(join(after, "dir"), 0o700);
  chmodSync(join(after, "lost"), 0o600);
  expect(compareTrees(before, after).map((change) => describeDifference(change))).toEqual([
    "changed both: 2 bytes, was 1, no longer executable",
    "changed gained: 1 byte, now executable",
    "changed lost: 1 byte, no longer executable",
    "added   new: 1 byte, executable",
  ]);
});

test("times do not count, even those of a file that was written anew", async () => {
  const [before, after] = [await folderWith({ a: "x", "b/": "" }), await folderWith({ a: "x", "b/": "" })];
  utimesSync(join(after, "a"), 1, 1);
  utimesSync(join(after, "b"), 1, 1);
  expect(compareTrees(before, after)).toEqual([]);
});

test("names that are no text are shown as far as they are", async () => {
  const [before, after] = [await folderWith({}), await folderWith({})];
  mkdirSync(Buffer.concat([Buffer.from(`${after}/`), Buffer.from([0x61, 0xff])]));
  expect(compareTrees(before, after)).toEqual([{ path: "a\ufffd", after: { kind: "directory" } }]);
});

test("a named pipe is told as what it is, and not waited for", async () => {
  const [before, after] = [await folderWith({}), await folderWith({})];
  spawnSync("mkfifo", [join(after, "pipe")]);
  expect(compareTrees(before, after).map((it) => describeDifference(it))).toEqual([
    "added   pipe (named pipe, socket or device)",
  ]);
});
