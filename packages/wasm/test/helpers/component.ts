import { custom, file, list, name, section, u32 } from "./bytes.ts";

/**
 * A component, by the binary format of the component model: no package that is
 * small enough has one. It is valid (wasm-tools prints it), and it exports the
 * function that makes a component a command:
 *
 * ```wat
 * (component
 *   (type (instance))
 *   (import "wasi:cli/environment@0.2.0" (instance (type 0)))
 *   (import "wasi:filesystem/preopens@0.2.3" (instance (type 0)))
 *   (type (func))
 *   (import "log" (func (type 1)))
 *   (core module (func (export "run") (result i32) i32.const 0))
 *   (core instance (instantiate 0))
 *   (alias core export 0 "run" (core func))
 *   (type (result))
 *   (type (func (result 2)))
 *   (func (type 3) (canon lift (core func 0)))
 *   (instance (export "run" (func 1)))
 *   (export "wasi:cli/run@0.2.0" (instance 2)))
 * ```
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */
export function exampleComponent(): Uint8Array {
  return file(
    "component",
    section(7, list([0x42, ...list()])),
    section(
      10,
      list([...plain("wasi:cli/environment@0.2.0"), 5, 0], [...plain("wasi:filesystem/preopens@0.2.3"), 5, 0]),
    ),
    section(7, list([0x40, ...list(), 1, 0])),
    section(10, list([...plain("log"), 1, 1])),
    section(1, [...exampleModule()]),
    section(2, list([0, 0, ...list()])),
    section(6, list([0, 0, 1, 0, ...name("run")])),
    section(7, list([0x6a, 0, 0], [0x40, ...list(), 0, 2])),
    section(8, list([0, 0, 0, ...list(), 3])),
    section(5, list([1, ...list([...plain("run"), 1, 1])])),
    section(11, list([...plain("wasi:cli/run@0.2.0"), 5, 2, 0])),
    custom("producers", list([...name("processed-by"), ...list([...name("by hand"), ...name("1")])])),
  );
}

/** The core module in it, whose producers section says Rust. */
function exampleModule(): Uint8Array {
  return file(
    "module",
    section(1, list([0x60, ...list(), ...list([0x7f])])),
    section(3, list([0])),
    section(7, list([...name("run"), 0, 0])),
    section(10, list([...u32(4), 0, 0x41, 0, 0x0b])),
    custom("producers", list([...name("language"), ...list([...name("Rust"), ...name("")])])),
  );
}

/** A name without attributes. */
export const plain = (text: string): number[] => [0, ...name(text)];
