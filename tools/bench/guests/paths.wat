;; Opens, stats and closes a file three components deep, 100,000 times.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get"
    (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "a/b/file")

  (func $must (param i32)
    (if (local.get 0) (then unreachable)))

  (func (export "_start") (local $left i32)
    (local.set $left (i32.const 100000))
    (loop $again
      (call $must (call $path_open
        (i32.const 3) (i32.const 1) (i32.const 0) (i32.const 8)
        (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)))
      (call $must (call $path_filestat_get
        (i32.const 3) (i32.const 1) (i32.const 0) (i32.const 8) (i32.const 128)))
      (call $must (call $fd_close (i32.load (i32.const 64))))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))))
