import { wasi } from "../../../wasm/test/helpers/assemble.ts";

const command = (imports: Readonly<Record<string, string>>, start: string, memory = "1"): string =>
  `(module ${wasi(imports)} (memory (export "memory") ${memory})
    (data (i32.const 16) "\\40\\00\\00\\00\\06\\00\\00\\00") (data (i32.const 64) "flood\\n")
    (func $start (export "_start") ${start}))`;

/** Guests that would never end, or take all there is, by what they do. Each prints a line first, but for the last two. */
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
  /** Writes for ever. */
  flood: command(
    { fd_write: "i32 i32 i32 i32" },
    `(loop $again
       (drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))
       (br $again))`,
  ),
  /** Takes memory, a page at a time, until it gets no more, and traps. */
  grow: command({}, "(loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable"),
  /** Calls itself for ever. */
  recurse: command({}, "(call $start)"),
} satisfies Record<string, string>;

/** The name of one of them. */
export type Hostile = keyof typeof hostile;
