import { expect, test } from "vitest";
import { functions, fileRights, rights } from "@wasi-kit/wasi/abi";
import type { FunctionName } from "@wasi-kit/wasi/abi";
import type { SyncRunOptions } from "../../src/options.ts";
import { run, runSync } from "../../src/run.ts";
import { compile, runCalls } from "../helpers/run-calls.ts";
import type { Call } from "../helpers/run-calls.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";
import { formatCall } from "../../src/trace/format.ts";
import type { TracedCall, TracedValues } from "../../src/trace/traced-call.ts";

const clock = { start: "2020-07-01T00:00:00Z" };

/** The lines of the calls, without the one by which the module ends. */
async function trace(calls: readonly Call[], options: SyncRunOptions = {}): Promise<string[]> {
  const { result } = await runCalls(calls, { clock, ...options, trace: true });
  return (result.trace ?? []).slice(0, -1).map(formatCall);
}

const readWrite = BigInt(rights("fd_read", "fd_write", "fd_seek"));
const open = (path: string, oflags = 0): Call => ["path_open", 3, 1, path, oflags, readWrite, 0n, 1, 256];

// Each function that there is, so that a new one can't be forgotten.
const lines: Readonly<Record<FunctionName, readonly [before: readonly Call[], call: Call, line: string]>> = {
  args_get: [[], ["args_get", 0, 64], 'args_get() = ["module.wasm", "a b", "\\"é\\""]'],
  args_sizes_get: [[], ["args_sizes_get", 0, 4], "args_sizes_get() = argc=3, argv_buf_size=21"],
  environ_get: [[], ["environ_get", 0, 64], 'environ_get() = ["A=1"]'],
  environ_sizes_get: [[], ["environ_sizes_get", 0, 4], "environ_sizes_get() = environc=1, environ_buf_size=4"],
  clock_res_get: [[], ["clock_res_get", 1, 0], "clock_res_get(monotonic) = 1000000"],
  clock_time_get: [[], ["clock_time_get", 0, 1n, 0], "clock_time_get(realtime, precision=1) = 1593561600000000000"],
  fd_advise: [
    [open("a.txt")],
    ["fd_advise", 4, 0n, 5n, 2],
    "fd_advise(4</d/a.txt>, offset=0, len=5, random) = notcapable (It was not granted)",
  ],
  fd_allocate: [
    [open("a.txt")],
    ["fd_allocate", 4, 0n, 9n],
    "fd_allocate(4</d/a.txt>, offset=0, len=9) = notcapable (It was not granted)",
  ],
  fd_close: [[open("a.txt")], ["fd_close", 4], "fd_close(4</d/a.txt>) = success"],
  fd_datasync: [[], ["fd_datasync", 1], "fd_datasync(1<stdout>) = success"],
  fd_fdstat_get: [
    [open("a.txt")],
    ["fd_fdstat_get", 4, 0],
    "fd_fdstat_get(4</d/a.txt>) = {fs_filetype=regular_file, fs_flags=append, fs_rights_base=fd_read|fd_write|fd_seek}",
  ],
  fd_fdstat_set_flags: [
    [],
    ["fd_fdstat_set_flags", 1, 5],
    "fd_fdstat_set_flags(1<stdout>, flags=append|nonblock) = success",
  ],
  fd_fdstat_set_rights: [
    [],
    ["fd_fdstat_set_rights", 1, 64n, 0n],
    "fd_fdstat_set_rights(1<stdout>, fs_rights_base=fd_write) = success",
  ],
  fd_filestat_get: [[], ["fd_filestat_get", 3, 0], "fd_filestat_get(3</d>) = {filetype=directory, filesize=4096}"],
  fd_filestat_set_size: [
    [],
    ["fd_filestat_set_size", 9, 3n],
    "fd_filestat_set_size(9, size=3) = badf (No such descriptor)",
  ],
  fd_filestat_set_times: [
    [],
    ["fd_filestat_set_times", 3, 1n, 2n, 5],
    "fd_filestat_set_times(3</d>, atim=1, mtim=2, fst_flags=atim|mtim) = success",
  ],
  fd_pread: [[open("a.txt")], ["fd_pread", 4, 0, 0, 1n, 8], 'fd_pread(4</d/a.txt>, offset=1) = "" (0 bytes)'],
  fd_prestat_get: [[], ["fd_prestat_get", 3, 0], "fd_prestat_get(3</d>) = pr_name_len=2"],
  fd_prestat_dir_name: [[], ["fd_prestat_dir_name", 3, 0, 2], 'fd_prestat_dir_name(3</d>) = "/d" (2 bytes)'],
  fd_pwrite: [[open("a.txt")], ["fd_pwrite", 4, 0, 0, 1n, 8], 'fd_pwrite(4</d/a.txt>, "" (0 bytes), offset=1) = 0'],
  fd_read: [[], ["fd_read", 0, 0, 0, 8], 'fd_read(0<stdin>) = "" (0 bytes)'],
  fd_readdir: [[], ["fd_readdir", 3, 512, 300, 0n, 8], 'fd_readdir(3</d>, cookie=0) = ["a.txt", "link", "sub/"]'],
  fd_renumber: [[open("a.txt")], ["fd_renumber", 4, 1], "fd_renumber(4</d/a.txt>, 1<stdout>) = success"],
  fd_seek: [[open("a.txt")], ["fd_seek", 4, -2n, 2, 0], "fd_seek(4</d/a.txt>, offset=-2, end) = 3"],
  fd_sync: [[], ["fd_sync", 3], "fd_sync(3</d>) = success"],
  fd_tell: [[], ["fd_tell", 1, 0], "fd_tell(1<stdout>) = spipe (A stream has no position)"],
  fd_write: [[], ["fd_write", 1, 0, 0, 8], 'fd_write(1<stdout>, "" (0 bytes)) = 0'],
  path_create_directory: [[], ["path_create_directory", 3, "new"], 'path_create_directory(3</d>, "new") = success'],
  path_filestat_get: [
    [],
    ["path_filestat_get", 3, 0, "link", 0],
    'path_filestat_get(3</d>, "link") = {filetype=symbolic_link, filesize=5}',
  ],
  path_filestat_set_times: [
    [],
    ["path_filestat_set_times", 3, 1, "a.txt", 0n, 0n, 10],
    'path_filestat_set_times(3</d>, flags=symlink_follow, "a.txt", atim=0, mtim=0, fst_flags=atim_now|mtim_now) = success',
  ],
  path_link: [[], ["path_link", 3, 0, "a.txt", 3, "b.txt"], 'path_link(3</d>, "a.txt", 3</d>, "b.txt") = success'],
  path_open: [
    [],
    ["path_open", 3, 1, "link", 1, BigInt(fileRights), 0n, 0, 0],
    'path_open(3</d>, dirflags=symlink_follow, "link", oflags=creat, fs_rights_base=fd_read|fd_write|fd_datasync|… (13)) = 4</d/a.txt>',
  ],
  path_readlink: [[], ["path_readlink", 3, "link", 0, 99, 200], 'path_readlink(3</d>, "link") = "a.txt" (5 bytes)'],
  path_remove_directory: [[], ["path_remove_directory", 3, "sub"], 'path_remove_directory(3</d>, "sub") = success'],
  path_rename: [[], ["path_rename", 3, "a.txt", 3, "b.txt"], 'path_rename(3</d>, "a.txt", 3</d>, "b.txt") = success'],
  path_symlink: [[], ["path_symlink", "a.txt", 3, "b"], 'path_symlink("a.txt", 3</d>, "b") = success'],
  path_unlink_file: [
    [],
    ["path_unlink_file", 3, "../secret"],
    'path_unlink_file(3</d>, "../secret") = notcapable (It was not granted)',
  ],
  poll_oneoff: [[], ["poll_oneoff", 0, 64, 0, 0], "poll_oneoff([]) = inval (An argument that is not valid)"],
  proc_exit: [[], ["sched_yield"], "sched_yield() = success"],
  proc_raise: [[], ["proc_raise", 6], "proc_raise(sig=6) = notsup (Not supported)"],
  random_get: [[], ["random_get", 0, 4], "random_get() = d4197117 (4 bytes)"],
  sched_yield: [[], ["sched_yield"], "sched_yield() = success"],
  sock_accept: [[], ["sock_accept", 0, 4, 0], "sock_accept(0<stdin>, flags=nonblock) = notsup (Not supported)"],
  sock_recv: [[], ["sock_recv", 0, 0, 0, 1, 0, 4], "sock_recv(0<stdin>, ri_flags=recv_peek) = notsock (Not a socket)"],
  sock_send: [[], ["sock_send", 1, 0, 0, 0, 0], 'sock_send(1<stdout>, "" (0 bytes)) = notsock (Not a socket)'],
  sock_shutdown: [[], ["sock_shutdown", 9, 3], "sock_shutdown(9, how=rd|wr) = badf (No such descriptor)"],
};

test.each(Object.keys(functions) as FunctionName[])("%s is a line", async (name) => {
  const preopens = { "/d": makeTree({ "a.txt": "01234", link: { to: "a.txt" }, sub: {} }) };
  const [before, call, line] = lines[name];
  const found = await trace([...before, call], { args: ["a b", '"é"'], env: { A: "1" }, preopens, randomSeed: 1 });
  expect(found).toHaveLength(before.length + 1);
  expect(found.at(-1)).toBe(line);
});

/** A command that does something with WASI. */
const program = (imports: readonly string[], body: string, data = ""): Promise<WebAssembly.Module> =>
  compile(`(module ${imports.map((it) => `(import "wasi_snapshot_preview1" ${it})`).join("\n")}
    (memory (export "memory") 1) ${data} (func (export "_start") ${body}))`);
const exit = '"proc_exit" (func $exit (param i32))';
const write = '"fd_write" (func $write (param i32 i32 i32 i32) (result i32))';
const poll = '"poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32))';

test("a call that does not come back is told without an answer", async () => {
  const module = await program([exit], "(call $exit (i32.const 3))");
  const { trace: told = [], exitCode } = await run(module, { trace: true });
  expect(exitCode).toBe(3);
  expect(told).toEqual([{ name: "proc_exit", args: { rval: 3 } }]);
  expect(told.map(formatCall)).toEqual(["proc_exit(3)"]);
});

test("the call in which a run was ended is the last one that is told", async () => {
  // An hour of the monotonic clock.
  const data = '(data (i32.const 16) "\\01") (data (i32.const 24) "\\00\\a0\\b8\\30\\46\\03\\00\\00")';
  const module = await program(
    [poll],
    "(drop (call $poll (i32.const 0) (i32.const 99) (i32.const 1) (i32.const 200)))",
    data,
  );
  const { trace: told = [], outcome, diagnostics } = await run(module, { trace: true, timeoutMs: 500 });
  expect(outcome).toBe("timed-out");
  expect(told.map(formatCall)).toEqual(["poll_oneoff([{type=clock, id=monotonic, timeout=3600000000000}])"]);
  expect(diagnostics?.pendingCall).toEqual(told[0]);
});

test("addresses and sizes that are none change nothing of what the guest gets, and are left out", async () => {
  const calls: Call[] = [
    ["fd_write", 1, -8, 1, 0],
    ["fd_write", 1, 0, -1, 0],
    ["fd_read", 0, 0, 0, 0x10000],
    ["path_open", 3, 0, "x", 0, -1n, -1n, 0, -4],
    ["fd_readdir", 3, -1, -1, -1n, 0x20000],
    ["random_get", 0x10000, 0x7fffffff],
    ["poll_oneoff", 0, 0, -1, 0],
    ["fd_fdstat_get", -1, -1],
    ["args_get", 0xfffe, 0xfffe],
  ];
  const preopens = { "/d": makeTree({ x: "" }) };
  const [without, traced] = [await runCalls(calls, { preopens }), await runCalls(calls, { preopens, trace: true })];
  expect(traced.errors).toEqual(without.errors);
  const found = (traced.result.trace ?? [])
    .slice(0, -1)
    .map((call) => formatCall({ ...call, durationMs: undefined as never }));
  expect(found.map((line) => line.replace(/  .*/, ""))).toMatchInlineSnapshot(`
    [
      "fd_write(1<stdout>) = fault (An address outside the memory)",
      "fd_write(1<stdout>) = fault (An address outside the memory)",
      "fd_read(0<stdin>) = fault (An address outside the memory)",
      "path_open(3</d>, "x", fs_rights_base=fd_read|fd_write|fd_readdir|… (31)) = notcapable (It was not granted)",
      "fd_readdir(3</d>, cookie=18446744073709551615) = fault (An address outside the memory)",
      "random_get() = fault (An address outside the memory)",
      "poll_oneoff() = inval (An argument that is not valid)",
      "fd_fdstat_get(4294967295) = badf (No such descriptor)",
      "args_get() = fault (An address outside the memory)",
    ]
  `);
});

test("what is written is told as it was passed, shortened where it is long, as bytes where it is no text", async () => {
  const long = "é".repeat(100);
  const vectors = '(data (i32.const 0) "\\40\\00\\00\\00\\c8\\00\\00\\00\\00\\04\\00\\00\\03\\00\\00\\00")';
  const module = await program(
    [write],
    `(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
     (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 32)))`,
    `${vectors} (data (i32.const 64) "${"\\c3\\a9".repeat(100)}") (data (i32.const 1024) "\\ff\\00\\0a")`,
  );
  const { trace: told = [] } = await run(module, { trace: true, clock });
  expect(told.map(({ args }) => (args as TracedValues)["iovs"])).toEqual([
    { size: 200, text: long },
    { size: 3, base64: "/wAK" },
  ]);
  expect(told.map(formatCall)).toEqual([
    `fd_write(1<stdout>, "${"é".repeat(60)}…" (200 bytes)) = 200`,
    "fd_write(1<stdout>, ff000a (3 bytes)) = 3",
  ]);
});

test("with a fixed clock a trace repeats to the byte, and without one it has times", async () => {
  const calls: Call[] = [["clock_time_get", 0, 1n, 0], open("a.txt"), ["random_get", 0, 8], ["fd_close", 4]];
  const traced = async (options: SyncRunOptions): Promise<string> => {
    const preopens = { "/d": makeTree({ "a.txt": "" }) };
    const { result } = await runCalls(calls, { preopens, randomSeed: 1, ...options, trace: true });
    return JSON.stringify(result.trace);
  };
  expect(await traced({ clock })).toBe(await traced({ clock }));
  expect(await traced({ clock })).not.toContain("durationMs");
  expect(await traced({})).toContain("durationMs");
});

test("a function is told of each call as it comes back", async () => {
  const order: string[] = [];
  const module = await program(
    [write, exit],
    `(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
    (call $exit (i32.const 0))`,
    '(data (i32.const 0) "\\40\\00\\00\\00\\01\\00\\00\\00")',
  );
  const result = runSync(module, {
    trace: ({ name }: TracedCall) => void order.push(name),
    stdout: () => void order.push("(output)"),
  });
  expect(order).toEqual(["(output)", "fd_write", "proc_exit"]);
  expect(result.trace).toBeUndefined();
});
