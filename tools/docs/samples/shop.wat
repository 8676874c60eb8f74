;; A library that asks its host. What it imports is none of WASI's functions: the host has to give it this one.

(module
  (import "shop" "priceOf" (func $priceOf (param $name i32) (param $size i32) (result f64)))

  ;; The host reads the name from here.
  (memory (export "memory") 1)
  (data (i32.const 0) "apple")

  (func (export "priceOfApples") (param $number f64) (result f64)
    (f64.mul (local.get $number) (call $priceOf (i32.const 0) (i32.const 5)))))
