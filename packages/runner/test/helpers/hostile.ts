import { wasi } from "../../../wasm/test/helpers/assemble.ts";

const command = (imports: Readonly<Record<string, string>>, start: string, memory = "1"): string =>
  `(module ${wasi(imports)} (memory (export "memory") ${memory})
    (data (i32.const 16) "\\40\\00\\00\\00\\06\\00\\00\\00") (data (i32.const 64) "flood\\n")
    (func $start (export "_start") ${start}))`;

const openParams = "i32 i32 i32 i32 i32 i64 i64 i32 i32";

const exitOnError = "(if (local.get $errno) (then (call $proc_exit (local.get $errno))))";

/** Guests that would never end, or take all there is, by what they do. Most print a line first. */
export const hostile = {
  /** Computes for ever. */
  loop: command(
    { fd_write: "i32 i32 i32 i32" },
    `(drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))
     (loop $again (br $again))`,
  ),
  /** Sleeps for an hour, by the monotonic clock. */
  sleep: command(
    { fd_write: "i32 i32 i32 i32", poll_oneoff: "i32 i32 i32 i32" },
    `(drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))
     (i32.store (i32.const 144) (i32.const 1))
     (i64.store (i32.const 152) (i64.const 3600000000000))
     (drop (call $poll_oneoff (i32.const 128) (i32.const 256) (i32.const 1) (i32.const 8)))`,
  ),
  /** Reads stdin to its end. */
  read: command(
    { fd_write: "i32 i32 i32 i32", fd_read: "i32 i32 i32 i32" },
    `(drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))
     (i32.store (i32.const 128) (i32.const 512)) (i32.store (i32.const 132) (i32.const 512))
     (loop $again
       (drop (call $fd_read (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 8)))
       (br_if $again (i32.load (i32.const 8))))`,
  ),
  /** Reads stdin for ever, 512 bytes at a time, or to its end: like `read`, but it prints no line. */
  swallow: command(
    { fd_read: "i32 i32 i32 i32" },
    `(i32.store (i32.const 128) (i32.const 512)) (i32.store (i32.const 132) (i32.const 512))
     (loop $again
       (drop (call $fd_read (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 8)))
       (br_if $again (i32.load (i32.const 8))))`,
  ),
  /** Asks for the time for ever. */
  pester: command(
    { clock_time_get: "i32 i64 i32" },
    "(loop $again (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 8))) (br $again))",
  ),
  /** Writes for ever. */
  flood: command(
    { fd_write: "i32 i32 i32 i32" },
    `(loop $again
       (drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))
       (br $again))`,
  ),
  /** Takes memory, a page at a time, until it gets no more, and traps. */
  grow: command({}, "(loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable"),
  /** Fills a file of its first directory, 64 KiB at a time, until that fails, and exits with the errno. */
  fill: command(
    { path_open: openParams, fd_write: "i32 i32 i32 i32", proc_exit: "i32" },
    `(local $errno i32)
     (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 9) (i64.const 64) (i64.const 64) (i32.const 0) (i32.const 20)))
     (i32.store (i32.const 0) (i32.const 65536)) (i32.store (i32.const 4) (i32.const 65536))
     (loop $again
       (local.set $errno (call $fd_write (i32.load (i32.const 20)) (i32.const 0) (i32.const 1) (i32.const 8)))
       (br_if $again (i32.eqz (local.get $errno))))
     (call $proc_exit (local.get $errno))`,
    "3",
  ),
  /** Makes files in its first directory, with names of four bytes, until that fails, and exits with the errno. */
  litter: command(
    { path_open: openParams, fd_close: "i32", proc_exit: "i32" },
    `(local $errno i32) (local $number i32)
     (loop $again
       ${[0, 1, 2, 3].map((i) => `(i32.store8 (i32.const ${128 + i}) (i32.add (i32.const 64) (i32.and (i32.const 63) (i32.shr_u (local.get $number) (i32.const ${6 * i})))))`).join(" ")}
       (local.set $number (i32.add (local.get $number) (i32.const 1)))
       (local.set $errno (call $path_open (i32.const 3) (i32.const 0) (i32.const 128) (i32.const 4) (i32.const 1) (i64.const 64) (i64.const 64) (i32.const 0) (i32.const 20)))
       (drop (call $fd_close (i32.load (i32.const 20))))
       (br_if $again (i32.eqz (local.get $errno))))
     (call $proc_exit (local.get $errno))`,
  ),
  /** Opens its first directory until that fails, and exits with the errno. */
  hoard: command(
    { path_open: openParams, proc_exit: "i32" },
    `(local $errno i32)
     (i32.store8 (i32.const 128) (i32.const 0x2e))
     (loop $again
       (local.set $errno (call $path_open (i32.const 3) (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 2) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 20)))
       (br_if $again (i32.eqz (local.get $errno))))
     (call $proc_exit (local.get $errno))`,
  ),
  /** Makes a directory in a directory, in its first one and so on, until that fails, and exits with the errno. */
  dig: command(
    { path_open: openParams, path_create_directory: "i32 i32 i32", fd_close: "i32", proc_exit: "i32" },
    `(local $errno i32) (local $fd i32)
     (local.set $fd (i32.const 3))
     (i32.store8 (i32.const 128) (i32.const 0x64))
     (loop $again
       (local.set $errno (call $path_create_directory (local.get $fd) (i32.const 128) (i32.const 1)))
       ${exitOnError}
       (local.set $errno (call $path_open (local.get $fd) (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 2) (i64.const 0x2200) (i64.const 0x2200) (i32.const 0) (i32.const 20)))
       ${exitOnError}
       (if (i32.ne (local.get $fd) (i32.const 3)) (then (drop (call $fd_close (local.get $fd)))))
       (local.set $fd (i32.load (i32.const 20)))
       (br $again))`,
  ),
  /** Makes a table larger, a thousand elements at a time and then one, until it gets no more, and exits with 1. */
  crowd: command(
    { proc_exit: "i32" },
    `${[1000, 1].map((count) => `(loop $again (br_if $again (i32.ne (table.grow $t (ref.null func) (i32.const ${count})) (i32.const -1))))`).join(" ")}
     (call $proc_exit (i32.const 1))`,
  ).replace("(func $start", "(table $t 1 funcref) (func $start"),
  /** Calls itself for ever. */
  recurse: command({}, "(call $start)"),
} satisfies Record<string, string>;

/** The name of one of them. */
export type Hostile = keyof typeof hostile;
