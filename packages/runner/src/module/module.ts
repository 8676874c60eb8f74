import type { FunctionImport } from "@wasi-kit/wasm";
import { isComponent, isWasm, startOfCode } from "@wasi-kit/wasm/binary";
import { WasiKitError } from "../error.ts";
import type { Host } from "../host/host.ts";
import { moduleLimitNames } from "../limits/limits.ts";
import type { ModuleLimits } from "../limits/limits.ts";
import { limitModule } from "../limits/module-limits.ts";
import type { LimitedTable } from "../limits/module-limits.ts";
import type { SyncRunOptions } from "../options.ts";
import { latin1Text } from "../text/bytes.ts";
import { checkSignatures } from "./check-signatures.ts";
import { deferStart } from "./defer-start.ts";

/** A module to run: the path of a `.wasm` file (in a browser, its URL), its bytes, or a compiled module. */
export type ModuleSource = string | URL | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

/** A module that can be instantiated. */
export interface LoadedModule {
  module: WebAssembly.Module;
  /** Its name in messages. */
  name: string;
  /** The name of its file, if it was read from one. */
  fileName?: string;
  /** Where its code begins in its bytes, as they were before anything was put into them. Absent if it came compiled. */
  startOfCode?: number | undefined;
  /** How far its code is behind that in the bytes that were compiled. Default: 0. */
  codeShift?: number;
  /** The export that takes the place of its start section, if it had one: see `deferStart`. */
  startExport?: string;
  /** The tables that were limited, which are exported to see whether they are full. */
  limitedTables?: readonly LimitedTable[];
  /** Its bytes as they were, if it is to be recorded. */
  bytes?: Uint8Array;
  /** The functions that it imports and that are not WASI's, if there are any. Absent if it came compiled. */
  functions?: readonly FunctionImport[];
}

/** Whether a source is compiled already, in this realm or in another one. */
export const isCompiled = (source: unknown): source is WebAssembly.Module =>
  Object.prototype.toString.call(source) === "[object WebAssembly.Module]";

/** @throws WasiKitError `E_OPTION` for a limit that would have to be put into a module that is compiled already */
export function loadCompiled(module: WebAssembly.Module, name: string, limits: ModuleLimits): LoadedModule {
  const limit = moduleLimitNames.find((it) => (limits[it] ?? Infinity) !== Infinity);
  if (limit === undefined) return { module, name };
  throw new WasiKitError(
    "E_OPTION",
    `${limit} can't be held for a module that is compiled already: pass its path or its bytes.`,
  );
}

/** Bytes that are to be compiled, and what is known of them. */
export interface CheckedBytes extends Omit<LoadedModule, "module" | "bytes"> {
  bytes: BufferSource;
}

/** How a module is loaded: the limits that are put into it, and whether its bytes are needed later. */
export type LoadOptions = ModuleLimits & Pick<SyncRunOptions, "record">;

/**
 * Checks the bytes of a module, and puts into them what the runner needs: limits
 * to its memories and tables, and an export instead of a start section.
 *
 * @throws WasiKitError `E_NOT_WASM`, `E_COMPONENT`, `E_IMPORTS` or `E_MEMORY`
 */
export function checkBytes(bytes: Uint8Array, name: string, limits: ModuleLimits): CheckedBytes {
  checkPreamble(bytes, name);
  const functions = checkSignatures(bytes, name);
  const { bytes: limited, ...tables } = limitModule(bytes, limits, name);
  const { bytes: compiled, ...start } = deferStart(limited);
  const codeAt = startOfCode(bytes);
  return {
    bytes: compiled as BufferSource,
    name,
    startOfCode: codeAt,
    ...(compiled !== bytes && codeAt !== undefined && { codeShift: (startOfCode(compiled) ?? codeAt) - codeAt }),
    ...tables,
    ...start,
    ...(functions.length > 0 ? { functions } : {}),
  };
}

/** The error for bytes that the engine does not compile. */
export function compileError(cause: unknown, name: string, { name: host, version }: Host): WasiKitError {
  const message = (cause as Error).message.replace(/^WebAssembly\.\w+\(\): /, "");
  const [, feature] = /enable with --experimental-wasm-([\w-]+)/.exec(message) ?? [];
  return new WasiKitError(
    "E_NOT_WASM",
    feature === undefined
      ? `${name} is not a valid WebAssembly module: ${message}\n` +
          `It may be cut short, or need a feature that this ${host}${version} does not have. Build it again, or run it with a newer ${host}.`
      : `${name} needs ${feature.replaceAll("-", " ")}, a feature of WebAssembly that this ${host}${version} does not have: ${message}\n` +
          `Run it with a newer ${host}, or build it without that feature.`,
    { cause },
  );
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

const firstBytes = (bytes: Uint8Array): string => JSON.stringify(latin1Text(bytes.subarray(0, 8)));
