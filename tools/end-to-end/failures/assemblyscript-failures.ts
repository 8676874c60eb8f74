import type { Failures } from "./failure.ts";

/** Programs in AssemblyScript that fail. */
export const assemblyscriptFailures: Failures = {
  "an error that is thrown": {
    source: `throw new Error("boom");\n`,
    exitCode: 255,
    says: ["aborted", "boom", /line 1\b/],
    topics: ["backtraces"],
  },
  "an index out of range": {
    source: `const list = [1, 2, 3];\nconst at = list.length + 2;\nconsole.log(list[at].toString());\n`,
    exitCode: 255,
    says: ["Index out of range"],
    topics: ["backtraces"],
  },
  "an assertion that does not hold": {
    source: `assert(process.argv.length > 5, "too few");\n`,
    exitCode: 255,
    says: ["too few"],
    topics: ["backtraces"],
  },
  "a file, with no directory granted": {
    source: `@external("wasi_snapshot_preview1", "path_open")
declare function path_open(
  fd: i32, dirflags: i32, path: usize, length: usize, oflags: i32, base: i64, inheriting: i64, fdflags: i32, to: usize
): i32;
const path = String.UTF8.encode("notes.txt");
const errno = path_open(3, 0, changetype<usize>(path), path.byteLength, 0, 2, 0, 0, memory.data(4));
if (errno != 0) process.exit(1);
`,
    files: ["notes.txt"],
    exitCode: 1,
    says: ["no directory", "--dir"],
    topics: ["directories"],
  },
  "a recursion without end": {
    source: `function deeper(n: i32): i32 {\n  return deeper(n + 1) + n;\n}\nconsole.log(deeper(1).toString());\n`,
    exitCode: 134,
    says: ["recursion"],
    topics: ["recursion", "backtraces"],
  },
  "2 as its answer": { source: `console.error("nothing to do");\nprocess.exit(2);\n`, exitCode: 2, says: [] },
  "a function of another host": {
    source: `@external("env", "now")\ndeclare function now(): i32;\nconsole.log(now().toString());\n`,
    exitCode: 126,
    says: ["env.now"],
    never: /Emscripten|wasi-shim/,
  },
  "a loop without end": {
    source: `let n = 0;\nwhile (true) n++;\n`,
    options: ["--timeout", "300"],
    exitCode: 124,
    says: ["did not end within 300 ms"],
  },
};
