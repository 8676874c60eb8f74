;; Reads a file, grows its memory, and reads it again with the path in what is new.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  (memory (export "memory") 1)
  (data (i32.const 1024) "file")

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
    (call $show (i32.const 3) (i32.const 1024) (i32.const 4))
    (drop (memory.grow (i32.const 1)))
    (i32.store (i32.const 65536) (i32.load (i32.const 1024)))
    (call $show (i32.const 3) (i32.const 65536) (i32.const 4)))
)
