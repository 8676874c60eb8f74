import { expect, test } from "vitest";
import { describeGrants } from "./grants.ts";
import type { Run } from "./schema.ts";

const none = { preopens: ["none"], args: ["none"], env: ["none"], stdin: ["none"] };

test.each<[what: string, run: Run, grants: Record<string, string[]>]>([
  ["nothing", {}, {}],
  ["directories", { preopens: { "/a": "x", "/b": { path: "y" } } }, { preopens: ["/a = x", "/b = y"] }],
  [
    "a directory's access",
    { preopens: { "/a": { path: "x", access: "read-only" }, "/b": { path: "y", access: "read-write" } } },
    { preopens: ["/a = x (read-only)", "/b = y"] },
  ],
  ["arguments", { args: ["a", "日本語", "🦀"] }, { args: ["a 日本語 🦀"] }],
  [
    "arguments that have to be quoted",
    { args: ["", "a b", 'say "hi"', "it's", "back\\slash", "\x1b[31m", "line\nend"] },
    { args: ['"" "a b" "say \\"hi\\"" "it\'s" "back\\\\slash" "\\u001b[31m" "line\\nend"'] },
  ],
  ["variables", { env: { A: "1", B: "two words" } }, { env: ["A=1", 'B="two words"'] }],
  ["the host's variables first", { env: { A: "" }, inheritEnv: ["HOME"] }, { env: ["HOME (the host's)", 'A=""'] }],
  ["text for stdin", { stdin: "a\n" }, { stdin: ['"a\\n"'] }],
  ["a file for stdin", { stdin: { file: "in.txt" } }, { stdin: ["the file in.txt"] }],
  [
    "paths that have to be quoted",
    { preopens: { "/my dir": "a b", "/c": { path: "line\nend", access: "read-only" } }, stdin: { file: "\u202e" } },
    { preopens: ['"/my dir" = "a b"', '/c = "line\\nend" (read-only)'], stdin: ['the file "\\u202e"'] },
  ],
  ["a clock", { clock: { start: "2020-07-01T00:00:00Z" } }, { clock: ["from 2020-07-01T00:00:00Z, 1 ms a reading"] }],
  [
    "a clock that stands",
    { clock: { start: "2020-07-01T00:00:00Z", stepMs: 0 } },
    { clock: ["from 2020-07-01T00:00:00Z, 0 ms a reading"] },
  ],
  ["a seed", { randomSeed: 0 }, { random: ["seed 0"] }],
  [
    "limits",
    { maxFiles: 3, maxWrittenBytes: 2, maxOutputBytes: 1, maxMemoryBytes: 65536, timeoutMs: 1000 },
    {
      limits: ["1000 ms", "65536 bytes of memory", "1 bytes of output", "2 bytes written to files", "3 files made"],
    },
  ],
  [
    "limits of a directory",
    { preopens: { "/a": { path: "a", maxFiles: 3 }, "/b": { files: {}, access: "read-only", maxWrittenBytes: 2 } } },
    {
      preopens: [
        "/a = a (at most 3 files made)",
        "/b = 0 files in memory (read-only; at most 2 bytes written to files)",
      ],
    },
  ],
  ["a limit", { maxMemoryBytes: 65536 }, { limits: ["65536 bytes of memory"] }],
  ["argv0", { argv0: "my program" }, { argv0: ['"my program"'] }],
  ["no imports", { wasi: false }, { imports: ["none"] }],
  ["imports, which go without saying", { wasi: true }, {}],
])("a person reads what is granted: %s", (_, run, grants) => {
  expect(Object.fromEntries(describeGrants(run))).toEqual({ ...none, ...grants });
});

test("always in the same order", () => {
  const all: Run = {
    wasi: false,
    timeoutMs: 1,
    randomSeed: 1,
    clock: { start: "2020-07-01T00:00:00Z" },
    argv0: "a",
  };
  expect(describeGrants(all).map(([kind]) => kind)).toEqual([
    "preopens",
    "args",
    "env",
    "stdin",
    "argv0",
    "clock",
    "random",
    "limits",
    "imports",
  ]);
});
