;; Prints its environment and its arguments.
;;
;; hello.wat explains what an import, a memory and an iovec are.

(module
  ;; What the host provides. proc_exit does not return; each of the others
  ;; gives back an error number, 0 for none.
  (import "wasi_snapshot_preview1" "args_sizes_get"
    (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get"
    (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get"
    (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get"
    (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit"
    (func $proc_exit (param i32)))

  (memory (export "memory") 1)

  ;; How this program uses its memory. A text is known by the address of its
  ;; first byte and ends at a byte that is zero, a NUL. Memory begins as zeros,
  ;; so that each of the texts below has its NUL.
  ;;
  ;;   address  bytes
  ;;      0       4    iovec: the address of a text
  ;;      4       4    iovec: its length
  ;;      8       4    what a call gives back: a number of texts, or of bytes
  ;;     12       4    what it gives back besides
  ;;     16      24    the digits of a number, and a NUL
  ;;     88            texts:
  (data (i32.const 88) "stdout")
  (data (i32.const 96) ": error ")
  (data (i32.const 108) "\n")
  (data (i32.const 112) "host")
  (data (i32.const 128) "Args are: ")
  (data (i32.const 140) ",")
  (data (i32.const 768) "args-env: ")
  ;;   1024            free: the variables and the arguments are put here

  (global $free (mut i32) (i32.const 1024))  ;; where free memory begins
  (global $argc (mut i32) (i32.const 0))     ;; how many arguments there are
  (global $argv (mut i32) (i32.const 0))     ;; where the address of the first one is

  (func (export "_start")
    (call $print_environment)
    (call $get_args)
    (call $print_arguments))

  ;; Prints each variable on a line. Variables come as arguments do: the host
  ;; says how many there are and how much room they take, and then puts them
  ;; where there is room. Each is one text, "name=value". With 1024 as the first
  ;; free address:
  ;;
  ;;   1024    1028    1032        1040
  ;;   [1032]  [1040]  abc=def NUL foo=bar NUL
  (func $print_environment
    (local $address i32) (local $end i32)
    (call $must
      (i32.const 112)        ;; "host"
      (call $environ_sizes_get
        (i32.const 8)        ;; where to put how many there are
        (i32.const 12)))     ;; where to put how many bytes their text has
    (local.set $address (call $take (i32.mul (i32.load (i32.const 8)) (i32.const 4))))
    (local.set $end (global.get $free))
    (call $must
      (i32.const 112)        ;; "host"
      (call $environ_get
        (local.get $address)                        ;; where to put the address of each
        (call $take (i32.load (i32.const 12)))))    ;; where to put their text
    (loop $next
      (if (i32.lt_u (local.get $address) (local.get $end))
        (then
          (call $print (i32.load (local.get $address)))
          (call $print (i32.const 108))             ;; "\n"
          (local.set $address (i32.add (local.get $address) (i32.const 4)))
          (br $next)))))

  ;; Prints the arguments on a line, with commas between them. Argument 0 is the
  ;; program's name, so this begins with number 1.
  (func $print_arguments
    (local $index i32)
    (call $print (i32.const 128))                   ;; "Args are: "
    (local.set $index (i32.const 1))
    (loop $next
      (if (i32.lt_u (local.get $index) (global.get $argc))
        (then
          (if (i32.gt_u (local.get $index) (i32.const 1))
            (then (call $print (i32.const 140))))     ;; ","
          (call $print (call $argument (local.get $index) (i32.const 0)))
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br $next))))
    (call $print (i32.const 108)))                  ;; "\n"

  ;; ---- Arguments --------------------------------------------------------------

  ;; Fetches the arguments. The host says how many there are and how much room
  ;; their text takes, and then puts them where there is room. For one argument
  ;; after the program's name, with 1024 as the first free address:
  ;;
  ;;   1024    1028    1032         1041
  ;;   [1032]  [1041]  app.wasm NUL arg1 NUL
  (func $get_args
    (call $must
      (i32.const 112)        ;; "host"
      (call $args_sizes_get
        (i32.const 8)        ;; where to put how many there are
        (i32.const 12)))     ;; where to put how many bytes their text has
    (global.set $argc (i32.load (i32.const 8)))
    (global.set $argv (call $take (i32.mul (global.get $argc) (i32.const 4))))
    (call $must
      (i32.const 112)        ;; "host"
      (call $args_get
        (global.get $argv)                          ;; where to put the address of each
        (call $take (i32.load (i32.const 12))))))   ;; where to put their text

  ;; The text of an argument, or another one where it was not given.
  (func $argument (param $index i32) (param $default i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $index) (global.get $argc))
      (then (i32.load (i32.add (global.get $argv) (i32.mul (local.get $index) (i32.const 4)))))
      (else (local.get $default))))

  ;; Takes memory that is still free, and gives back its address: a multiple of 4,
  ;; as the host wants it for numbers of 4 bytes. Memory has pages of 64 KiB, and
  ;; grows here where it is too small. (If it can't, the host finds no room at the
  ;; address, and the call that was to put something there fails.)
  (func $take (param $size i32) (result i32)
    (local $address i32)
    (local.set $address (global.get $free))
    (local.set $size (i32.and (i32.add (local.get $size) (i32.const 3)) (i32.const -4)))
    (global.set $free (i32.add (local.get $address) (local.get $size)))
    (if (i32.gt_u (global.get $free) (i32.mul (memory.size) (i32.const 0x10000)))
      (then
        (drop
          (memory.grow
            (i32.add (i32.div_u (local.get $size) (i32.const 0x10000)) (i32.const 1))))))
    (local.get $address))

  ;; ---- Output -----------------------------------------------------------------

  ;; Writes a text to stdout.
  (func $print (param $text i32)
    (call $must
      (i32.const 88)         ;; "stdout"
      (call $write (i32.const 1) (local.get $text) (call $length (local.get $text)))))

  ;; Goes on where a call gave back 0. Otherwise this ends the program with exit
  ;; code 1, and says why on stderr: args-env: SUBJECT: error NUMBER
  (func $must (param $subject i32) (param $errno i32)
    (if (local.get $errno)
      (then
        (call $say (i32.const 768))  ;; "args-env: "
        (call $say (local.get $subject))
        (call $say (i32.const 96))   ;; ": error "
        (call $say (call $decimal (i64.extend_i32_u (local.get $errno))))
        (call $say (i32.const 108))  ;; "\n"
        (call $proc_exit (i32.const 1)))))

  ;; Writes a text to stderr. If that fails, there is nowhere to say so.
  (func $say (param $text i32)
    (drop (call $write (i32.const 2) (local.get $text) (call $length (local.get $text)))))

  ;; Writes bytes to a descriptor, and gives back an error number. The host may
  ;; take fewer bytes than it is offered, so this goes on until it has them all.
  (func $write (param $descriptor i32) (param $bytes i32) (param $length i32) (result i32)
    (local $errno i32)
    (loop $again
      (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
      (i32.store (i32.const 0) (local.get $bytes))
      (i32.store (i32.const 4) (local.get $length))
      (local.set $errno
        (call $fd_write
          (local.get $descriptor)
          (i32.const 0)      ;; the iovecs are at address 0
          (i32.const 1)      ;; and there is one
          (i32.const 8)))    ;; how many bytes were written goes to address 8
      (if (local.get $errno) (then (return (local.get $errno))))
      (local.set $bytes (i32.add (local.get $bytes) (i32.load (i32.const 8))))
      (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 8))))
      (br_if $again (i32.load (i32.const 8))))
    (i32.const 29))          ;; not one byte was taken: error 29 is "io"

  ;; How many bytes a text has before its NUL.
  (func $length (param $text i32) (result i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (loop $next
      (if (i32.load8_u (local.get $end))
        (then
          (local.set $end (i32.add (local.get $end) (i32.const 1)))
          (br $next))))
    (i32.sub (local.get $end) (local.get $text)))

  ;; The text of a number. It is written from its end, since the last digit is the
  ;; first to be known: the rest of a division by ten.
  (func $decimal (param $number i64) (result i32)
    (local $text i32)
    (local.set $text (i32.const 39))  ;; its NUL
    (loop $next
      (local.set $text (i32.sub (local.get $text) (i32.const 1)))
      (i64.store8
        (local.get $text)
        (i64.add (i64.const 0x30) (i64.rem_u (local.get $number) (i64.const 10)))) ;; 0x30 is "0"
      (local.set $number (i64.div_u (local.get $number) (i64.const 10)))
      (br_if $next (i32.eqz (i64.eqz (local.get $number)))))
    (local.get $text))
)
