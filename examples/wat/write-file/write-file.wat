;; Creates a file, or appends to one, or replaces or overwrites what is in it:
;;
;;   write-file create|append|replace|overwrite PATH TEXT [OFFSET]
;;
;; Without arguments it replaces /sandbox/file.txt.
;; hello.wat explains what an import, a memory and an iovec are.

(module
  ;; What the host provides. proc_exit does not return; each of the others
  ;; gives back an error number, 0 for none.
  (import "wasi_snapshot_preview1" "args_sizes_get"
    (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get"
    (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get"
    (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name"
    (func $fd_prestat_dir_name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek"
    (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close"
    (func $fd_close (param i32) (result i32)))
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
  ;;      8       4    what a call gives back: a descriptor, or a number of bytes
  ;;     12       4    what it gives back besides
  ;;     16      24    the digits of a number, and a NUL
  ;;     88            texts:
  (data (i32.const 88) "stdout")
  (data (i32.const 96) ": error ")
  (data (i32.const 108) "\n")
  (data (i32.const 112) "host")
  (data (i32.const 128) ".")
  (data (i32.const 136) "/sandbox/file.txt")
  (data (i32.const 160) ": no directory above it was granted\n")
  (data (i32.const 272) "modified\n")
  (data (i32.const 284) "0")
  (data (i32.const 288) "wrote ")
  (data (i32.const 296) " bytes to ")
  (data (i32.const 320) "usage: write-file create|append|replace|overwrite PATH TEXT [OFFSET]\n")
  ;;    640      64    the modes, 16 bytes each:
  ;;                     +0  its name, in 12 bytes
  ;;                    +12  how to open the file, "oflags": the sum of 1 create it
  ;;                         if there is none, 4 fail if there is one, 8 truncate it
  ;;                    +13  how to write to it, "fdflags": 1 always at its end
  ;;                    +14  how many arguments there are, the program's name too
  (data (i32.const 640) "create\00\00\00\00\00\00" "\05" "\00" "\04")
  (data (i32.const 656) "append\00\00\00\00\00\00" "\01" "\01" "\04")
  (data (i32.const 672) "replace\00\00\00\00\00"   "\09" "\00" "\04")
  (data (i32.const 688) "overwrite\00\00\00"       "\00" "\00" "\05")
  (data (i32.const 768) "write-file: ")
  ;;   1024            free: the arguments and the names of preopens are put here

  (global $free (mut i32) (i32.const 1024))  ;; where free memory begins
  (global $argc (mut i32) (i32.const 0))     ;; how many arguments there are
  (global $argv (mut i32) (i32.const 0))     ;; where the address of the first one is
  (global $preopen (mut i32) (i32.const 0))  ;; the directory that a path leads through
  (global $rest (mut i32) (i32.const 0))     ;; the path from there on, 0 if there is none

  (func (export "_start")
    (call $get_args)
    (call $write_file
      (call $mode (call $argument (i32.const 1) (i32.const 672)))      ;; "replace"
      (call $argument (i32.const 2) (i32.const 136))                   ;; "/sandbox/file.txt"
      (call $argument (i32.const 3) (i32.const 272))                   ;; "modified\n"
      (call $offset (call $argument (i32.const 4) (i32.const 284)))))  ;; "0"

  ;; Opens a file, writes a text to it, and says so.
  (func $write_file (param $mode i32) (param $path i32) (param $text i32) (param $offset i64)
    (local $file i32)
    (call $find_preopen (local.get $path))
    (local.set $file (call $open (local.get $mode) (local.get $path)))
    (if (i64.ne (local.get $offset) (i64.const 0))
      (then (call $seek (local.get $file) (local.get $offset) (local.get $path))))
    (call $must
      (local.get $path)
      (call $write (local.get $file) (local.get $text) (call $length (local.get $text))))
    (call $must (local.get $path) (call $fd_close (local.get $file)))
    (call $print (i32.const 288))  ;; "wrote "
    (call $print (call $decimal (i64.extend_i32_u (call $length (local.get $text)))))
    (call $print (i32.const 296))  ;; " bytes to "
    (call $print (local.get $path))
    (call $print (i32.const 108))) ;; "\n"

  ;; Opens a file for writing, and gives back its descriptor.
  (func $open (param $mode i32) (param $path i32) (result i32)
    (call $must
      (local.get $path)
      (call $path_open
        (global.get $preopen)              ;; the directory that the path starts from
        (i32.const 1)                      ;; lookupflags: 1 follows a link at the path's end
        (global.get $rest)                 ;; the path from there: its address
        (call $length (global.get $rest))  ;; and its length
        (i32.load8_u offset=12 (local.get $mode)) ;; oflags: see the modes
        (i64.const 0x44)                   ;; rights, a bit each: 0x40 fd_write, 0x4 fd_seek
        (i64.const 0)                      ;; rights to what is opened through it: none
        (i32.load8_u offset=13 (local.get $mode)) ;; fdflags: see the modes
        (i32.const 8)))                    ;; where to put the new descriptor
    (i32.load (i32.const 8)))

  ;; Moves to the place in a file where the next byte is to be written.
  (func $seek (param $file i32) (param $offset i64) (param $path i32)
    (call $must
      (local.get $path)
      (call $fd_seek
        (local.get $file)
        (local.get $offset)  ;; how far
        (i32.const 0)        ;; from where: 0 the beginning, 1 here, 2 the end
        (i32.const 8))))     ;; where to put the place in the file: it has 8 bytes

  ;; Says that nothing on the way to a file was granted, and ends the program.
  (func $refuse (param $path i32)
    (call $say (i32.const 768))  ;; "write-file: "
    (call $say (local.get $path))
    (call $say (i32.const 160))  ;; ": no directory above it was granted\n"
    (call $proc_exit (i32.const 1)))

  ;; ---- Command line -----------------------------------------------------------

  ;; Finds a mode by its name, and checks that it has the arguments it takes.
  (func $mode (param $name i32) (result i32)
    (local $mode i32)
    (local.set $mode (i32.const 640))
    (loop $next
      (if (i32.eqz (call $equal (local.get $name) (local.get $mode)))
        (then
          (local.set $mode (i32.add (local.get $mode) (i32.const 16)))
          (br_if $next (i32.load8_u (local.get $mode)))  ;; after the last there is a NUL
          (call $usage))))
    (if (i32.gt_u (global.get $argc) (i32.const 1))
      (then
        (if (i32.ne (global.get $argc) (i32.load8_u offset=14 (local.get $mode)))
          (then (call $usage)))))
    (local.get $mode))

  ;; The number that a text is. It has 64 bits, as every place in a file.
  (func $offset (param $text i32) (result i64)
    (local $number i64) (local $digit i64)
    (loop $next
      (local.set $digit (i64.sub (i64.load8_u (local.get $text)) (i64.const 0x30))) ;; 0x30 is "0"
      ;; Unsigned, what was less than "0" is a large number.
      (if (i64.gt_u (local.get $digit) (i64.const 9)) (then (call $usage)))
      ;; It has to stay below 2 to the power of 64; -1 is the largest, unsigned.
      (if (i64.gt_u
            (local.get $number)
            (i64.div_u (i64.sub (i64.const -1) (local.get $digit)) (i64.const 10)))
        (then (call $usage)))
      (local.set $number (i64.add (i64.mul (local.get $number) (i64.const 10)) (local.get $digit)))
      (local.set $text (i32.add (local.get $text) (i32.const 1)))
      (br_if $next (i32.load8_u (local.get $text))))
    (local.get $number))

  ;; Whether two texts are the same.
  (func $equal (param $a i32) (param $b i32) (result i32)
    (local $count i32)
    (local.set $count (call $common (local.get $a) (local.get $b)))
    (i32.eq
      (i32.load8_u (i32.add (local.get $a) (local.get $count)))
      (i32.load8_u (i32.add (local.get $b) (local.get $count)))))

  ;; Says how the program is called, and ends it.
  (func $usage
    (call $say (i32.const 320))  ;; "usage: …"
    (call $proc_exit (i32.const 2)))

  ;; ---- Paths ------------------------------------------------------------------

  ;; Finds the preopen that a path leads through, and the path from there on: for
  ;; "/sandbox/file.txt" and a preopen "/sandbox" that is "file.txt". Preopens
  ;; have the descriptors from 3 on. If several match, the longest counts.
  (func $find_preopen (param $path i32)
    (local $descriptor i32) (local $name i32) (local $after i32)
    (local.set $descriptor (i32.const 3))
    (loop $next
      (local.set $name (call $name_of (local.get $descriptor)))
      (if (local.get $name)
        (then
          (local.set $after
            (call $rest_after (call $trim (local.get $name)) (call $trim (local.get $path))))
          ;; The longer the name, the higher the address where it ends in the path.
          (if (i32.ge_u (local.get $after) (global.get $rest))
            (then
              (global.set $rest (local.get $after))
              (global.set $preopen (local.get $descriptor))))
          (local.set $descriptor (i32.add (local.get $descriptor) (i32.const 1)))
          (br $next))))
    (if (i32.eqz (global.get $rest)) (then (call $refuse (local.get $path))))
    ;; The path of the preopen itself is not empty from there, but ".".
    (if (i32.eqz (i32.load8_u (global.get $rest))) (then (global.set $rest (i32.const 128)))))

  ;; The name of a preopen, or 0 if a descriptor is no preopen.
  (func $name_of (param $descriptor i32) (result i32)
    (local $name i32)
    ;; What kind of preopen it is goes to address 8 (there is only one kind, a
    ;; directory), and the length of its name to address 12.
    (if (call $fd_prestat_get (local.get $descriptor) (i32.const 8))
      (then (return (i32.const 0))))
    ;; One byte more than the name takes, for a NUL.
    (local.set $name (call $take (i32.add (i32.load (i32.const 12)) (i32.const 1))))
    (call $must
      (i32.const 112)                ;; "host"
      (call $fd_prestat_dir_name
        (local.get $descriptor)
        (local.get $name)            ;; where to put the name
        (i32.load (i32.const 12))))  ;; and how much room is there
    (local.get $name))

  ;; Where a path goes on after a directory's name, or 0 if it does not lead
  ;; through it: "sandbox/x" leads through "sandbox", and "sandboxed/x" does not.
  (func $rest_after (param $name i32) (param $path i32) (result i32)
    (local $count i32)
    (local.set $count (call $common (local.get $name) (local.get $path)))
    (local.set $name (i32.add (local.get $name) (local.get $count)))
    (local.set $path (i32.add (local.get $path) (local.get $count)))
    ;; The name has to end here, and the path to end as well or to have a slash
    ;; here, or before; or the name is empty, being that of "/" or ".".
    (if (i32.and
          (i32.eqz (i32.load8_u (local.get $name)))
          (i32.or
            (i32.or
              (i32.eqz (i32.load8_u (local.get $path)))
              (i32.eq (i32.load8_u (local.get $path)) (i32.const 0x2f)))  ;; "/"
            (i32.or
              (i32.eq (i32.load8_u (i32.sub (local.get $path) (i32.const 1))) (i32.const 0x2f))
              (i32.eqz (local.get $count)))))
      (then (return (call $trim (local.get $path)))))
    (i32.const 0))

  ;; A path without what leads nowhere at its beginning: "/", "./" and a lone ".".
  (func $trim (param $path i32) (result i32)
    (loop $next
      (if (i32.or
            (i32.eq (i32.load8_u (local.get $path)) (i32.const 0x2f))        ;; "/"
            ;; Two bytes at once, of which the first is the lower one.
            (i32.or
              (i32.eq (i32.load16_u (local.get $path)) (i32.const 0x2f2e))   ;; "./"
              (i32.eq (i32.load16_u (local.get $path)) (i32.const 0x002e)))) ;; "." NUL
        (then
          (local.set $path (i32.add (local.get $path) (i32.const 1)))
          (br $next))))
    (local.get $path))

  ;; ---- Arguments --------------------------------------------------------------

  ;; Fetches the arguments. The host says how many there are and how much room
  ;; their text takes, and then puts them where there is room. For one argument
  ;; after the program's name, with 1024 as the first free address:
  ;;
  ;;   1024    1028    1032         1041
  ;;   [1032]  [1041]  app.wasm NUL replace NUL
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
  ;; code 1, and says why on stderr: write-file: SUBJECT: error NUMBER
  (func $must (param $subject i32) (param $errno i32)
    (if (local.get $errno)
      (then
        (call $say (i32.const 768))  ;; "write-file: "
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

  ;; How many bytes two texts have in common at their beginning.
  (func $common (param $a i32) (param $b i32) (result i32)
    (local $count i32) (local $byte i32)
    (loop $next
      (local.set $byte (i32.load8_u (i32.add (local.get $a) (local.get $count))))
      (if (i32.and
            (i32.ne (local.get $byte) (i32.const 0))
            (i32.eq (local.get $byte) (i32.load8_u (i32.add (local.get $b) (local.get $count)))))
        (then
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (br $next))))
    (local.get $count))

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
