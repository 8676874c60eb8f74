;; A library that asks for the time and for random bytes, and that can run for ever.

(module
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get"
    (func $random_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)

  ;; Clock 0 is the time of day, in nanoseconds since 1970.
  (func (export "now") (result i64)
    (drop (call $clock_time_get (i32.const 0) (i64.const 1) (i32.const 0)))
    (i64.load (i32.const 0)))

  (func (export "random") (result i32)
    (drop (call $random_get (i32.const 0) (i32.const 1)))
    (i32.load8_u (i32.const 0)))

  (func (export "forever")
    (loop $again (br $again)))

  ;; Asks for so many pages of 64 KiB. Gives how many there were before, or -1.
  (func (export "grow") (param $pages i32) (result i32)
    (memory.grow (local.get $pages))))
