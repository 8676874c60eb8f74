;; Opens a directory, puts a link in its place, and goes on from the descriptor it has.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_rename" (func $path_rename (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  (memory (export "memory") 1)
  (data (i32.const 1024) "dir")
  (data (i32.const 1040) "moved")
  (data (i32.const 1056) "way")
  (data (i32.const 1072) "secret")

  ;; Ends the program where a call failed; its errno is the exit code.
  (func $must (param $errno i32)
    (if (local.get $errno) (then (call $proc_exit (local.get $errno)))))

  ;; Opens a path, following links, and prints what is there.
  (func $show (param $directory i32) (param $path i32) (param $size i32)
    (call $must (call $path_open (local.get $directory) (i32.const 1) (local.get $path) (local.get $size)
      (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 128)))
    (i32.store (i32.const 144) (i32.const 4096)) ;; a buffer list of one: address and size
    (i32.store (i32.const 148) (i32.const 4096))
    (call $must (call $fd_read (i32.load (i32.const 128)) (i32.const 144) (i32.const 1) (i32.const 136)))
    (i32.store (i32.const 148) (i32.load (i32.const 136)))
    (call $must (call $fd_write (i32.const 1) (i32.const 144) (i32.const 1) (i32.const 136))))

  (func (export "_start")
    (call $must (call $path_open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 3)
      (i32.const 2) (i64.const 0x6000) (i64.const 0x2) (i32.const 0) (i32.const 160)))
    (call $must (call $path_rename (i32.const 3) (i32.const 1024) (i32.const 3) (i32.const 3) (i32.const 1040) (i32.const 5)))
    (call $must (call $path_rename (i32.const 3) (i32.const 1056) (i32.const 3) (i32.const 3) (i32.const 1024) (i32.const 3)))
    (call $show (i32.load (i32.const 160)) (i32.const 1072) (i32.const 6)))
)
