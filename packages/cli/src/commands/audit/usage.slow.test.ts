import { expect, test } from "vitest";
import { rights } from "../../../../wasi/src/abi/index.ts";
import { runCalls } from "../../../../runner/test/helpers/run-calls.ts";
import type { Call } from "../../../../runner/test/helpers/run-calls.ts";
import { makeTree } from "../../../../wasm/test/helpers/tree.ts";
import { watchUsage } from "./usage.ts";
import type { Usage } from "./usage.ts";

/** What a guest that makes these calls uses: 3 is the preopen /d, 4 the preopen /ro. */
async function usageOf(...calls: readonly Call[]): Promise<Usage> {
  const preopens = {
    "/d": makeTree({ "a.txt": "01234", sub: {} }),
    "/ro": { path: makeTree({ "a.txt": "01234" }), access: "read-only" },
  } as const;
  const watch = watchUsage();
  await runCalls(calls, { args: ["x"], env: { A: "1" }, preopens, stdin: "in", trace: watch.add });
  return watch.usage();
}

const open = (fd: number, path: string, right: Parameters<typeof rights>[0], oflags = 0): Call => [
  "path_open",
  fd,
  0,
  path,
  oflags,
  BigInt(rights(right)),
  0n,
  0,
  256,
];
const [creat, trunc] = [1, 8];

test.each<[what: string, calls: Call[], reached: string[], openedForWriting: string[], changed: string[]]>([
  ["makes no call", [], [], [], []],
  [
    "only enumerates",
    [
      ["fd_prestat_get", 3, 0],
      ["fd_prestat_dir_name", 3, 0, 2],
      ["fd_fdstat_get", 3, 0],
      ["fd_close", 4],
    ],
    [],
    [],
    [],
  ],
  ["lists", [["fd_readdir", 3, 512, 300, 0n, 8]], ["/d"], [], []],
  ["looks up in vain", [["path_filestat_get", 4, 0, "none", 0]], ["/ro"], [], []],
  ["reads", [open(3, "a.txt", "fd_read"), ["fd_read", 5, 0, 0, 8]], ["/d"], [], []],
  ["opens for writing", [open(3, "a.txt", "fd_write")], ["/d"], ["/d"], []],
  ["writes", [open(3, "a.txt", "fd_write"), ["fd_write", 5, 0, 0, 8]], ["/d"], ["/d"], ["/d"]],
  ["creates", [open(3, "new", "fd_read", creat)], ["/d"], [], ["/d"]],
  ["empties", [open(3, "a.txt", "fd_read", trunc)], ["/d"], [], ["/d"]],
  ["sets times", [["path_filestat_set_times", 3, 0, "a.txt", 0n, 0n, 10]], ["/d"], [], ["/d"]],
  [
    "makes and removes",
    [
      ["path_create_directory", 3, "new"],
      ["path_remove_directory", 3, "new"],
    ],
    ["/d"],
    [],
    ["/d"],
  ],
  ["renames between two", [["path_rename", 3, "a.txt", 4, "b.txt"]], ["/d", "/ro"], [], []],
  ["links in vain", [["path_symlink", "../x", 4, "b"]], ["/ro"], [], []],
])("what a guest does with its directories that %s", async (_, calls, reached, openedForWriting, changed) => {
  const usage = await usageOf(...calls);
  expect([usage.reached, usage.openedForWriting, usage.changed]).toEqual([
    new Set(reached),
    new Set(openedForWriting),
    new Set(changed),
  ]);
});

const nothing = { args: false, variables: false, stdin: false };

test.each<[calls: Call[], asked: Usage["asked"]]>([
  [[], nothing],
  [[["fd_fdstat_get", 0, 0]], nothing],
  [[["args_sizes_get", 0, 4]], { ...nothing, args: true }],
  [[["environ_get", 0, 64]], { ...nothing, variables: true }],
  [[["fd_read", 0, 0, 0, 8]], { ...nothing, stdin: true }],
  [[["fd_renumber", 0, 5]], { ...nothing, stdin: true }],
])("%s asks for %j", async (calls, asked) => {
  expect((await usageOf(...calls)).asked).toEqual(asked);
});

test.each<[call: Call, refused: Usage["refused"]]>([
  [
    ["path_filestat_get", 3, 0, "../x", 0],
    [{ function: "path_filestat_get", paths: ["../x"], in: "/d", reason: "outside", times: 2 }],
  ],
  [
    ["path_rename", 3, "a.txt", 3, "../b"],
    [{ function: "path_rename", paths: ["a.txt", "../b"], in: "/d", reason: "outside", times: 2 }],
  ],
  [
    ["path_unlink_file", 9, "x"],
    [{ function: "path_unlink_file", paths: ["x"], in: null, reason: "no-such-preopen", times: 2 }],
  ],
  [
    ["path_create_directory", 4, "x"],
    [{ function: "path_create_directory", paths: ["x"], in: "/ro", reason: "read-only", times: 2 }],
  ],
  [["path_filestat_get", 3, 0, "none", 0], []],
  [["fd_prestat_get", 5, 0], []],
  [["fd_close", 9], []],
  [["fd_tell", 1, 0], []],
  // To read what is asked to be writable, a program opens it again.
  [open(4, "a.txt", "fd_write"), []],
])("%s is refused as %j", async (call, refused) => {
  expect((await usageOf(call, call)).refused).toEqual(refused);
});

test("what a file was not opened for is refused", async () => {
  const { refused } = await usageOf(open(3, "a.txt", "fd_read"), ["fd_write", 5, 0, 0, 8]);
  expect(refused).toEqual([{ function: "fd_write", paths: [], in: "/d/a.txt", reason: "not-opened-for-it", times: 1 }]);
});
