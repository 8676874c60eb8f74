;; A library: no _start, but functions that a host may call when it likes.

(module
  ;; What it counts stays here from call to call, as long as the instance lives.
  (global $count (mut i32) (i32.const 0))

  (func (export "add") (param $number i32) (result i32)
    (global.set $count (i32.add (global.get $count) (local.get $number)))
    (global.get $count))

  ;; Traps if $by is 0, as all division does.
  (func (export "divide") (param $by i32) (result i32)
    (i32.div_s (global.get $count) (local.get $by))))
