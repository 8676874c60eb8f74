import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { WasiKitError } from "./error.ts";

/** A module to run: the path of a `.wasm` file, its bytes, or a compiled module. */
export type ModuleSource = string | URL | Uint8Array | WebAssembly.Module;

const magic = [0x00, 0x61, 0x73, 0x6d];

/** How a module is called in messages. */
export function moduleName(source: ModuleSource): string {
  if (typeof source === "string") return source;
  if (!(source instanceof URL)) return "the module";
  return source.protocol === "file:" ? fileURLToPath(source) : source.href;
}

/**
 * Reads and compiles a module.
 *
 * @throws WasiKitError `E_MODULE_NOT_FOUND`, `E_NOT_WASM` or `E_COMPONENT`
 */
export function loadModule(source: ModuleSource): WebAssembly.Module {
  if (source instanceof WebAssembly.Module) return source;
  const name = moduleName(source);
  const bytes = source instanceof Uint8Array ? source : readModule(source, name);
  checkPreamble(bytes, name);
  try {
    return new WebAssembly.Module(bytes as BufferSource);
  } catch (cause) {
    throw new WasiKitError(
      "E_NOT_WASM",
      `${name} is not a valid WebAssembly module: ${(cause as Error).message.replace(/^WebAssembly\.\w+\(\): /, "")}\n` +
        "It may be cut short, or need a feature that this Node.js does not have. Build it again.",
      { cause },
    );
  }
}

function readModule(path: string | URL, name: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EISDIR") {
      throw new WasiKitError("E_NOT_WASM", `${name} is a directory, not a .wasm file.`, { cause });
    }
    throw new WasiKitError(
      "E_MODULE_NOT_FOUND",
      code === "ENOENT" || code === "ENOTDIR"
        ? `There is no module at ${name}.\nIf it has yet to be built, type: wasi-kit build`
        : `The module ${name} can't be read (${code}).`,
      { cause },
    );
  }
}

/** @see https://webassembly.github.io/spec/core/binary/modules.html#binary-module */
function checkPreamble(bytes: Uint8Array, name: string): void {
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    const found = bytes.length === 0 ? "It is empty." : `It begins with ${firstBytes(bytes)}.`;
    throw new WasiKitError("E_NOT_WASM", `${name} is not WebAssembly: a .wasm file begins with \\0asm. ${found}`);
  }
  // The 16 bits after the version are the layer: 0 is a core module, 1 a component.
  if (bytes[6] === 1) {
    throw new WasiKitError(
      "E_COMPONENT",
      `${name} is a WebAssembly component (WASI 0.2 or later), and wasi-kit runs core modules (WASI preview 1).\n` +
        "Run it with wasmtime, or build it for the target wasm32-wasip1.",
    );
  }
}

function firstBytes(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 8)).toString("latin1");
  return JSON.stringify(start);
}
