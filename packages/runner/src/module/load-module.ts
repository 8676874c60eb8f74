import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basename } from "node:path";
import { bytesOf } from "@wasi-kit/wasi";
import { isComponent, isWasm, startOfCode } from "@wasi-kit/wasm/binary";
import { WasiKitError } from "../error.ts";
import { checkSignatures } from "./check-signatures.ts";
import { limitMemory } from "../limits/memory-limit.ts";
import type { CodeShift } from "../limits/memory-limit.ts";

/** A module to run: the path of a `.wasm` file, its bytes, or a compiled module. */
export type ModuleSource = string | URL | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

/** The name of a module in messages. */
export function moduleName(source: ModuleSource): string {
  if (typeof source === "string") return source;
  if (!("href" in source)) return "the module";
  return source.protocol === "file:" ? fileURLToPath(source) : source.href;
}

/** Whether a source is compiled already, in this realm or in another one. */
export const isCompiled = (source: ModuleSource): source is WebAssembly.Module =>
  Object.prototype.toString.call(source) === "[object WebAssembly.Module]";

/** A module that can be instantiated. */
export interface LoadedModule {
  module: WebAssembly.Module;
  /** Its name in messages. */
  name: string;
  /** The name of its file, if it was read from one. */
  fileName?: string;
  /** How far a limit on its memory has moved its code, in the bytes that were compiled. */
  codeShift?: CodeShift;
  /** Where its code begins in its bytes, as they were before a limit was put into them. Absent if it came compiled. */
  startOfCode?: number | undefined;
}

/**
 * Reads and compiles a module.
 *
 * @param maxMemoryBytes - the limit to its memory, if any
 * @throws WasiKitError `E_MODULE_NOT_FOUND`, `E_NOT_WASM`, `E_COMPONENT`,
 * `E_MEMORY`, or `E_OPTION` for a limit on what is compiled already
 */
export function loadModule(source: ModuleSource, maxMemoryBytes?: number): LoadedModule {
  const name = moduleName(source);
  if (isCompiled(source)) {
    if (maxMemoryBytes === undefined) return { module: source, name };
    throw new WasiKitError(
      "E_OPTION",
      "maxMemoryBytes can't be held for a module that is compiled already: pass its path or its bytes.",
    );
  }
  const passed = bytesOf(source);
  const bytes = passed ?? readModule(source as string | URL, name);
  checkPreamble(bytes, name);
  const about = { name, ...(passed ? {} : { fileName: basename(name) }), startOfCode: startOfCode(bytes) };
  checkSignatures(bytes, name);
  if (maxMemoryBytes === undefined) return { module: compile(bytes, name), ...about };
  const { bytes: limited, codeShift } = limitMemory(bytes, maxMemoryBytes, name);
  return { module: compile(limited, name), ...about, codeShift };
}

function compile(bytes: Uint8Array, name: string): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes as BufferSource);
  } catch (cause) {
    const message = (cause as Error).message.replace(/^WebAssembly\.\w+\(\): /, "");
    const [, feature] = /enable with --experimental-wasm-([\w-]+)/.exec(message) ?? [];
    throw new WasiKitError(
      "E_NOT_WASM",
      feature === undefined
        ? `${name} is not a valid WebAssembly module: ${message}\n` +
            `It may be cut short, or need a feature that this Node.js (${process.version}) does not have. Build it again, or run it with a newer Node.js.`
        : `${name} needs ${feature.replaceAll("-", " ")}, a feature of WebAssembly that this Node.js (${process.version}) does not have: ${message}\n` +
            "Run it with a newer Node.js, or build it without that feature.",
      { cause },
    );
  }
}

/**
 * The bytes of a module's file.
 *
 * @throws WasiKitError `E_MODULE_NOT_FOUND`, or `E_NOT_WASM` for a directory
 */
export function readModule(path: string | URL, name: string): Uint8Array {
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

/** @throws WasiKitError `E_NOT_WASM` if bytes don't begin as WebAssembly does */
export function checkMagic(bytes: Uint8Array, name: string): void {
  if (isWasm(bytes)) return;
  const found = bytes.length === 0 ? "It is empty." : `It begins with ${firstBytes(bytes)}.`;
  throw new WasiKitError("E_NOT_WASM", `${name} is not WebAssembly: a .wasm file begins with \\0asm. ${found}`);
}

function checkPreamble(bytes: Uint8Array, name: string): void {
  checkMagic(bytes, name);
  if (isComponent(bytes)) {
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
