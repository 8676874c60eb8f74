;; Creates the file that its argument names, or empties it, and writes to it.
(module
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  (memory (export "memory") 1)
  (data (i32.const 1024) "left")

  ;; Ends the program where a call failed; its errno is the exit code.
  (func $must (param $errno i32)
    (if (local.get $errno) (then (call $proc_exit (local.get $errno)))))

  ;; The first argument: the address is in argv[1], its end is the first NUL.
  (func $argument (result i32)
    (call $must (call $args_get (i32.const 0) (i32.const 256)))
    (i32.load (i32.const 4)))

  (func $length (param $text i32) (result i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (loop $next
      (if (i32.load8_u (local.get $end))
        (then
          (local.set $end (i32.add (local.get $end) (i32.const 1)))
          (br $next))))
    (i32.sub (local.get $end) (local.get $text)))

  (func (export "_start")
    (local $path i32)
    (local.set $path (call $argument))
    ;; creat and trunc, following links, with the right to write
    (call $must (call $path_open (i32.const 3) (i32.const 1) (local.get $path) (call $length (local.get $path))
      (i32.const 9) (i64.const 0x40) (i64.const 0) (i32.const 0) (i32.const 128)))
    (i32.store (i32.const 144) (i32.const 1024))
    (i32.store (i32.const 148) (i32.const 4))
    (call $must (call $fd_write (i32.load (i32.const 128)) (i32.const 144) (i32.const 1) (i32.const 136))))
)
