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
  ["argv0", { argv0: "my program" }, { argv0: ['"my program"'] }],
  ["no imports", { wasi: false }, { imports: ["none"] }],
  ["imports, which go without saying", { wasi: true }, {}],
])("a person reads what is granted: %s", (_, run, grants) => {
  expect(Object.fromEntries(describeGrants(run))).toEqual({ ...none, ...grants });
});

test("always in the same order", () => {
  expect(describeGrants({ argv0: "a", wasi: false }).map(([kind]) => kind)).toEqual([
    "preopens",
    "args",
    "env",
    "stdin",
    "argv0",
    "imports",
  ]);
});
