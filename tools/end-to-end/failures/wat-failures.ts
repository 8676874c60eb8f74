import { imports } from "../../wat.ts";
import type { Failures } from "./failure.ts";

/** A command with all functions of WASI. Addresses from 1024 on hold `data`. */
const command = (body: string, data = "", rest = ""): string =>
  `(module\n  ${imports}\n  (memory (export "memory") 1)\n  (data (i32.const 1024) "${data}")\n  ${rest}\n` +
  `  (func (export "_start") ${body})\n)`;

const exit = (code: number): string => `(call $proc_exit (i32.const ${code}))`;

/** Opens the path that is `data`, in descriptor 3; with `oflags` and rights. */
const open = (size: number, { oflags = 0, rights = 2, fd = 3 } = {}): string =>
  `(drop (call $path_open (i32.const ${fd}) (i32.const 1) (i32.const 1024) (i32.const ${size}) (i32.const ${oflags})
    (i64.const ${rights}) (i64.const 0) (i32.const 0) (i32.const 8)))`;

const [creat, directory, excl] = [1, 2, 4];
const write = 64;

/** Opens a path, and gives up. */
const giveUp = (path: string, options: Parameters<typeof open>[1] = {}): string =>
  command(`${open(path.length, options)} ${exit(1)}`, path);

/** Programs in WAT that fail. */
export const watFailures: Failures = {
  "a function that WASI does not have": {
    source: `(module (import "env" "foo" (func)) (memory (export "memory") 1) (func (export "_start")))`,
    exitCode: 126,
    says: ["env.foo", "WASI"],
  },
  "a function of WASI that is misspelt": {
    source: `(module (import "wasi_snapshot_preview1" "fd_wrote" (func)) (memory (export "memory") 1) (func (export "_start")))`,
    exitCode: 126,
    says: ["wasi_snapshot_preview1.fd_wrote", "Did you mean fd_write?"],
  },
  "a function of WASI with another signature": {
    source: `(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i64) (result i32)))
      (memory (export "memory") 1) (func (export "_start")))`,
    exitCode: 126,
    says: ["fd_write", "(i32, i32, i32, i64) -> i32", "(i32, i32, i32, i32) -> i32"],
  },
  "a memory that has another name": {
    source: `(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
      (memory (export "mem") 1)
      (func (export "_start") (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`,
    exitCode: 126,
    says: ['exported as "memory"', '"mem"'],
    topics: ["memory"],
  },
  "a memory that is not exported": {
    source: `(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
      (memory 1) (func (export "_start") (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`,
    exitCode: 126,
    says: ['exported as "memory"', '(memory (export "memory")'],
    topics: ["memory"],
  },
  "an exception that nothing catches": {
    source: `(module (tag $t (param i32)) (memory (export "memory") 1) (func (export "_start") (throw $t (i32.const 7))))`,
    exitCode: 134,
    says: ["exception", "nothing caught it"],
    never: /defect/,
  },
  "unreachable code": { source: command("unreachable"), exitCode: 134, says: ["unreachable"], topics: ["backtraces"] },
  "an access beyond the memory": {
    source: command("(drop (i32.load (i32.const 0x7fff_ffff)))"),
    exitCode: 134,
    says: ["memory access out of bounds"],
    topics: ["memory", "backtraces"],
  },
  "a division by zero": {
    source: command("(drop (i32.div_u (i32.const 1) (i32.const 0)))"),
    exitCode: 134,
    says: ["divide by zero"],
    topics: ["backtraces"],
  },
  "a call through an empty table": {
    source: command("(call_indirect (i32.const 0))", "", "(table 1 funcref)"),
    exitCode: 134,
    says: ["trapped"],
    topics: ["backtraces"],
  },
  "a recursion without end": {
    source: command("(call $deeper)", "", "(func $deeper (call $deeper))"),
    exitCode: 134,
    says: ["recursion"],
    topics: ["recursion", "backtraces"],
  },
  "a loop without end": {
    source: command("(loop $again (br $again))"),
    options: ["--timeout", "200"],
    exitCode: 124,
    says: ["did not end within 200 ms"],
  },
  "a read of stdin that nothing comes for": {
    source: command(
      `(i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 1))
       (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))`,
    ),
    options: ["--timeout", "200"],
    exitCode: 124,
    says: ["waiting for stdin"],
    topics: ["stdin"],
  },
  "a sleep that is longer than its time": {
    source: command(
      `(i32.store8 (i32.const 8) (i32.const 0)) (i32.store (i32.const 16) (i32.const 1))
       (i64.store (i32.const 24) (i64.const 60_000_000_000))
       (drop (call $poll_oneoff (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 256)))`,
    ),
    options: ["--timeout", "200"],
    exitCode: 124,
    says: ["sleeping"],
    topics: ["sleeping"],
  },
  "a file, with no directory granted": {
    source: giveUp("notes.txt"),
    files: ["notes.txt"],
    exitCode: 1,
    says: ["no directory", "--dir"],
    topics: ["directories"],
  },
  "a file above the directory": {
    source: giveUp("../secret.txt"),
    options: ["--dir", "data::/data"],
    files: ["data/", "secret.txt"],
    exitCode: 1,
    says: ["../secret.txt", "leads out"],
    topics: ["directories"],
  },
  "an absolute path in the directory": {
    source: giveUp("/etc/hostname"),
    options: ["--dir", "data::/data"],
    files: ["data/"],
    exitCode: 1,
    says: ["/etc/hostname"],
    topics: ["directories"],
  },
  "a write to what is granted for reading": {
    source: giveUp("new.txt", { oflags: creat, rights: write }),
    options: ["--dir", "data::/data::ro"],
    files: ["data/"],
    exitCode: 1,
    says: ["/data/new.txt", "for reading only", "without ::ro"],
    topics: ["directories"],
  },
  "a file that is not there": {
    source: giveUp("none.txt"),
    options: ["--dir", "data::/data"],
    files: ["data/"],
    exitCode: 1,
    says: ["/data/none.txt", "nothing of that name"],
    topics: ["directories"],
  },
  "a file that is there already": {
    source: giveUp("a.txt", { oflags: creat | excl, rights: write }),
    options: ["--dir", "data::/data"],
    files: ["data/a.txt"],
    exitCode: 1,
    says: ["/data/a.txt", "is there already"],
    topics: ["directories"],
  },
  "a file that is taken for a directory": {
    source: giveUp("a.txt", { oflags: directory }),
    options: ["--dir", "data::/data"],
    files: ["data/a.txt"],
    exitCode: 1,
    says: ["/data/a.txt", "no directory"],
    topics: ["directories"],
    never: /no directory was granted/,
  },
  "a directory that is not empty": {
    source: command(
      `(drop (call $path_remove_directory (i32.const 3) (i32.const 1024) (i32.const 3))) ${exit(1)}`,
      "sub",
    ),
    options: ["--dir", "data::/data"],
    files: ["data/sub/a.txt"],
    exitCode: 1,
    says: ["/data/sub", "not empty"],
    topics: ["directories"],
  },
  "1 as its answer": { source: command(exit(1)), exitCode: 1, says: [] },
  "1 as its answer, after it looked for a file in passing": {
    source: command(`${open(4)} (i32.store (i32.const 1024) (i32.const 0x78)) ${open(1)} ${exit(1)}`, "none"),
    options: ["--dir", "data::/data"],
    files: ["data/x"],
    exitCode: 1,
    says: [],
  },
  "3 as its answer, after it read its arguments and variables": {
    source: command(
      `(drop (call $args_sizes_get (i32.const 0) (i32.const 4))) (drop (call $args_get (i32.const 64) (i32.const 128)))
       (drop (call $environ_sizes_get (i32.const 0) (i32.const 4))) ${exit(3)}`,
    ),
    exitCode: 3,
    says: [],
  },
  "a library that is run": {
    source: `(module (memory (export "memory") 1) (func (export "_initialize")) (func (export "add")))`,
    exitCode: 126,
    says: ["add", "library", "--invoke"],
  },
  "a module without anything to start": {
    source: `(module (func (export "main")))`,
    exitCode: 126,
    says: ["main", "_start"],
  },
  "no room for its memory": {
    source: command(exit(0)),
    options: ["--max-memory", "1000"],
    exitCode: 126,
    says: ["65536"],
    topics: ["memory"],
  },
  "a memory that is full": {
    source: command("(loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable"),
    options: ["--max-memory", "1MiB"],
    exitCode: 134,
    says: ["1048576 bytes", "--max-memory"],
    topics: ["memory"],
  },
  "too much output": {
    source: command(
      `(i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 64))
       (loop $more (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (br $more))`,
      "x",
    ),
    options: ["--max-output", "1000"],
    exitCode: 134,
    says: ["1000 bytes"],
  },
  "a signal": {
    source: command(`(drop (call $proc_raise (i32.const 6))) ${exit(1)}`),
    exitCode: 1,
    says: ["signal", "proc_raise"],
  },
  "a socket": {
    source: command(`(drop (call $sock_accept (i32.const 3) (i32.const 0) (i32.const 8))) ${exit(1)}`),
    exitCode: 1,
    says: ["socket"],
    topics: ["sockets", "directories"],
  },
  "functions of both versions": {
    source: `(module (import "wasi_unstable" "fd_close" (func (param i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_sync" (func (param i32) (result i32)))
      (memory (export "memory") 1) (func (export "_start")))`,
    exitCode: 126,
    says: ["wasi_unstable", "fd_close"],
  },
  "threads of wasi-threads": {
    source: `(module (import "env" "memory" (memory 1 1 shared))
      (import "wasi" "thread-spawn" (func (param i32) (result i32))) (func (export "_start")))`,
    exitCode: 126,
    says: ["threads", "wasm32-wasip1"],
    topics: ["threads", "memory"],
    never: /wasi-sdk|Emscripten/,
  },
  "imports of wasm-bindgen": {
    source: `(module (import "wbg" "__wbg_log_1a2b" (func (param i32))) (memory (export "memory") 1) (func (export "_start")))`,
    exitCode: 126,
    says: ["wasm-bindgen"],
    topics: ["other hosts"],
  },
  "imports of Go for browsers": {
    source: `(module (import "gojs" "runtime.wasmExit" (func (param i32))) (memory (export "mem") 1) (func (export "run")))`,
    exitCode: 126,
    says: ["GOOS=wasip1"],
    topics: ["other hosts"],
  },
  "imports of Emscripten": {
    source: `(module (import "env" "emscripten_resize_heap" (func (param i32) (result i32)))
      (memory (export "memory") 1) (func (export "_start")))`,
    exitCode: 126,
    says: ["Emscripten"],
    topics: ["other hosts"],
  },
};
