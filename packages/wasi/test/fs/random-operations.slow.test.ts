import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { errnoNames } from "../../src/abi/errno.ts";
import { filetype } from "../../src/abi/layouts.ts";
import { applyChanges } from "../../src/fs/apply-changes.ts";
import { copyOnWrite } from "../../src/fs/copy-on-write.ts";
import { openFlags } from "../../src/fs/file-system.ts";
import type { DirectoryHandle, FileHandle, FileSystem, Filestat, NewTimes } from "../../src/fs/file-system.ts";
import { memory } from "../../src/fs/memory.ts";
import { hostDirectory } from "../../src/node/host-directory.ts";
import { spillFile } from "../../src/node/spill-file.ts";
import { WasiError } from "../../src/wasi-error.ts";
import { openDescriptors } from "../support/file-systems.ts";
import { digest, hostSnapshot, justNow, setTime, snapshotOf } from "../support/snapshot.ts";

/** `WASI_KIT_FUZZ_RUNS=10000 npx vitest run …` for more; `WASI_KIT_FUZZ_SEED` repeats a failure. */
const runs = Number(process.env["WASI_KIT_FUZZ_RUNS"] ?? 150);
const seed = process.env["WASI_KIT_FUZZ_SEED"];

let directory: string;
let base: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "wasi-kit-random-"));
  base = join(directory, "base");
  mkdirSync(base);
  populate(hostDirectory(base));
});
afterAll(() => rmSync(directory, { recursive: true }));

const read = openFlags.read;
const write = openFlags.write;
const create = openFlags.create;

const seconds = (time: number): bigint => BigInt(time) * 1_000_000_000n;

function createFile(parent: DirectoryHandle, name: string, content: Uint8Array): void {
  const handle = parent.open(name, write | create) as FileHandle;
  handle.write([content], 0);
  handle.close();
}

/** What all of them begin with. */
function populate(fileSystem: FileSystem): void {
  const root = fileSystem.open();
  root.createDirectory("a");
  const a = root.openDirectory("a");
  a.createDirectory("b");
  const b = a.openDirectory("b");
  a.createDirectory("c");
  root.createDirectory("d");
  const d = root.openDirectory("d");
  createFile(root, "c", Buffer.from("text"));
  createFile(a, "a", Buffer.alloc(140_000, 7));
  createFile(b, "\xe9\xff", Buffer.alloc(3, 8));
  createFile(b, "c", Buffer.alloc(0));
  createFile(d, "a", Buffer.alloc(65_536, 9));
  root.symlink("a/b", "b");
  d.symlink("nowhere", "d");
  d.link("a", b, "d");
  root.link("b", d, "b");
  for (const [parent, name, time] of [
    [root, "c", 1],
    [a, "a", 2],
    [b, "c", 3],
    [d, "a", 4],
    [d, "d", 5],
    [a, "b", 6],
    [root, "a", 7],
    [root, "d", 8],
  ] as const) {
    parent.setTimesOf(name, { atim: seconds(time), mtim: seconds(time) });
  }
  root.setTimes({ mtim: seconds(9) });
  root.close();
}

/** A path from the root, or from a directory that is kept open. */
interface Path {
  readonly from: number | undefined;
  readonly directories: readonly string[];
  readonly name: string;
}

interface Subject {
  readonly root: DirectoryHandle;
  readonly directories: (DirectoryHandle | undefined)[];
  readonly files: (FileHandle | undefined)[];
}

const subjectOf = (fileSystem: FileSystem): Subject => ({ root: fileSystem.open(), directories: [], files: [] });

type Operation = (subject: Subject) => unknown;

/** Goes to the directory of a path, and closes what it opened for it. */
function at<T>({ root, directories: kept }: Subject, path: Path, use: (parent: DirectoryHandle, name: string) => T): T {
  let here = (path.from === undefined ? undefined : kept[path.from]) ?? root;
  const opened: DirectoryHandle[] = [];
  try {
    for (const name of path.directories) {
      here = here.openDirectory(name);
      opened.push(here);
    }
    return use(here, path.name);
  } finally {
    for (const handle of opened) handle.close();
  }
}

const look = (stat: Filestat | undefined): unknown =>
  stat && [
    stat.filetype,
    stat.nlink,
    stat.filetype === filetype.directory ? "" : stat.size,
    setTime(stat.mtim),
    // The rest is up to the umask of whoever runs the test.
    stat.mode !== undefined && stat.mode & 0o100,
  ];

const withFile = <T>(subject: Subject, path: Path, flags: number, use: (file: FileHandle) => T): T | string =>
  at(subject, path, (parent, name) => {
    const handle = parent.open(name, flags);
    try {
      return handle.kind === "file" ? use(handle) : handle.kind;
    } finally {
      handle.close();
    }
  });

const reading = (file: FileHandle, length: number, offset: number): string => {
  const [one, two] = [Buffer.alloc(length / 2, "?"), Buffer.alloc(length / 2, "?")];
  const count = file.read([one, two], offset);
  return digest(Buffer.concat([one, two]).subarray(0, count));
};

const name = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom("a", "b", "c", "d", "\xe9\xff") },
  { weight: 1, arbitrary: fc.constant("n".repeat(256)) },
);
const slot = fc.nat(1);
const path: fc.Arbitrary<Path> = fc.record({
  from: fc.option(slot, { nil: undefined, freq: 4 }),
  directories: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<string[]>([], ["a"], ["d"], ["a", "b"], ["a", "c"]) },
    { weight: 1, arbitrary: fc.array(name, { maxLength: 3 }) },
  ),
  name,
});
const offset = fc.constantFrom(0, 1, 3, 100, 65_530, 65_536, 131_072, 200_000);
const bytes = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(0, 1, 5, 20, 65_540, 140_000))
  .map(([byte, length]) => new Uint8Array(length).fill(byte));
const access = fc.constantFrom(read, write, read | write);
const flags = fc
  .tuple(access, fc.subarray([create, openFlags.exclusive, openFlags.truncate, openFlags.append]))
  .map(([first, others]) => others.reduce((all, flag) => all | flag, first));
const status = fc.constantFrom(0, openFlags.append);
const times: fc.Arbitrary<NewTimes> = fc
  .record({ atim: fc.integer({ min: 10, max: 1e9 }), mtim: fc.integer({ min: 10, max: 1e9 }) }, { requiredKeys: [] })
  .map((it) => Object.fromEntries(Object.entries(it).map(([key, time]) => [key, seconds(time) + 123_456_000n])));
const target = fc.constantFrom("a", "../d", "/etc/passwd", "\xff", "");

/** What is done. A failure shows it as text. */
interface Named {
  readonly [fc.toStringMethod]: () => string;
  readonly run: Operation;
}

function operation<T extends unknown[]>(
  text: string,
  given: { [K in keyof T]: fc.Arbitrary<T[K]> },
  run: (subject: Subject, ...values: T) => unknown,
): fc.Arbitrary<Named> {
  return fc.tuple(...given).map((values) => ({
    [fc.toStringMethod]: () => `${text}(${values.map((value) => shown(value)).join(", ")})`,
    run: (subject) => run(subject, ...(values as unknown as T)),
  }));
}

const shown = (value: unknown): string =>
  value instanceof Uint8Array
    ? digest(value)
    : JSON.stringify(value, (_, it: unknown) => (typeof it === "bigint" ? `${it}` : it));

const operations = fc.oneof(
  operation("lookup", [path], (subject, p) => at(subject, p, (parent, it) => look(parent.lookup(it)))),
  operation("list", [path], (subject, p) =>
    at(subject, p, (parent) => parent.list().map((entry) => [entry.name, entry.filetype])),
  ),
  operation("stat", [path], (subject, p) => at(subject, p, (parent) => look(parent.stat()))),
  operation("open", [path, flags], (subject, p, f) => withFile(subject, p, f, (file) => look(file.stat()))),
  operation("openAs", [path, flags], (subject, p, f) => withFile(subject, p, f | openFlags.directory, () => "file")),
  operation("read", [path, offset], (subject, p, from) =>
    withFile(subject, p, read, (file) => reading(file, 140_000, from)),
  ),
  operation("write", [path, bytes, offset], (subject, p, data, from) =>
    withFile(subject, p, write, (file) => file.write([data, data.subarray(0, 3)], from)),
  ),
  operation("create", [path, bytes, offset], (subject, p, data, from) =>
    withFile(subject, p, write | create, (file) => file.write([data], from)),
  ),
  operation("append", [path, bytes], (subject, p, data) =>
    withFile(subject, p, write | openFlags.append, (file) => file.append([data])),
  ),
  operation("setSize", [path, offset], (subject, p, size) => withFile(subject, p, write, (file) => file.setSize(size))),
  operation("rename", [path, path], (subject, p, q) =>
    at(subject, p, (parent, it) => at(subject, q, (to, newName) => parent.rename(it, to, newName))),
  ),
  operation("rename", [path, path], (subject, p, q) =>
    at(subject, p, (parent, it) => at(subject, q, (to, newName) => parent.rename(it, to, newName))),
  ),
  operation("link", [path, path], (subject, p, q) =>
    at(subject, p, (parent, it) => at(subject, q, (to, newName) => parent.link(it, to, newName))),
  ),
  operation("symlink", [target, path], (subject, to, p) => at(subject, p, (parent, it) => parent.symlink(to, it))),
  operation("readlink", [path], (subject, p) => at(subject, p, (parent, it) => parent.readlink(it))),
  operation("createDirectory", [path], (subject, p) => at(subject, p, (parent, it) => parent.createDirectory(it))),
  operation("removeDirectory", [path], (subject, p) => at(subject, p, (parent, it) => parent.removeDirectory(it))),
  operation("unlink", [path], (subject, p) => at(subject, p, (parent, it) => parent.unlink(it))),
  operation("unlink", [path], (subject, p) => at(subject, p, (parent, it) => parent.unlink(it))),
  operation("setTimesOf", [path, times], (subject, p, t) => at(subject, p, (parent, it) => parent.setTimesOf(it, t))),
  operation("setTimes", [path, times], (subject, p, t) => at(subject, p, (parent) => parent.setTimes(t))),

  operation("keepDirectory", [slot, path], (subject, i, p) => {
    const handle = at(subject, p, (parent, it) => parent.openDirectory(it));
    subject.directories[i]?.close();
    subject.directories[i] = handle;
  }),
  operation("keepFile", [slot, path, flags], (subject, i, p, f) => {
    const handle = at(subject, p, (parent, it) => parent.open(it, f));
    if (handle.kind === "directory") return handle.close();
    subject.files[i]?.close();
    subject.files[i] = handle;
    return "file";
  }),
  operation("keepWritten", [slot, path], (subject, i, p) => {
    const handle = at(subject, p, (parent, it) => parent.open(it, read | write | create)) as FileHandle;
    subject.files[i]?.close();
    subject.files[i] = handle;
  }),
  operation("statKept", [slot], (subject, i) => look(subject.files[i]?.stat())),
  operation(
    "readKept",
    [slot, offset],
    (subject, i, from) => subject.files[i] && reading(subject.files[i], 70_000, from),
  ),
  operation("writeKept", [slot, bytes, offset], (subject, i, data, from) => subject.files[i]?.write([data], from)),
  operation("setSizeKept", [slot, offset], (subject, i, size) => subject.files[i]?.setSize(size)),
  operation("setTimesKept", [slot, times], (subject, i, t) => subject.files[i]?.setTimes(t)),
  operation("setFlagsKept", [slot, status], (subject, i, f) => subject.files[i]?.setFlags(f)),
  operation("closeKept", [slot], (subject, i) => {
    subject.files[i]?.close();
    subject.files[i] = undefined;
  }),
);

/** Its result: a value, or an errno. */
function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof WasiError) return errnoNames[error.errno];
    throw error;
  }
}

let hosts = 0;

const newHost = (): FileSystem => {
  const copy = join(directory, `host-${++hosts}`);
  mkdirSync(copy);
  const fileSystem = hostDirectory(copy);
  populate(fileSystem);
  return fileSystem;
};

const newMemory = (): FileSystem => {
  const fileSystem = memory();
  populate(fileSystem);
  return fileSystem;
};

/** What is in the folder of the base, to the time of each change. */
let baseBefore: string[];
beforeAll(() => {
  baseBefore = hostSnapshot(base, { withContents: false });
});

/** Changes tell the times that were set, and not those of names that came and went: a directory then keeps its time. */
const withTimesSetIn = (tree: readonly string[], copy: readonly string[]): string[] =>
  copy.map((line, i) => (tree[i]?.includes(justNow) ? line.replace(/\b\d{7,}\b/, justNow) : line));

/** Does the same with all of them, and compares the result of each step, the trees, and the changes. */
function compare(sequence: readonly Named[], count: number): void {
  const oracle = newHost();
  const spill = { spill: () => spillFile(), spillBytes: 10_000 };
  const views = {
    "copy-on-write over host": copyOnWrite(hostDirectory(base), count % 2 ? {} : spill),
    "copy-on-write over memory": copyOnWrite(newMemory()),
    "copy-on-write over copy-on-write": copyOnWrite(copyOnWrite(hostDirectory(base))),
  };
  const fileSystems = { memory: newMemory(), ...views };
  const expected = subjectOf(oracle);
  const subjects = Object.entries(fileSystems).map(([text, it]) => [text, subjectOf(it)] as const);
  try {
    for (const { run } of sequence) {
      const result = outcome(() => run(expected));
      for (const [text, subject] of subjects) expect([text, outcome(() => run(subject))]).toEqual([text, result]);
    }
  } finally {
    for (const subject of [expected, ...subjects.map(([, it]) => it)]) subject.root.close();
  }

  const tree = snapshotOf(oracle);
  for (const [text, it] of Object.entries(fileSystems)) expect([text, ...snapshotOf(it)]).toEqual([text, ...tree]);
  for (const [text, view] of Object.entries(views)) {
    const changes = count % 3 ? structuredClone(view.changes()) : view.changes({ copy: false });
    const copy = count % 10 ? newMemory() : newHost();
    applyChanges(changes, copy);
    expect([text, ...withTimesSetIn(tree, snapshotOf(copy))]).toEqual([text, ...tree]);
    view.close();
  }
  expect(hostSnapshot(base, { withContents: false })).toEqual(baseBefore);
}

test(`a host directory, memory and copy-on-write views do the same in ${runs} random sequences`, () => {
  const before = hostSnapshot(base);
  const descriptors = openDescriptors();
  let count = 0;
  const sequences = fc.array(operations, { minLength: 1, maxLength: 60, size: "max" });
  fc.assert(
    fc.property(sequences, (sequence) => {
      try {
        compare(sequence, count++);
      } finally {
        for (const it of readdirSync(directory)) if (it !== "base") rmSync(join(directory, it), { recursive: true });
      }
      expect(openDescriptors()).toBe(descriptors);
    }),
    { numRuns: runs, ...(seed !== undefined && { seed: Number(seed) }) },
  );
  expect(hostSnapshot(base)).toEqual(before);
}, 3_600_000);
