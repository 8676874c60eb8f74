;; Functions for a host to call. WebAssembly knows numbers only, so a list or a
;; text is an address in memory, and a size.
;;
;; Nothing is imported here, and there is no _start: a module with functions to
;; call is a library (WASI says reactor), and one with _start is a program (a
;; command). A library that has to prepare something first exports _initialize,
;; which the host calls once, before all others. This one has nothing to prepare.

(module
  (memory (export "memory") 1)

  ;; How this library uses its memory:
  ;;
  ;;   address  bytes
  ;;      8       7    a text; it needs no NUL, since its size is known
  (data (i32.const 8) "Hello, ")
  ;;     16            free: what the host and the library take
  ;;
  ;; Before each address that is given out are 8 bytes of the library's own:
  ;;
  ;;     -8       4    how many bytes there are at the address
  ;;     -4       4    where it was given back, the address that was given back before; 0 for none

  (global $end (mut i32) (i32.const 16))   ;; where memory begins that was never taken
  (global $last (mut i32) (i32.const 0))   ;; the address that was given back last

  ;; ---- Memory -----------------------------------------------------------------

  ;; Takes memory and gives back its address, a multiple of 8, as numbers of 8
  ;; bytes want it; 0 if there is none left.
  (func $allocate (export "allocate") (param $size i32) (result i32)
    (local $address i32)
    ;; More than 1 GiB is refused, so that no sum below needs more than 4 bytes.
    (if (i32.gt_u (local.get $size) (i32.const 0x4000_0000)) (then (return (i32.const 0))))
    (local.set $address (call $reuse (local.get $size)))
    (if (i32.eqz (local.get $address))
      (then (local.set $address (call $extend (local.get $size)))))
    (local.get $address))

  ;; Gives memory back. How much it was is kept before it.
  (func (export "deallocate") (param $address i32) (param $size i32)
    (i32.store (i32.sub (local.get $address) (i32.const 4)) (global.get $last))
    (global.set $last (local.get $address)))

  ;; Takes the first memory that was given back and is large enough: all of it, so
  ;; that there is no rest to look after. 0 if there is none. (This is right for
  ;; a few texts at a time. For many of all sizes there are better ways.)
  (func $reuse (param $size i32) (result i32)
    (local $address i32) (local $before i32) (local $next i32)
    (local.set $address (global.get $last))
    (loop $search
      (if (i32.eqz (local.get $address)) (then (return (i32.const 0))))
      (local.set $next (i32.load (i32.sub (local.get $address) (i32.const 4))))
      (if (i32.lt_u (i32.load (i32.sub (local.get $address) (i32.const 8))) (local.get $size))
        (then
          (local.set $before (local.get $address))
          (local.set $address (local.get $next))
          (br $search))))
    ;; It leaves the list: what led to it leads past it now.
    (if (local.get $before)
      (then (i32.store (i32.sub (local.get $before) (i32.const 4)) (local.get $next)))
      (else (global.set $last (local.get $next))))
    (local.get $address))

  ;; Takes memory that was never taken. It has pages of 64 KiB, and grows where it
  ;; is too small; 0 if the host does not allow that.
  (func $extend (param $size i32) (result i32)
    (local $address i32) (local $missing i32)
    (local.set $address (i32.add (global.get $end) (i32.const 8)))
    (local.set $size (i32.and (i32.add (local.get $size) (i32.const 7)) (i32.const -8)))
    (local.set $missing
      (i32.sub
        (i32.add (local.get $address) (local.get $size))
        (i32.mul (memory.size) (i32.const 0x10000))))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.eq
              (memory.grow (i32.add (i32.div_u (local.get $missing) (i32.const 0x10000)) (i32.const 1)))
              (i32.const -1))
          (then (return (i32.const 0))))))
    (i32.store (global.get $end) (local.get $size))
    (global.set $end (i32.add (local.get $address) (local.get $size)))
    (local.get $address))

  ;; ---- What the library is for ------------------------------------------------

  (func (export "add") (param $a f64) (param $b f64) (result f64)
    (f64.add (local.get $a) (local.get $b)))

  ;; The sum of some numbers of 8 bytes, one after the other.
  (func (export "sum") (param $number i32) (param $count i32) (result f64)
    (local $sum f64)
    (loop $next
      (if (local.get $count)
        (then
          (local.set $sum (f64.add (local.get $sum) (f64.load (local.get $number))))
          (local.set $number (i32.add (local.get $number) (i32.const 8)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br $next))))
    (local.get $sum))

  ;; The address of a greeting: 4 bytes with its size, and then its bytes. It is
  ;; the host's to give back. For the name "Ada", which has 3 bytes:
  ;;
  ;;   +0  +4      +11 +14
  ;;   11  Hello,  Ada !
  (func (export "greet") (param $name i32) (param $size i32) (result i32)
    (local $greeting i32) (local $end i32)
    (local.set $greeting (call $allocate (i32.add (local.get $size) (i32.const 12))))
    (if (i32.eqz (local.get $greeting)) (then (return (i32.const 0))))
    (i32.store (local.get $greeting) (i32.add (local.get $size) (i32.const 8)))
    (memory.copy
      (i32.add (local.get $greeting) (i32.const 4))   ;; to
      (i32.const 8)                                   ;; from: "Hello, "
      (i32.const 7))                                  ;; how many bytes
    (memory.copy
      (i32.add (local.get $greeting) (i32.const 11))
      (local.get $name)
      (local.get $size))
    (local.set $end (i32.add (i32.add (local.get $greeting) (i32.const 11)) (local.get $size)))
    (i32.store8 (local.get $end) (i32.const 0x21))    ;; "!"
    (local.get $greeting))
)
