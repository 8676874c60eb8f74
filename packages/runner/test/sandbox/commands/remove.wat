;; Removes the file that its argument names.
(module
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $path_unlink_file (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  (memory (export "memory") 1)

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
    (call $must (call $path_unlink_file (i32.const 3) (local.get $path) (call $length (local.get $path)))))
)
