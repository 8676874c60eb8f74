;; Hello, world, written by hand: one import, one memory, one call.

(module
  ;; A module can do nothing but compute. Whatever reaches the world outside is
  ;; a function that the host gives it, and has to be imported by name.
  ;;
  ;; fd_write(descriptor, buffers, how many buffers, where to put the count)
  ;; writes bytes to a descriptor and returns an error number, 0 for none.
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))

  ;; One page (64 KiB) of memory. It is exported under the name that WASI asks
  ;; for, since fd_write gets addresses and the host has to read what is there.
  (memory (export "memory") 1)

  ;; How this program uses its memory:
  ;;
  ;;   address  bytes
  ;;      0       4    the address of the text   \ together an "iovec":
  ;;      4       4    the length of the text    / one buffer to write
  ;;      8      12    the text
  ;;     20       4    where fd_write puts how many bytes it wrote
  (data (i32.const 8) "hello world\n")

  ;; A program (a "command") exports _start, and the host calls it once.
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 8))    ;; the text begins at 8
    (i32.store (i32.const 4) (i32.const 12))   ;; and has 12 bytes

    (call $fd_write
      (i32.const 1)      ;; descriptor 1: stdout
      (i32.const 0)      ;; the buffers are at address 0
      (i32.const 1)      ;; and there is one
      (i32.const 20))    ;; the count goes to address 20
    drop))               ;; the error number: nothing could be done about it
