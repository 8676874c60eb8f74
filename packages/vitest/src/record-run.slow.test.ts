import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readProgram } from "@wasi-kit/manifest";
import type { Run } from "@wasi-kit/manifest";
import { compareFileSystems, hostDirectory } from "@wasi-kit/runner";
import { expect, onTestFinished, test, vi } from "vitest";
import { recordRun } from "./record-run.ts";
import { folderWith, manifestWith } from "../test/helpers/example.ts";
import type { Files } from "../test/helpers/example.ts";
import { guestThat } from "../test/helpers/guest.ts";
import type { Step } from "../test/helpers/guest.ts";

/** What a guest that does these things is recorded as, in a folder with these files. */
async function recorded(
  steps: readonly Step[],
  run: Run,
  files: Files = {},
): Promise<{ folder: string; text: string }> {
  const folder = await folderWith({
    ...files,
    "guest.wasm": await guestThat(...steps),
    "wasi.json": manifestWith({ default: run }),
  });
  const { text } = await recordRun(await readProgram(folder), "default", {});
  return { folder, text };
}

test.each<[how: string, ending: Step[], exitCode: number]>([
  ["returns", [], 0],
  ["exits with an error", [["remove", "missing"]], 44],
  ["traps", [["trap"]], 134],
])("a guest that writes and then %s changes nothing, and leaves no temporary file", async (_, ending, exitCode) => {
  const temporary = await folderWith({});
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { folder, text } = await recorded(
    [["write", "file.txt", "other"], ["write", "new.txt", "new"], ["print", "done"], ...ending],
    { preopens: { "/data": "data" } },
    { "data/file.txt": "as it was" },
  );
  expect(text).toContain(`exit code  ${exitCode}\n\nstdout\n| done`);
  expect(readdirSync(join(folder, "data"))).toEqual(["file.txt"]);
  expect(readFileSync(join(folder, "data/file.txt"), "utf8")).toBe("as it was");
  // The folder of this test is below it as well.
  expect(readdirSync(temporary).filter((name) => name.startsWith("wasi-kit-run-"))).toEqual([]);
});

test("a directory that is missing is named as the manifest has it, and nothing stays behind", async () => {
  const { text } = await recorded([], { preopens: { "/data": "data", "/none": "none" } }, { "data/file.txt": "" });
  expect(text).toContain(
    "\nmessage\n| The preopen /none is declared as none, and there is no such directory.\n| Create it (mkdir -p none) or declare one that is there.\n",
  );
});

test.each([
  [{ preopens: { "/none": "none" } }, 2],
  [{ wasi: false }, 126],
])(
  "a run that can't start, with %j, is not as expected unless 126 is, even by its own exit code",
  async (run, exitCode) => {
    const folder = await folderWith({
      "guest.wasm": await guestThat(["print", "done"]),
      "wasi.json": manifestWith({ default: { ...run, exitCode } }),
    });
    await expect(recordRun(await readProgram(folder), "default", {})).resolves.toMatchObject({
      exitCode,
      expectedExitCode: exitCode,
      isAsExpected: exitCode === 126,
    });
  },
);

const granted: Run = { preopens: { "/data": "data" } };
const fixtures: Files = {
  "data/file.txt": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n",
  "data/bytes.bin": Uint8Array.of(0, 1, 2, 3),
  "data/sub/deep.txt": "deep\n",
  "data/link": { to: "sub" },
  "data/outside": { to: "../../etc" },
};
const hash = (start: string): string => `|     sha256 ${start}`;

test.each<[what: string, steps: Step[], lines: string[]]>([
  ["nothing", [], ["/data (nothing changed)"]],
  [
    "what comes to the same",
    [
      ["mkdir", "new"],
      ["rename", "new", "other"],
      ["rmdir", "other"],
      ["write", "sub/deep.txt", "deep\n"],
    ],
    ["/data (nothing changed)"],
  ],
  [
    "a new text file, line for line",
    [["write", "new.txt", "one\ntwo\n\n \n"]],
    ["/data", "| added   new.txt: 11 bytes", "|     +one", "|     +two", "|     +", "|     + "],
  ],
  [
    "a new file that ends without a newline",
    [["write", "new.txt", "a\x1b[2J\\"]],
    ["/data", "| added   new.txt: 6 bytes", "|     +a\\x1b[2J\\\\", "|     +\\ no newline at the end"],
  ],
  ["a new file with nothing in it", [["write", "new.txt", ""]], ["/data", "| added   new.txt: 0 bytes"]],
  [
    "a new file of bytes that are no text",
    [["write", "new.bin", Uint8Array.of(0xff, 0xfe)]],
    ["/data", "| added   new.bin: 2 bytes", hash("<sha256>")],
  ],
  [
    "more text, with the lines around it",
    [["append", "file.txt", "nine\n"]],
    [
      "/data",
      "| changed file.txt: 45 bytes, was 40",
      "|     @@ -6,3 +6,4 @@",
      "|      six",
      "|      seven",
      "|      eight",
      "|     +nine",
    ],
  ],
  [
    "less text",
    [["write", "sub/deep.txt", ""]],
    ["/data", "| changed sub/deep.txt: 0 bytes, was 5", "|     @@ -1,1 +0,0 @@", "|     -deep"],
  ],
  [
    "a newline at the end that is gone",
    [["write", "sub/deep.txt", "deep"]],
    [
      "/data",
      "| changed sub/deep.txt: 4 bytes, was 5",
      "|     @@ -1,1 +1,2 @@",
      "|      deep",
      "|     +\\ no newline at the end",
    ],
  ],
  [
    "other bytes",
    [["write", "bytes.bin", Uint8Array.of(0, 1, 2, 4)]],
    ["/data", "| changed bytes.bin: 4 bytes", "|     differs from offset 3 on", hash("<sha256>")],
  ],
  [
    "bytes where there was text",
    [["write", "sub/deep.txt", Uint8Array.of(0)]],
    ["/data", "| changed sub/deep.txt: 1 byte, was 5", "|     differs from offset 0 on", hash("<sha256>")],
  ],
  [
    "more text than anyone reads",
    [
      ["write", "new.txt", "line\n".repeat(201)],
      ["write", "sub/deep.txt", "line\n".repeat(200)],
    ],
    [
      "/data",
      "| added   new.txt: 1005 bytes",
      hash("<sha256>"),
      "| changed sub/deep.txt: 1000 bytes, was 5",
      "|     differs from offset 0 on",
      hash("<sha256>"),
    ],
  ],
  [
    "a long text",
    [["write", "new.txt", "x".repeat(65_537)]],
    ["/data", "| added   new.txt: 65537 bytes", hash("<sha256>")],
  ],
  ["a file that is gone", [["remove", "bytes.bin"]], ["/data", "| removed bytes.bin: 4 bytes"]],
  [
    "a file under another name",
    [["rename", "sub/deep.txt", "up.txt"]],
    ["/data", "| removed sub/deep.txt: 5 bytes", "| added   up.txt: 5 bytes", "|     +deep"],
  ],
  [
    "a directory under another name",
    [["rename", "sub", "moved"]],
    [
      "/data",
      "| added   moved (directory)",
      "| added   moved/deep.txt: 5 bytes",
      "|     +deep",
      "| removed sub (directory)",
      "| removed sub/deep.txt: 5 bytes",
    ],
  ],
  [
    "directories and links, wherever they lead",
    [
      ["mkdir", "a"],
      ["mkdir", "a/b"],
      ["link", "a/up", "../.."],
      ["link", "a/odd", "x\ny"],
      ["remove", "outside"],
    ],
    [
      "/data",
      "| added   a (directory)",
      "| added   a/b (directory)",
      '| added   a/odd -> "x\\ny"',
      "| added   a/up -> ../..",
      "| removed outside -> ../../etc",
    ],
  ],
  [
    "what was done through a link",
    [["write", "link/new.txt", "new\n"]],
    ["/data", "| added   sub/new.txt: 4 bytes", "|     +new"],
  ],
  [
    "a directory in the place of a file",
    [
      ["remove", "file.txt"],
      ["mkdir", "file.txt"],
    ],
    ["/data", "| removed file.txt: 40 bytes", "| added   file.txt (directory)"],
  ],
  ["names that hide something", [["mkdir", "a\n\nstdout"]], ["/data", '| added   "a\\n\\nstdout" (directory)']],
])("a guest leaves behind: %s", async (_, steps, lines) => {
  const { folder, text } = await recorded(steps, granted, fixtures);
  expect(text.split("\nstderr (nothing)\n\n")[1]?.replaceAll(/[0-9a-f]{64}/g, "<sha256>")).toBe(
    `${lines.join("\n")}\n`,
  );
  const [now, before] = [join(folder, "data"), join(await folderWith(fixtures), "data")].map((it) => hostDirectory(it));
  expect(compareFileSystems(before!, now!)).toEqual([]);
});

test("a hash is that of all of the file's bytes", async () => {
  const [one, other] = await Promise.all(
    [0xfe, 0xff].map((last) => recorded([["write", "new.bin", Uint8Array.of(0xff, last)]], granted, fixtures)),
  );
  expect(one?.text).not.toBe(other?.text);
  expect(one?.text).toContain("sha256 b3d510ef04275ca8e698e5b3cbb0ece3949ef9252f0cdc839e9ee347409a2209");
});

test("each directory has a block, and those that overlap show the same", async () => {
  const { text } = await recorded(
    [
      ["write", "new.txt", "new\n"],
      ["in", 4],
      ["write", "new.txt", "sub\n"],
      ["in", 5],
      ["remove", "new.txt"],
    ],
    {
      preopens: {
        "/data": "data",
        "/sub": "data/sub",
        "/again": "data",
        "/read": { path: "other", access: "read-only" },
        "my dir": "other",
      },
    },
    { ...fixtures, "other/file.txt": "" },
  );
  const sub = ["| added   sub/new.txt: 4 bytes", "|     +sub"];
  expect(text.slice(text.indexOf("\n/data"))).toBe(
    [
      "",
      "/data",
      ...sub,
      "",
      "/sub",
      "| added   new.txt: 4 bytes",
      "|     +sub",
      "",
      "/again",
      ...sub,
      "",
      "/read (nothing changed)",
      "",
      '"my dir" (nothing changed)',
      "",
    ].join("\n"),
  );
});

test("what was granted stands in the head", async () => {
  const { text } = await recorded(
    [["print", "x"]],
    {
      args: ["a b"],
      env: { A: "1" },
      preopens: { "/data": { path: "data", access: "read-only" } },
      stdin: "in\n",
      clock: { start: "2020-07-01T00:00:00Z" },
      randomSeed: 7,
      timeoutMs: 60_000,
      maxMemoryBytes: 1_048_576,
    },
    fixtures,
  );
  expect(text).toBe(
    [
      "preopens   /data = data (read-only)",
      'args       "a b"',
      "env        A=1",
      'stdin      "in\\n"',
      "clock      from 2020-07-01T00:00:00Z, 1 ms a reading",
      "random     seed 7",
      "limits     60000 ms",
      "           1048576 bytes of memory",
      "outcome    exited",
      "exit code  0",
      "",
      "stdout",
      "| x",
      "| \\ no newline at the end",
      "",
      "stderr (nothing)",
      "",
      "/data (nothing changed)",
      "",
    ].join("\n"),
  );
});
