import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { applyChanges, bytesSource, memory, symlink } from "@wasi-kit/wasi";
import { oflags } from "@wasi-kit/wasi/abi";
import { hostDirectory } from "@wasi-kit/wasi/node";
import { describe, expect, test } from "vitest";
import { describeDifference } from "../../src/differences/describe.ts";
import { listDifferences } from "../../src/differences/list-differences.ts";
import type { RunOptions } from "../../src/options.ts";
import { createPool } from "../../dist/index.js";
import { copyOnWrite } from "../../src/preopens/copy-on-write.ts";
import { run } from "../../src/run.ts";
import { runCalls } from "../helpers/run-calls.ts";
import type { Answers, Call } from "../helpers/run-calls.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";

const write = 64n; // fd_write
const create = (fd: number, path: string): Call => ["path_open", fd, 0, path, oflags.creat, write, 0n, 0, 0];
const exists = (fd: number, path: string): Call => ["path_filestat_get", fd, 0, path, 64];

/** What a run changed, a line each, by guest path. */
function linesOf({ result }: Answers, preopens: NonNullable<RunOptions["preopens"]>): Record<string, string[]> {
  const listed = listDifferences(result.changes ?? {}, preopens);
  return Object.fromEntries(listed.map(([guestPath, found]) => [guestPath, found.map((it) => describeDifference(it))]));
}

describe("copy-on-write", () => {
  const tree = { "a.txt": "a", dir: { "b.txt": "b", "c.txt": "c" }, link: { to: "a.txt" } };

  test("the directory stays as it is, and what the guest changed is in the result", async () => {
    const host = makeTree(tree);
    const before = statSync(host, { bigint: true });
    const preopens = { "/data": { path: host, access: "copy-on-write" } } as const;
    const answers = await runCalls(
      [
        create(3, "new.txt"),
        ["path_unlink_file", 3, "a.txt"],
        ["path_rename", 3, "dir", 3, "moved"],
        exists(3, "moved/b.txt"),
        ["path_symlink", "moved/c.txt", 3, "other"],
        exists(3, "a.txt"),
      ],
      { preopens },
    );
    expect(answers.errors).toEqual(["success", "success", "success", "success", "success", "noent"]);
    expect(statSync(host, { bigint: true })).toEqual(before);
    expect(readdirSync(host)).toEqual(["a.txt", "dir", "link"]);
    expect(linesOf(answers, preopens)).toEqual({
      "/data": [
        "removed a.txt: 1 byte",
        "removed dir (directory)",
        "removed dir/b.txt: 1 byte",
        "removed dir/c.txt: 1 byte",
        "added   moved (directory)",
        "added   moved/b.txt: 1 byte",
        "added   moved/c.txt: 1 byte",
        "added   new.txt: 0 bytes",
        "added   other -> moved/c.txt",
      ],
    });
    const copy = makeTree(tree);
    applyChanges(answers.result.changes!["/data"]!, hostDirectory(copy));
    expect(readdirSync(copy, { recursive: true }).toSorted()).toEqual([
      "link",
      "moved",
      "moved/b.txt",
      "moved/c.txt",
      "new.txt",
      "other",
    ]);
  });

  test("directories that are the same, or in one another, are one", async () => {
    const host = makeTree({ sub: { "a.txt": "a" }, other: {} });
    const preopens = {
      "/sub": { path: join(host, "sub"), access: "copy-on-write" },
      "/all": { path: host, access: "copy-on-write" },
      "/again": { path: join(host, "sub"), access: "read-only" },
      "/other": { path: join(host, "other"), access: "read-only" },
    } as const;
    const answers = await runCalls(
      [
        create(3, "new.txt"),
        exists(4, "sub/new.txt"),
        exists(5, "new.txt"),
        create(5, "not.txt"),
        ["path_rename", 3, "new.txt", 4, "other/new.txt"],
        exists(6, "new.txt"),
      ],
      { preopens },
    );
    expect(answers.errors).toEqual(["success", "success", "success", "rofs", "success", "success"]);
    expect(Object.keys(answers.result.changes ?? {})).toEqual(["/all"]);
    expect(linesOf(answers, preopens)).toEqual({
      "/sub": [],
      "/all": ["added   other/new.txt: 0 bytes"],
      "/again": [],
      "/other": ["added   new.txt: 0 bytes"],
    });
    expect(readdirSync(host, { recursive: true }).toSorted()).toEqual(["other", "sub", "sub/a.txt"]);
  });

  test("a directory that is written itself can't be part of a view", async () => {
    const host = makeTree({ sub: {} });
    const preopens = { "/a": { path: host, access: "copy-on-write" as const }, "/b": join(host, "sub") };
    await expect(runCalls([], { preopens })).rejects.toMatchObject({
      code: "E_PREOPEN",
      message: expect.stringMatching(/^The preopens \/a and \/b overlap on the host/),
    });
  });

  test("a view of one's own lasts from run to run", async () => {
    const host = makeTree({});
    const view = copyOnWrite(host);
    await runCalls([create(3, "new.txt")], { preopens: { "/": view } });
    const { errors, result } = await runCalls([exists(3, "new.txt")], { preopens: { "/": view } });
    expect([errors, result.changes, readdirSync(host)]).toEqual([["success"], undefined, []]);
    expect(view.changes()).toMatchObject([{ kind: "added", path: "new.txt" }]);
    view.close();
  });
});

describe("files in memory", () => {
  test("are there in each run anew, and what the guest changed is in the result", async () => {
    const preopens = { "/data": { files: { "a.txt": "a", dir: { link: symlink("../a.txt") } } } };
    for (let i = 0; i < 2; i++) {
      const answers = await runCalls(
        [exists(3, "new.txt"), create(3, "new.txt"), ["path_filestat_get", 3, 1, "dir/link", 64]],
        { preopens },
      );
      expect(answers.errors).toEqual(["noent", "success", "success"]);
      expect(linesOf(answers, preopens)).toEqual({ "/data": ["added   new.txt: 0 bytes"] });
    }
  });

  test("for reading only", async () => {
    const preopens = { "/data": { files: { "a.txt": "a" }, access: "read-only" as const } };
    const { errors } = await runCalls([create(3, "new.txt"), exists(3, "a.txt")], { preopens });
    expect(errors).toEqual(["rofs", "success"]);
  });

  test("a file system of one's own keeps what a run did", async () => {
    const files = memory({ "a.txt": "a" });
    const { errors } = await runCalls([create(3, "new.txt"), ["path_unlink_file", 3, "a.txt"]], {
      preopens: { "/data": files },
    });
    expect([errors, Object.keys(files.tree())]).toEqual([["success", "success"], ["new.txt"]]);
    const reading = { "/data": { fileSystem: files, access: "read-only" as const } };
    expect((await runCalls([["path_unlink_file", 3, "new.txt"]], { preopens: reading })).errors).toEqual(["rofs"]);
  });
});

describe("in a pool", () => {
  const module = "examples/wat/write-file/build/write-file.wasm";
  const args = ["create", "/data/new.txt", "written in a worker\n"];

  test("changes come back from the worker", async () => {
    const pool = createPool({ size: 1 });
    const host = makeTree({});
    const view = { "/data": { path: host, access: "copy-on-write" as const } };
    const [onView, inMemory] = await Promise.all([
      pool.run(module, { args, preopens: view }),
      pool.run(module, { args, preopens: { "/data": { files: {} } } }),
    ]);
    await pool.close();
    for (const { changes } of [onView, inMemory]) {
      const target = memory();
      applyChanges(changes!["/data"]!, target);
      expect(Buffer.from(target.readFile("new.txt")).toString()).toBe("written in a worker\n");
    }
    expect(readdirSync(host)).toEqual([]);
  });

  test("a file system of this thread is refused", async () => {
    const pool = createPool({ size: 1 });
    await expect(pool.run(module, { preopens: { "/data": memory() } })).rejects.toMatchObject({
      code: "E_OPTION",
      message: expect.stringContaining("/data is an object of this thread"),
    });
    await pool.close();
  });
});

test.each([
  [{ path: ".", access: "readonly" }, '"read-only", "read-write" or "copy-on-write"'],
  [{ files: {}, access: "copy-on-write" }, '"read-only" or "read-write"'],
])("an access that there is not is refused: %j", async (granted, allowed) => {
  await expect(run(new Uint8Array(), { preopens: { "/": granted as never } })).rejects.toMatchObject({
    code: "E_PREOPEN",
    message: expect.stringContaining(`It can be ${allowed}.`),
  });
});

test("a file that is stdin, and a source of one's own", async () => {
  const host = makeTree({ "in.txt": "from a file" });
  const module = "examples/wat/stdin-filter/build/stdin-filter.wasm";
  const [file, source] = await Promise.all([
    run(module, { stdin: { file: join(host, "in.txt") } }),
    run(module, { stdin: bytesSource(readFileSync(join(host, "in.txt"))) }),
  ]);
  expect(file.stdout).toBe(source.stdout);
  expect(file.stdout).not.toBe("");
});
