import { assemble } from "../../../wasm/test/helpers/assemble.ts";

const wasi = (name: string, params: string): string =>
  `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${params}) (result i32)))`;

/** Modules that do one thing each, by what they do. */
const sources = {
  hello: `(module ${wasi("fd_write", "i32 i32 i32 i32")}
    (memory (export "memory") 1)
    (data (i32.const 0) "\\10\\00\\00\\00\\06\\00\\00\\00")
    (data (i32.const 16) "hello\\n")
    (func (export "_start") (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`,

  // Every byte there is, to stdout.
  bytes: `(module ${wasi("fd_write", "i32 i32 i32 i32")}
    (memory (export "memory") 1)
    (data (i32.const 0) "\\10\\00\\00\\00\\00\\01\\00\\00")
    (func (export "_start") (local $i i32)
      (loop $next
        (i32.store8 offset=16 (local.get $i) (local.get $i))
        (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 256))))
      (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`,

  // The arguments, each with a NUL at its end; a line's end; the variables in the same way.
  report: `(module ${wasi("fd_write", "i32 i32 i32 i32")}
    ${["args_sizes_get", "args_get", "environ_sizes_get", "environ_get"].map((name) => wasi(name, "i32 i32")).join("\n")}
    (memory (export "memory") 1)
    (data (i32.const 32) "\\n")
    (func $print (param $at i32) (param $length i32)
      (i32.store (i32.const 0) (local.get $at))
      (i32.store (i32.const 4) (local.get $length))
      (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func (export "_start")
      (drop (call $args_sizes_get (i32.const 16) (i32.const 20)))
      (drop (call $args_get (i32.const 4096) (i32.const 8192)))
      (call $print (i32.const 8192) (i32.load (i32.const 20)))
      (call $print (i32.const 32) (i32.const 1))
      (drop (call $environ_sizes_get (i32.const 16) (i32.const 20)))
      (drop (call $environ_get (i32.const 4096) (i32.const 8192)))
      (call $print (i32.const 8192) (i32.load (i32.const 20)))))`,

  // stdin to stdout; ends with the errno where a call fails.
  cat: `(module ${wasi("fd_read", "i32 i32 i32 i32")} ${wasi("fd_write", "i32 i32 i32 i32")}
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 2)
    (data (i32.const 0) "\\00\\10\\00\\00\\00\\10\\00\\00")
    (func (export "_start") (local $errno i32)
      (loop $next
        (if (local.tee $errno (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
          (then (call $proc_exit (local.get $errno))))
        (if (i32.load (i32.const 8)) (then
          (i32.store (i32.const 16) (i32.const 4096))
          (i32.store (i32.const 20) (i32.load (i32.const 8)))
          (if (local.tee $errno (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24)))
            (then (call $proc_exit (local.get $errno))))
          (br $next))))))`,

  // "line\n" without end, until writing fails; ends with that errno.
  yes: `(module ${wasi("fd_write", "i32 i32 i32 i32")}
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00")
    (data (i32.const 16) "line\\n")
    (func (export "_start") (local $errno i32)
      (loop $next
        (br_if $next (i32.eqz
          (local.tee $errno (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))))
      (call $proc_exit (local.get $errno))))`,

  // The same, and traps then, as Rust's println! does.
  panics: `(module ${wasi("fd_write", "i32 i32 i32 i32")}
    (memory (export "memory") 1)
    (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00")
    (data (i32.const 16) "line\\n")
    (func (export "_start")
      (loop $next (br_if $next (i32.eqz (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
      unreachable))`,

  // The file greeting.txt of the first preopen; ends with the errno where there is none.
  read: `(module ${wasi("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32")}
    ${wasi("fd_read", "i32 i32 i32 i32")} ${wasi("fd_write", "i32 i32 i32 i32")}
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\\00\\10\\00\\00\\00\\10\\00\\00")
    (data (i32.const 64) "greeting.txt")
    (func (export "_start") (local $errno i32)
      (if (local.tee $errno (call $path_open (i32.const 3) (i32.const 1) (i32.const 64) (i32.const 12)
            (i32.const 0) (i64.const 2) (i64.const 2) (i32.const 0) (i32.const 32)))
        (then (call $proc_exit (local.get $errno))))
      (drop (call $fd_read (i32.load (i32.const 32)) (i32.const 0) (i32.const 1) (i32.const 8)))
      (i32.store (i32.const 4) (i32.load (i32.const 8)))
      (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`,

  // Creates new.txt in the first preopen; ends with the errno.
  create: `(module ${wasi("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32")}
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 64) "new.txt")
    (func (export "_start")
      (call $proc_exit (call $path_open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 7)
        (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 32)))))`,

  exit7: exitWith(7),
  exit255: exitWith(255),
  exit1024: exitWith(1024),
  trap: `(module (memory (export "memory") 1)
    (func $innermost unreachable)
    (func $middle (call $innermost))
    (func $_start (export "_start") (call $middle)))`,
  recursion: `(module (memory (export "memory") 1)
    (func $deeper (call $deeper) (call $deeper))
    (func $_start (export "_start") (call $deeper)))`,
  unknownImports: `(module
    (import "env" "log" (func (param i32)))
    (import "wasi_snapshot_preview1" "sock_dance" (func))
    (memory (export "memory") 1) (func (export "_start")))`,
  library: `(module (memory (export "memory") 1) (func (export "add")))`,
} satisfies Record<string, string>;

function exitWith(code: number): string {
  return `(module (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (call $proc_exit (i32.const ${code})) unreachable))`;
}

/** Assembles one of the modules. */
export const assembleModule = (name: keyof typeof sources): Promise<Uint8Array> => assemble(sources[name]);
