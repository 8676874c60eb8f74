import wabt from "wabt";

/**
 * Assembles a module; names are kept for the frames of a trap.
 *
 * @param features - proposals of WebAssembly that it needs, such as `{ exceptions: true }`
 */
export async function assemble(text: string, features: Readonly<Record<string, boolean>> = {}): Promise<Uint8Array> {
  const { parseWat } = await wabt();
  const module = parseWat("test.wat", text, features);
  try {
    module.resolveNames();
    return module.toBinary({ write_debug_names: true }).buffer;
  } finally {
    module.destroy();
  }
}

/** Imports functions of WASI: `name` to the types of its parameters. All return an errno, proc_exit apart. */
export function wasi(functions: Readonly<Record<string, string>>): string {
  return Object.entries(functions)
    .map(([name, params]) => {
      const result = name === "proc_exit" ? "" : " (result i32)";
      return `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${params})${result}))`;
    })
    .join("\n");
}

/** A command with one page of memory. `$print` writes bytes to a descriptor, `$exit` ends with a code. */
export function command(start: string, more = ""): string {
  return `(module
    ${wasi({ fd_write: "i32 i32 i32 i32", proc_exit: "i32" })}
    ${more}
    (memory (export "memory") 1)
    (func $print (param $fd i32) (param $at i32) (param $length i32)
      (i32.store (i32.const 0) (local.get $at))
      (i32.store (i32.const 4) (local.get $length))
      (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func $_start (export "_start") ${start}))`;
}
