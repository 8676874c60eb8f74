import { wasi } from "../../../wasm/test/helpers/assemble.ts";

const openParams = "i32 i32 i32 i32 i32 i64 i64 i32 i32";

/** Ends with an errno, unless it is 0. */
const must = (call: string): string =>
  `(local.set $errno ${call}) (if (local.get $errno) (then (call $proc_exit (local.get $errno))))`;

/** Opens one of the names at an address, with oflags and rights, and keeps its descriptor. */
const open = (at: number, size: number, oflags: number, rights: number): string => `
  ${must(`(call $path_open (i32.const 3) (i32.const 0) (i32.const ${at}) (i32.const ${size}) (i32.const ${oflags})
    (i64.const ${rights}) (i64.const 0) (i32.const 0) (i32.const 16))`)}
  (local.set $fd (i32.load (i32.const 16)))`;

/** Copies up to 1 KiB at 1024 from a descriptor to another. */
const copy = (from: string, to: string): string => `
  (i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 1024))
  ${must(`(call $fd_read ${from} (i32.const 0) (i32.const 1) (i32.const 8))`)}
  (i32.store (i32.const 4) (i32.load (i32.const 8)))
  ${must(`(call $fd_write ${to} (i32.const 0) (i32.const 1) (i32.const 8))`)}`;

const fd = "(local.get $fd)";

/**
 * A command that prints the file `7/7` of its directory, replaces it by what it
 * reads from stdin, makes the file `new`, and removes `7/8`. It ends with the
 * errno of the first call that fails: `new` must not be there before.
 */
export const editing = `(module
  ${wasi({ path_open: openParams, fd_read: "i32 i32 i32 i32", fd_write: "i32 i32 i32 i32", path_unlink_file: "i32 i32 i32", proc_exit: "i32" })}
  (memory (export "memory") 1)
  (data (i32.const 32) "7/7") (data (i32.const 40) "7/8") (data (i32.const 48) "new")
  (func (export "_start") (local $fd i32) (local $errno i32)
    ${open(32, 3, 0, 2)}
    ${copy(fd, "(i32.const 1)")}
    ${open(32, 3, 8, 64 + 2 ** 22)}
    ${copy("(i32.const 0)", fd)}
    ${open(48, 3, 5, 64)}
    ${must("(call $path_unlink_file (i32.const 3) (i32.const 40) (i32.const 3))")}))`;
