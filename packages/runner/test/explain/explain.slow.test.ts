import { describe, expect, test } from "vitest";
import type { SyncRunOptions } from "../../src/options.ts";
import { runSync } from "../../src/run.ts";
import { assemble, command, wasi } from "../../../wasm/test/helpers/assemble.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";
import { diagnoses } from "../../src/explain/diagnoses.ts";
import { explain } from "../../src/explain/explain.ts";
import type { Explanation } from "../../src/explain/explain.ts";

/** Runs what may be a module, and explains how it ended. */
function explained(bytes: Uint8Array, options: SyncRunOptions = {}): Explanation | undefined {
  try {
    return explain({ end: runSync(bytes, options), options, bytes: () => bytes });
  } catch (error) {
    return explain({ end: error as never, options, bytes: () => bytes });
  }
}

/** A program that makes one call, and ends with its errno; `text` is at address 64. */
function calling(name: string, params: string, args: readonly (number | bigint)[], text = ""): string {
  const typed = args.map((it) => `(${typeof it === "bigint" ? "i64" : "i32"}.const ${it})`);
  return `(module ${wasi({ [name]: params, proc_exit: "i32" })} (memory (export "memory") 1)
    (data (i32.const 64) "${text}")
    (func (export "_start") (call $proc_exit (call $${name} ${typed.join(" ")}))))`;
}

const open = (path: string, { rights = 2n, oflags = 0, fd = 3 } = {}): string =>
  calling(
    "path_open",
    "i32 i32 i32 i32 i32 i64 i64 i32 i32",
    [fd, 1, 64, Buffer.byteLength(path), oflags, rights, 0n, 0, 32],
    path,
  );

/** A program that asks which directories there are, says something on stderr, and traps. */
const failing = (message: string, asked = "fd_prestat_get"): string => {
  const bytes = [...Buffer.from(message)].map((it) => `\\${it.toString(16).padStart(2, "0")}`).join("");
  return command(
    `(drop (call $asked (i32.const 3) (i32.const 256))) (call $print (i32.const 2) (i32.const 1024) (i32.const ${Buffer.byteLength(message)})) unreachable`,
    `(import "wasi_snapshot_preview1" "${asked}" (func $asked (param i32 i32) (result i32)))
     (data (i32.const 1024) "${bytes}")`,
  );
};

const directory = { "file.txt": "text", sub: {} };
const granted = (access?: "read-only"): SyncRunOptions => ({
  preopens: { "/sandbox": { path: makeTree(directory), ...(access ? { access } : {}) } },
});

/** What provokes each diagnosis, what the text says, and what would have to be granted. */
const provoked: Readonly<
  Record<
    string,
    readonly [
      bytes: string | (() => Uint8Array),
      options: () => SyncRunOptions,
      says: string | RegExp,
      missingGrant?: Explanation["missingGrant"],
    ]
  >
> = {
  "text format": [() => Buffer.from(";; a comment\n(module)"), () => ({}), "WebAssembly's text format"],
  component: [() => Uint8Array.of(0, 0x61, 0x73, 0x6d, 13, 0, 1, 0), () => ({}), "jco turns it into JavaScript"],
  "no WASI": [open("file.txt"), () => ({ wasi: false }), 'Remove "wasi": false'],
  "two versions": [
    `(module (import "wasi_unstable" "sched_yield" (func (result i32)))
      (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32))) (func (export "_start")))`,
    () => ({}),
    "Parts of it were built for wasi_unstable (sched_yield)",
  ],
  "misspelt function": [
    '(module (import "wasi_snapshot_preview1" "path_opne" (func)) (func (export "_start")))',
    () => ({}),
    "There is no function path_opne. Did you mean path_open?",
  ],
  "other imports": [
    '(module (import "wbg" "__wbindgen_throw" (func (param i32 i32))) (func (export "_start")))',
    () => ({}),
    "without wasm-bindgen",
  ],
  "reactor as a command": [
    '(module (memory (export "memory") 1) (func (export "_initialize")) (func (export "add")))',
    () => ({}),
    /reactor: a library[^]*exports\.add\(…\);/,
  ],
  "read-only directory": [
    open("new.txt", { rights: 64n, oflags: 1 }),
    () => granted("read-only"),
    "It wanted to change /sandbox/new.txt (path_open), and /sandbox was granted for reading only.",
    { kind: "write", preopen: "/sandbox" },
  ],
  limit: [
    open("new.txt", { rights: 64n, oflags: 1 }),
    () => ({ ...granted(), maxFiles: 0 }),
    "It ran into a limit, maxFiles, which is 0: path_open failed with dquot. If it needs more, allow it more: maxFiles in wasi.json, or --limit maxFiles=….",
  ],
  "absolute path": [
    open("/etc/hostname"),
    () => ({}),
    "It asked WASI for /etc/hostname, an absolute path, which WASI does not take",
  ],
  "no directory granted": [
    failing('failed to find a pre-opened file descriptor through which "/a b/c.txt" could be opened'),
    () => ({}),
    "It asked for /a b/c.txt, and no directory was granted to it.",
    { kind: "preopen", path: "/a b/c.txt", isWritten: undefined },
  ],
  "way out of a directory": [
    open("../secret.txt"),
    () => granted(),
    "It asked for /sandbox/../secret.txt (path_open), which leads out of /sandbox",
  ],
  "directory not granted": [
    failing("called `unwrap()` on an `Err` value: Os { code: 44, kind: NotFound }"),
    () => granted(),
    "It opens a file that is in none of its directories. It was granted /sandbox, and nothing outside it can be reached.",
    { kind: "preopen", path: ".", isWritten: undefined },
  ],
  // Nobody, root included, removes what the system shows there.
  "host does not permit it": [
    calling("path_unlink_file", "i32 i32 i32", [3, 64, 6], "status"),
    () => ({ preopens: { "/sandbox": "/proc/self" } }),
    "The host refused /sandbox/status (path_unlink_file: perm)",
  ],
  "missing file": [
    open("nothing.txt"),
    () => granted(),
    /^It asked for \/sandbox\/nothing\.txt \(path_open\), and there is nothing of that name in what was granted as \/sandbox \(\//,
  ],
  "file in the way": [
    open("file.txt", { oflags: 1 | 4, rights: 64n }),
    () => granted(),
    "It was refused /sandbox/file.txt (path_open), since something of that name is there already.",
  ],
  sockets: [
    calling("sock_shutdown", "i32 i32", [0, 1]),
    () => ({}),
    "It wanted to use a socket (sock_shutdown: notsock)",
  ],
  "waiting for stdin": [
    calling("fd_read", "i32 i32 i32 i32", [0, 64, 1, 8], String.raw`\00\02\00\00\08\00\00\00`),
    () => ({ timeoutMs: 500, stdin: { read: () => endlessly(), poll: () => undefined } }),
    "waiting for stdin",
  ],
  sleeping: [
    `(module ${wasi({ poll_oneoff: "i32 i32 i32 i32" })} (memory (export "memory") 1)
      (data (i32.const 16) "\\01") (data (i32.const 29) "\\01")
      (func (export "_start") (drop (call $poll_oneoff (i32.const 0) (i32.const 99) (i32.const 1) (i32.const 200)))))`,
    () => ({ timeoutMs: 500 }),
    "it was sleeping",
  ],
  "out of memory": [
    '(module (memory (export "memory") 1) (func (export "_start") (if (i32.eq (memory.grow (i32.const 9)) (i32.const -1)) (then unreachable))))',
    () => ({ maxMemoryBytes: 65_536 }),
    "--max-memory",
  ],
  recursion: [
    '(module (memory (export "memory") 1) (func $deeper (export "_start") (call $deeper) (call $deeper)))',
    () => ({}),
    "until the stack was full",
  ],
  "Rust test": [
    `(module (memory (export "memory") 1) (func $panic unreachable) (func $test::run_test (call $panic))
      (func (export "_start") (call $test::run_test)))`,
    () => ({}),
    "cargo test -- --nocapture",
  ],
  signals: [calling("proc_raise", "i32", [6]), () => ({}), "It raised a signal (proc_raise: notsup)"],
  threads: [
    failing("failed to spawn thread: Os { code: 58, kind: Unsupported }"),
    () => ({}),
    "It wanted to start a thread.",
  ],
  "Rust panic": [
    failing(
      "\nthread 'main' (1) panicked at src/lib.rs:7:3:\nindex out of bounds\nnote: run with `RUST_BACKTRACE=1`\n",
    ),
    () => ({}),
    "in src/lib.rs, line 7: index out of bounds",
  ],
  assertion: [
    failing("Assertion failed: argc > 5 (src/main.c: main: 7)\n"),
    () => ({}),
    "A check of the program's own failed (assert) in src/main.c, line 7: argc > 5",
  ],
  "Go panic": [
    failing(
      "panic: boom\n\ngoroutine 1 [running]:\nos.Open(...)\n\tos/file.go:99\nmain.read()\n\texample.com/a/main.go:8 +0x5\n",
    ).replace("unreachable", "(call $proc_exit (i32.const 2))"),
    () => ({}),
    "The program panicked (Go's way to stop at a mistake) in example.com/a/main.go, line 8: boom",
  ],
  "Go deadlock": [
    failing(
      "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()\n\tmain.go:7 +0x3\n",
    ).replace("unreachable", "(call $proc_exit (i32.const 2))"),
    () => ({}),
    "Each of its goroutines waits for another one in main.go, line 7: a channel",
  ],
  "Go network": [
    failing("dial tcp 127.0.0.1:80: address 127.0.0.1:80: connect: Connection refused\n"),
    () => ({}),
    "WASI preview 1 can open no socket.",
  ],
  panic: [failing("panic: integer overflow\n"), () => ({}), "The program panicked, at a mistake: integer overflow"],
  trap: [
    '(module (memory (export "memory") 1) (func (export "_start") (i32.store (i32.const -4) (i32.const 0))))',
    () => ({}),
    "an address outside of its memory",
  ],
  "AssemblyScript abort": [
    failing("abort: not a number in assembly/index.ts(12:5)\n"),
    () => ({}),
    "in assembly/index.ts, line 12: not a number",
  ],
  "no arguments": [
    failing("usage", "args_sizes_get"),
    () => ({}),
    "It asked for its arguments, and was given none but its own name.",
    { kind: "args" },
  ],
  "no variables": [
    failing("the variable HOME is not set", "environ_sizes_get"),
    () => ({ args: ["a"] }),
    "those of the host are not passed on",
    { kind: "env" },
  ],
  "built for wasi_unstable": [
    `(module (import "wasi_unstable" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
      (func (export "_start") (call $exit (i32.const 1))))`,
    () => ({}),
    "the version of WASI before 2020",
  ],
};

function endlessly(): number {
  for (;;);
}

describe("a diagnosis is made of a module that provokes it", () => {
  test.each(Object.entries(provoked))("%s", async (diagnosis, [source, options, says, missingGrant]) => {
    const bytes = typeof source === "string" ? await assemble(source) : source();
    const found = explained(bytes, options());
    expect(found).toMatchObject({
      diagnosis,
      text: expect.stringMatching(says instanceof RegExp ? says : literally(says)),
    });
    expect(found?.missingGrant).toEqual(missingGrant);
  });

  test("cut short", async () => {
    const whole = await assemble(command("unreachable"));
    expect(explained(whole.subarray(0, 60))).toMatchObject({
      diagnosis: "cut short",
      text: expect.stringMatching(/can be read until byte \d+: /),
    });
  });

  test("all of them", () => {
    const tested = [...Object.keys(provoked), "cut short"];
    expect(tested.toSorted()).toEqual(Object.keys(diagnoses).toSorted());
  });
});

const literally = (text: string): RegExp => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));

test("a test that panicked is not said to keep its message back if that is there", async () => {
  const shown = failing("\nthread 'main' (1) panicked at src/lib.rs:7:3:\nboom\n").replace(
    "$_start",
    "$test::run_test",
  );
  expect(explained(await assemble(shown))).toMatchObject({
    diagnosis: "Rust test",
    text: "A test panicked, and ended all the tests with it: WebAssembly can't catch a panic.",
  });
});

test.each([
  ["Go leaves out its first slash", open("etc/x.txt"), "open /etc/x.txt: Bad file number", "/etc/x.txt"],
  ["it is relative", open("etc/x.txt"), "open etc/x.txt, not /var/etc/x.txt", "etc/x.txt"],
  ["perror() of C writes it", undefined, "cat: /etc/x.txt: Capabilities insufficient\n", "/etc/x.txt"],
  ["the word there is no path", undefined, "fopen: Capabilities insufficient\n", "."],
  ["Rust says it before the error", undefined, "cat: /in/a.txt: No such file (os error 44)\n", "/in/a.txt"],
  [
    "it is in the message of an expect()",
    undefined,
    "thread 'main' panicked at /src/main.rs:5:55:\nno `/in/a.txt`: Os { code: 44, kind: NotFound }\n",
    "/in/a.txt",
  ],
  [
    "what is after the error is the place of a panic",
    undefined,
    "'called `unwrap()`: Os { code: 44, kind: NotFound }', /src/main.rs:5:55\n",
    ".",
  ],
])("the path that was meant is known if %s", async (_, call, message, path) => {
  const says = failing(message);
  const source =
    call === undefined
      ? says
      : call.replace("(memory", `${wasi({ fd_write: "i32 i32 i32 i32" })} (memory`).replace(
          '(func (export "_start") ',
          `(data (i32.const 512) "${[1040, message.length].map((it) => [it & 255, it >> 8, 0, 0].map((b) => `\\${b.toString(16).padStart(2, "0")}`).join("")).join("")}") (data (i32.const 1040) "${message}")
             (func (export "_start") (drop (call $fd_write (i32.const 2) (i32.const 512) (i32.const 1) (i32.const 520))) `,
        );
  expect((await explained(await assemble(source)))?.missingGrant).toMatchObject({ kind: "preopen", path });
});

test.each([
  ["ended well", '(module (memory (export "memory") 1) (func (export "_start")))'],
  ["ended with a code of its own", command("(call $proc_exit (i32.const 3))")],
  ["trapped for a reason that is not known", command("unreachable")],
])("of a run that %s, nothing is said", async (_, source) => {
  expect(explained(await assemble(source), { args: ["/not/refused"] })).toBeUndefined();
});

test("what a read-only directory refuses on an open file is told of the file", async () => {
  const source = `(module ${wasi({ path_open: "i32 i32 i32 i32 i32 i64 i64 i32 i32", fd_filestat_set_size: "i32 i64", proc_exit: "i32" })}
    (memory (export "memory") 1) (data (i32.const 64) "file.txt")
    (func (export "_start")
      (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 64) (i32.const 8) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 32)))
      (call $proc_exit (call $fd_filestat_set_size (i32.load (i32.const 32)) (i64.const 0)))))`;
  expect(explained(await assemble(source), granted("read-only"))).toMatchObject({
    diagnosis: "read-only directory",
    text: expect.stringContaining("/sandbox/file.txt (fd_filestat_set_size)"),
  });
});

test.each([
  [
    "the new one of a symbolic link, whose old one is text",
    calling("path_symlink", "i32 i32 i32 i32 i32", [64, 8, 3, 72, 12], "file.txtnowhere/link"),
    "It asked for /sandbox/nowhere/link (path_symlink)",
  ],
  [
    "the new one, where that is in the way",
    calling("path_rename", "i32 i32 i32 i32 i32 i32", [3, 64, 8, 3, 72, 3], "file.txtsub"),
    "It was refused /sandbox/sub (path_rename), since it is a directory.",
  ],
  [
    "the old one, where that is missing",
    calling("path_link", "i32 i32 i32 i32 i32 i32 i32", [3, 0, 64, 8, 3, 72, 3], "none.txtsub"),
    "It asked for /sandbox/none.txt (path_link)",
  ],
])("of two paths that a call was refused, what is told is %s", async (_, source, says) => {
  expect(explained(await assemble(source), granted())?.text).toContain(says);
});

test("no more than the start of what a refused call was to move is kept", async () => {
  const source = `(module ${wasi({ fd_write: "i32 i32 i32 i32", proc_exit: "i32" })} (memory (export "memory") 16)
    (data (i32.const 0) "\\00\\00\\01\\00\\00\\00\\08\\00")
    (func (export "_start") (call $proc_exit (call $fd_write (i32.const 9) (i32.const 0) (i32.const 1) (i32.const 8)))))`;
  expect(runSync(await assemble(source)).diagnostics?.failedCalls).toMatchObject([
    { name: "fd_write", errno: "badf", args: { iovs: { size: 512 * 1024, text: "\0".repeat(4096) } } },
  ]);
});

const missingGrantOf = async (source: string) => explained(await assemble(source))?.missingGrant;

test("whether a refused call would have written is known from what it asked for", async () => {
  expect(await missingGrantOf(open("a/b.txt"))).toEqual({ kind: "preopen", path: "a/b.txt", isWritten: false });
  expect(await missingGrantOf(open("a/b.txt", { rights: 66n }))).toEqual({
    kind: "preopen",
    path: "a/b.txt",
    isWritten: true,
  });
  expect(await missingGrantOf(open("a/b.txt", { oflags: 8 }))).toMatchObject({ isWritten: true });
  expect(await missingGrantOf(calling("path_unlink_file", "i32 i32 i32", [3, 64, 1], "x"))).toMatchObject({
    isWritten: true,
  });
});
