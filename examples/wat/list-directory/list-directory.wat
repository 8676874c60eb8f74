;; Lists all that is below a directory, in order. The path is the argument, or
;; /sandbox.
;;
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
  (import "wasi_snapshot_preview1" "path_filestat_get"
    (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_readdir"
    (func $fd_readdir (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close"
    (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit"
    (func $proc_exit (param i32)))

  (memory (export "memory") 1)

  ;; How this program uses its memory. A text is known by the address of its
  ;; first byte and ends at a byte that is zero, a NUL (\00).
  ;;
  ;;   address  bytes
  ;;      0       4    iovec: the address of a text
  ;;      4       4    iovec: its length
  ;;      8       4    what a call gives back: a descriptor, or a number of bytes
  ;;     12       4    what it gives back besides
  ;;     16      24    the digits of a number, and a NUL
  ;;     88            texts, each with its address:
  (data (i32.const 88)
    "stdout\00\00"                              ;; 88
    ": error \00\00\00\00"                      ;; 96
    "\n\00\00\00"                               ;; 108
    "host\00"                                   ;; 112
    "..\00"                                     ;; 117
    "/\n\00"                                    ;; 120
    "@\n\00"                                    ;; 123
    " \00"                                      ;; 126
    ".\00"                                      ;; 128
    "\00"                                       ;; 130
    "/sandbox\00"                               ;; 131
    ": no directory above it was granted\n\00"  ;; 140
  )
  ;;    256      64    what path_filestat_get tells of a file, of which we use
  ;;                     +16  1 byte: what it is. 3 is a directory, 7 a link
  ;;                     +32  8 bytes: its size
  (data (i32.const 320) "usage: list-directory [PATH]\n")
  (data (i32.const 768) "list-directory: ")
  ;;   1024   16384    the path of what is listed, as it grows and shrinks:
  ;;
  ;;                   1024    $start
  ;;                   /sandbox/notes/archive/2020.txt NUL
  ;;
  ;;  17408            free: the arguments, the names of preopens, and then the
  ;;                   names in each directory that is being listed

  (global $free (mut i32) (i32.const 17408)) ;; where free memory begins
  (global $argc (mut i32) (i32.const 0))     ;; how many arguments there are
  (global $argv (mut i32) (i32.const 0))     ;; where the address of the first one is
  (global $preopen (mut i32) (i32.const 0))  ;; the directory that a path leads through
  (global $rest (mut i32) (i32.const 0))     ;; the path from there on, 0 if there is none
  (global $start (mut i32) (i32.const 0))    ;; where in the path begins what is printed of it

  (func (export "_start")
    (call $get_args)
    ;; The program's name is an argument, too.
    (if (i32.gt_u (global.get $argc) (i32.const 2)) (then (call $usage)))
    (call $list_path (call $argument (i32.const 1) (i32.const 131)))) ;; "/sandbox"

  ;; Lists the directory at a path.
  (func $list_path (param $path i32)
    (local $directory i32) (local $end i32)
    (call $find_preopen (local.get $path))
    (local.set $directory
      (call $open (global.get $preopen) (i32.const 1) (global.get $rest) (local.get $path)))
    (local.set $end (call $put (i32.const 1024) (local.get $path)))
    ;; Names bring a slash with them, so one at the end is taken away.
    (if (i32.eq (i32.load8_u (i32.sub (local.get $end) (i32.const 1))) (i32.const 0x2f)) ;; "/"
      (then (local.set $end (i32.sub (local.get $end) (i32.const 1)))))
    (global.set $start (i32.add (local.get $end) (i32.const 1)))
    (call $list (local.get $directory) (local.get $end)))

  ;; Lists what is in a directory, whose path ends at an address.
  (func $list (param $directory i32) (param $end i32)
    (local $names i32) (local $limit i32) (local $name i32)
    (i32.store8 (local.get $end) (i32.const 0))
    (local.set $names (global.get $free))
    (call $read_names (local.get $directory))
    (local.set $limit (global.get $free))
    (local.set $name (i32.const 130))           ;; "" comes before all names
    (loop $next
      (local.set $name
        (call $next_name (local.get $names) (local.get $limit) (local.get $name)))
      (if (local.get $name)
        (then
          (call $list_entry (local.get $directory) (local.get $name) (local.get $end))
          (br $next))))
    (i32.store8 (local.get $end) (i32.const 0))
    (global.set $free (local.get $names)))      ;; the names are needed no longer

  ;; Prints what one entry of a directory is, and what is below it.
  (func $list_entry (param $directory i32) (param $name i32) (param $end i32)
    (i32.store8 (local.get $end) (i32.const 0x2f)) ;; "/"
    (local.set $end (call $put (i32.add (local.get $end) (i32.const 1)) (local.get $name)))
    (call $must
      (i32.const 1024)                          ;; the path
      (call $path_filestat_get
        (local.get $directory)
        (i32.const 0)                           ;; lookupflags: 0 does not follow a link
        (local.get $name)                       ;; the address of the name
        (call $length (local.get $name))        ;; and its length
        (i32.const 256)))                       ;; where to put what is known of the file
    (call $print (global.get $start))
    (if (i32.eq (i32.load8_u offset=16 (i32.const 256)) (i32.const 3)) ;; a directory
      (then
        (call $print (i32.const 120))           ;; "/\n"
        (local.set $directory
          (call $open (local.get $directory) (i32.const 0) (local.get $name) (i32.const 1024)))
        (call $list (local.get $directory) (local.get $end))
        (call $must (i32.const 1024) (call $fd_close (local.get $directory)))
        (return)))
    (if (i32.eq (i32.load8_u offset=16 (i32.const 256)) (i32.const 7)) ;; a link
      (then
        (call $print (i32.const 123))           ;; "@\n"
        (return)))
    (call $print (i32.const 126))               ;; " "
    (call $print (call $decimal (i64.load offset=32 (i32.const 256))))
    (call $print (i32.const 108)))              ;; "\n"

  ;; Opens a directory, and gives back its descriptor. $path is what it is called
  ;; where that fails.
  (func $open (param $from i32) (param $links i32) (param $name i32) (param $path i32) (result i32)
    (call $must
      (local.get $path)
      (call $path_open
        (local.get $from)                  ;; the directory that the path starts from
        (local.get $links)                 ;; lookupflags: 1 follows a link at the path's end
        (local.get $name)                  ;; the path from there: its address
        (call $length (local.get $name))   ;; and its length
        (i32.const 2)                      ;; oflags: 1 create, 2 directory, 4 new, 8 truncate
        (i64.const 0x46000)                ;; rights, a bit each: 0x2000 is path_open, 0x4000
                                           ;; is fd_readdir, and 0x40000 is path_filestat_get
        (i64.const 0x46000)                ;; rights to what is opened through it: the same
        (i32.const 0)                      ;; fdflags: nothing is written
        (i32.const 8)))                    ;; where to put the new descriptor
    (i32.load (i32.const 8)))

  ;; Puts a text into the path, with its NUL, and gives back where that is: at
  ;; 17407 at most, where the path's memory ends.
  (func $put (param $at i32) (param $text i32) (result i32)
    (local $length i32) (local $end i32)
    (local.set $length (call $length (local.get $text)))
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (if (i32.gt_u (local.get $end) (i32.const 17407))
      (then (call $must (local.get $text) (i32.const 37)))) ;; error 37 is "nametoolong"
    (memory.copy
      (local.get $at)                                       ;; to
      (local.get $text)                                     ;; from
      (i32.add (local.get $length) (i32.const 1)))          ;; how many bytes
    (local.get $end))

  ;; ---- Names in a directory ---------------------------------------------------

  ;; Reads the names in a directory into free memory: texts, one after the other.
  ;; fd_readdir puts entries there, as many as have room:
  ;;
  ;;   +0   8 bytes: the cookie, where to go on after this entry
  ;;   +8   8 bytes: the number of the file
  ;;   +16  4 bytes: the length of its name
  ;;   +20  4 bytes: what it is
  ;;   +24  its name, without a NUL; then the next entry
  ;;
  ;; If the room is full, the last entry may be cut off, and there may be more:
  ;; then all are read again, with twice the room.
  (func $read_names (param $directory i32)
    (local $room i32) (local $entry i32) (local $end i32) (local $name i32) (local $length i32)
    (local.set $room (i32.const 2048))
    (loop $read
      (local.set $room (i32.mul (local.get $room) (i32.const 2)))
      (local.set $entry (call $take (local.get $room)))
      (global.set $free (local.get $entry))     ;; names are put over the entries
      (call $must
        (i32.const 1024)                        ;; the path
        (call $fd_readdir
          (local.get $directory)
          (local.get $entry)                    ;; where to put entries
          (local.get $room)                     ;; how much room is there
          (i64.const 0)                         ;; the cookie: 0 is the beginning
          (i32.const 8)))                       ;; where to put how many bytes there are
      (br_if $read (i32.eq (i32.load (i32.const 8)) (local.get $room))))
    (local.set $end (i32.add (local.get $entry) (i32.load (i32.const 8))))
    (loop $keep
      (if (i32.lt_u (local.get $entry) (local.get $end))
        (then
          (local.set $length (i32.load offset=16 (local.get $entry)))
          (local.set $name (i32.add (local.get $entry) (i32.const 24)))
          (call $keep (local.get $name) (local.get $length))
          (local.set $entry (i32.add (local.get $name) (local.get $length)))
          (br $keep)))))

  ;; Keeps a name as a text, unless it is that of the directory itself or of the
  ;; one above it.
  (func $keep (param $name i32) (param $length i32)
    (memory.copy (global.get $free) (local.get $name) (local.get $length))
    (i32.store8 (i32.add (global.get $free) (local.get $length)) (i32.const 0))
    (if (i32.eqz (call $compare (global.get $free) (i32.const 128))) (then (return))) ;; "."
    (if (i32.eqz (call $compare (global.get $free) (i32.const 117))) (then (return))) ;; ".."
    (global.set $free (i32.add (i32.add (global.get $free) (local.get $length)) (i32.const 1))))

  ;; The least of some names that comes after the last one, or 0 if none does. The
  ;; names are between two addresses. Looking through them for each next one is
  ;; the simplest way to have them in order, and fast enough for some thousands.
  (func $next_name (param $name i32) (param $limit i32) (param $last i32) (result i32)
    (local $least i32)
    (loop $next
      (if (i32.lt_u (local.get $name) (local.get $limit))
        (then
          (if (i32.and
                (i32.gt_s (call $compare (local.get $name) (local.get $last)) (i32.const 0))
                (i32.or
                  (i32.eqz (local.get $least))
                  (i32.lt_s (call $compare (local.get $name) (local.get $least)) (i32.const 0))))
            (then (local.set $least (local.get $name))))
          (local.set $name
            (i32.add (i32.add (local.get $name) (call $length (local.get $name))) (i32.const 1)))
          (br $next))))
    (local.get $least))

  ;; Compares two texts byte by byte: less than 0 if the first comes before the
  ;; second, 0 if they are the same, more than 0 otherwise.
  (func $compare (param $a i32) (param $b i32) (result i32)
    (local $count i32)
    (local.set $count (call $common (local.get $a) (local.get $b)))
    (i32.sub
      (i32.load8_u (i32.add (local.get $a) (local.get $count)))
      (i32.load8_u (i32.add (local.get $b) (local.get $count)))))

  ;; ---- Command line -----------------------------------------------------------

  ;; Says that nothing on the way to a file was granted, and ends the program.
  (func $refuse (param $path i32)
    (call $say (i32.const 768))  ;; "list-directory: "
    (call $say (local.get $path))
    (call $say (i32.const 140))  ;; ": no directory above it was granted\n"
    (call $proc_exit (i32.const 1)))

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
  ;; after the program's name, with 17408 as the first free address:
  ;;
  ;;   17408    17412    17416        17425
  ;;   [17416]  [17425]  app.wasm NUL /sandbox/notes NUL
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
  ;; code 1, and says why on stderr: list-directory: SUBJECT: error NUMBER
  (func $must (param $subject i32) (param $errno i32)
    (if (local.get $errno)
      (then
        (call $say (i32.const 768))  ;; "list-directory: "
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
