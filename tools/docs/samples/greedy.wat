;; A program that takes all it can get, by its first argument: l loops, w writes to a file, anything else traps.

(module
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 2)
  (data (i32.const 32) "out")

  (func (export "_start") (local $what i32) (local $errno i32)
    ;; argv is at 64: the address of the second argument is at 68.
    (drop (call $args_get (i32.const 64) (i32.const 1024)))
    (local.set $what (i32.load8_u (i32.load (i32.const 68))))

    (if (i32.eq (local.get $what) (i32.const 0x6c)) (then
      (loop $again (br $again))))

    (if (i32.eq (local.get $what) (i32.const 0x77)) (then
      ;; Writes 64 KiB at a time until that fails, and exits with the errno.
      (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 3) (i32.const 1)
        (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 16)))
      (i32.store (i32.const 4) (i32.const 65536))
      (loop $again
        (local.set $errno (call $fd_write (i32.load (i32.const 16)) (i32.const 0) (i32.const 1) (i32.const 8)))
        (br_if $again (i32.eqz (local.get $errno))))
      (call $proc_exit (local.get $errno))))
    unreachable))
