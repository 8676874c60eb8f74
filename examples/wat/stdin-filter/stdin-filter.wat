;; Writes what it reads from stdin, in capital letters.
;;
;; hello.wat explains what an import, a memory and an iovec are.

(module
  ;; What the host provides. proc_exit does not return; each of the others
  ;; gives back an error number, 0 for none.
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
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
  ;;      0       4    iovec: the address of a buffer
  ;;      4       4    iovec: its length
  ;;      8       4    how many bytes were read or written
  ;;     16      24    the digits of a number, and a NUL
  ;;     80            texts:
  (data (i32.const 80) "stdin")
  (data (i32.const 88) "stdout")
  (data (i32.const 96) ": error ")
  (data (i32.const 108) "\n")
  (data (i32.const 768) "stdin-filter: ")
  ;;   1024    4096    a piece of what is read, and what becomes of it
  ;;
  ;; However much there is to read, this program never needs more.

  (func (export "_start")
    (local $length i32)
    (loop $next
      (local.set $length (call $read))
      (if (local.get $length)
        (then
          (call $capitalize (i32.const 1024) (i32.add (i32.const 1024) (local.get $length)))
          (call $must
            (i32.const 88)   ;; "stdout"
            (call $write (i32.const 1) (i32.const 1024) (local.get $length)))
          (br $next)))))

  ;; Reads at most 4096 bytes from stdin, and gives back how many came. That can
  ;; be fewer, even 1, long before the end: the end is when none come.
  (func $read (result i32)
    (i32.store (i32.const 0) (i32.const 1024))  ;; the buffer begins at 1024
    (i32.store (i32.const 4) (i32.const 4096))  ;; and has 4096 bytes
    (call $must
      (i32.const 80)         ;; "stdin"
      (call $fd_read
        (i32.const 0)        ;; descriptor 0: stdin
        (i32.const 0)        ;; the iovecs are at address 0
        (i32.const 1)        ;; and there is one
        (i32.const 8)))      ;; how many bytes were read goes to address 8
    (i32.load (i32.const 8)))

  ;; Makes capitals of the letters a to z between two addresses. In UTF-8 all
  ;; bytes of other letters are 128 and above: they are not touched, even if
  ;; the end of the buffer cuts a letter in two.
  (func $capitalize (param $address i32) (param $end i32)
    (loop $next
      (if (call $is_small (i32.load8_u (local.get $address)))
        (then
          (i32.store8
            (local.get $address)
            (i32.sub (i32.load8_u (local.get $address)) (i32.const 0x20))))) ;; from "a" to "A"
      (local.set $address (i32.add (local.get $address) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $address) (local.get $end)))))

  ;; Whether a byte is one of the letters a to z. If it is less than "a", the
  ;; difference is below 0; read as unsigned, that is a large number.
  (func $is_small (param $byte i32) (result i32)
    (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x61)) (i32.const 26))) ;; 0x61 is "a"

  ;; ---- Output -----------------------------------------------------------------

  ;; Goes on where a call gave back 0. Otherwise this ends the program with exit
  ;; code 1, and says why on stderr: stdin-filter: SUBJECT: error NUMBER
  (func $must (param $subject i32) (param $errno i32)
    (if (local.get $errno)
      (then
        (call $say (i32.const 768))  ;; "stdin-filter: "
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
