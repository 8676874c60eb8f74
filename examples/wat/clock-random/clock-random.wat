;; Reads the clocks, sleeps for a second, and takes random bytes.
;;
;; hello.wat explains what an import, a memory and an iovec are.

(module
  ;; What the host provides. proc_exit does not return; each of the others
  ;; gives back an error number, 0 for none.
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get"
    (func $random_get (param i32 i32) (result i32)))
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
  ;;      8       8    what a call gives back: a time, or how many there are
  ;;     16      24    the digits of a number, and a NUL
  ;;     80            texts:
  (data (i32.const 80) "clock")
  (data (i32.const 88) "stdout")
  (data (i32.const 96) ": error ")
  (data (i32.const 108) "\n")
  (data (i32.const 112) "sleep")
  (data (i32.const 120) "random")
  (data (i32.const 128) "time: ")
  (data (i32.const 136) " s and ")
  (data (i32.const 144) " ns since 1970\n")
  (data (i32.const 160) "between two readings: ")
  (data (i32.const 184) " ns\n")
  (data (i32.const 192) "asleep for a second: ")
  (data (i32.const 216) "random: ")
  (data (i32.const 232) "0123456789abcdef")
  ;;    256      48    what poll_oneoff waits for, of which we use
  ;;                     +8   1 byte: the kind of event. 0 is a clock that goes on
  ;;                     +16  4 bytes: which clock
  ;;                     +24  8 bytes: how long, in nanoseconds
  ;;                     +40  2 bytes: 0 is from now on, 1 is until a time
  ;;    304      32    what poll_oneoff tells of the event, of which we use
  ;;                     +8   2 bytes: an error number, 0 for none
  ;;    336      16    random bytes
  ;;    352      33    the same as text, and its NUL
  (data (i32.const 768) "clock-random: ")

  (func (export "_start")
    (local $before i64) (local $after i64)
    ;; Clock 0 is the time of day. Somebody may set it, forwards or back.
    (call $print_time (call $read (i32.const 0)))
    ;; Clock 1 is monotonic: nobody sets it, and it only goes forwards. Its times
    ;; are for durations; what they count from is up to the host.
    (local.set $before (call $read (i32.const 1)))
    (local.set $after (call $read (i32.const 1)))
    (call $print_duration (i32.const 160) (local.get $before) (local.get $after)) ;; "between …"
    (call $sleep (i64.const 1_000_000_000))
    (call $print_duration (i32.const 192) (local.get $after) (call $read (i32.const 1))) ;; "asleep …"
    (call $print_random))

  ;; What a clock shows, in nanoseconds: a number of 8 bytes.
  (func $read (param $clock i32) (result i64)
    (call $must
      (i32.const 80)           ;; "clock"
      (call $clock_time_get
        (local.get $clock)
        (i64.const 1)          ;; how exact, in nanoseconds: as exact as the host can
        (i32.const 8)))        ;; where to put the time
    (i64.load (i32.const 8)))

  ;; Sleeps for some nanoseconds. WASI has no call for that alone: poll_oneoff
  ;; waits until one of some events has happened, here of one.
  (func $sleep (param $duration i64)
    ;; The kind of event and the flags are 0, as memory is from the beginning.
    (i32.store offset=16 (i32.const 256) (i32.const 1)) ;; the monotonic clock
    (i64.store offset=24 (i32.const 256) (local.get $duration))
    (call $must
      (i32.const 112)          ;; "sleep"
      (call $poll_oneoff
        (i32.const 256)        ;; what to wait for
        (i32.const 304)        ;; where to put what happened
        (i32.const 1)          ;; how many events to wait for
        (i32.const 8)))        ;; where to put how many happened
    (call $must
      (i32.const 112)          ;; "sleep"
      (i32.load16_u offset=8 (i32.const 304))))

  ;; Prints a time as seconds and the nanoseconds that are left.
  (func $print_time (param $time i64)
    (call $print (i32.const 128))  ;; "time: "
    (call $print (call $decimal (i64.div_u (local.get $time) (i64.const 1_000_000_000))))
    (call $print (i32.const 136))  ;; " s and "
    (call $print (call $decimal (i64.rem_u (local.get $time) (i64.const 1_000_000_000))))
    (call $print (i32.const 144))) ;; " ns since 1970\n"

  ;; Prints what lies between two times.
  (func $print_duration (param $what i32) (param $before i64) (param $after i64)
    (call $print (local.get $what))
    (call $print (call $decimal (i64.sub (local.get $after) (local.get $before))))
    (call $print (i32.const 184))) ;; " ns\n"

  ;; Prints 16 random bytes.
  (func $print_random
    (call $must
      (i32.const 120)          ;; "random"
      (call $random_get
        (i32.const 336)        ;; where to put them
        (i32.const 16)))       ;; how many
    (call $hex)
    (call $print (i32.const 216))  ;; "random: "
    (call $print (i32.const 352))
    (call $print (i32.const 108))) ;; "\n"

  ;; Makes two digits of each of the random bytes, one for its upper four bits and
  ;; one for its lower four.
  (func $hex
    (local $i i32) (local $byte i32) (local $text i32)
    (loop $next
      (local.set $byte (i32.load8_u (i32.add (i32.const 336) (local.get $i))))
      (local.set $text (i32.add (i32.const 352) (i32.mul (local.get $i) (i32.const 2))))
      (i32.store8
        (local.get $text)
        (call $digit (i32.shr_u (local.get $byte) (i32.const 4))))
      (i32.store8 offset=1
        (local.get $text)
        (call $digit (i32.and (local.get $byte) (i32.const 15))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 16)))))

  ;; The digit for a number from 0 to 15.
  (func $digit (param $number i32) (result i32)
    (i32.load8_u (i32.add (i32.const 232) (local.get $number)))) ;; "0123456789abcdef"

  ;; ---- Output -----------------------------------------------------------------

  ;; Writes a text to stdout.
  (func $print (param $text i32)
    (call $must
      (i32.const 88)         ;; "stdout"
      (call $write (i32.const 1) (local.get $text) (call $length (local.get $text)))))

  ;; Goes on where a call gave back 0. Otherwise this ends the program with exit
  ;; code 1, and says why on stderr: clock-random: SUBJECT: error NUMBER
  (func $must (param $subject i32) (param $errno i32)
    (if (local.get $errno)
      (then
        (call $say (i32.const 768))  ;; "clock-random: "
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
