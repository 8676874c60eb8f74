import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basename } from "node:path";
import { bytesOf } from "@wasi-kit/wasi";
import { asTyped } from "../advice/project-commands.ts";
import { WasiKitError } from "../error.ts";
import { nodeHost } from "../host/node.ts";
import { checkBytes, compileError, isCompiled, loadCompiled } from "./module.ts";
import type { CheckedBytes, LoadedModule, LoadOptions, ModuleSource } from "./module.ts";

/** The name of a module in messages. */
export function moduleName(source: ModuleSource): string {
  if (typeof source === "string") return source;
  if (!("href" in source)) return "the module";
  return source.protocol === "file:" ? fileURLToPath(source) : source.href;
}

/**
 * Reads and compiles a module.
 *
 * @param limits - those to its memories and tables. Default: none but its own
 * @throws WasiKitError `E_MODULE_NOT_FOUND`, `E_NOT_WASM`, `E_COMPONENT`,
 * `E_IMPORTS`, `E_MEMORY`, or `E_OPTION` for a limit on what is compiled already
 */
export function loadModule(source: ModuleSource, limits: LoadOptions = {}): LoadedModule {
  const name = moduleName(source);
  if (isCompiled(source)) return loadCompiled(source, name, limits);
  const { bytes, original, ...about } = readChecked(source, name, limits);
  try {
    return { module: new WebAssembly.Module(bytes), ...about, ...(limits.record ? { bytes: original } : {}) };
  } catch (cause) {
    throw compileError(cause, name, nodeHost);
  }
}

/**
 * The same, compiled in other threads, while this one goes on.
 *
 * @throws WasiKitError as {@link loadModule} does
 */
export async function compileModule(source: ModuleSource, limits: LoadOptions = {}): Promise<LoadedModule> {
  const name = moduleName(source);
  if (isCompiled(source)) return loadCompiled(source, name, limits);
  const { bytes, original, ...about } = readChecked(source, name, limits);
  try {
    return { module: await WebAssembly.compile(bytes), ...about, ...(limits.record ? { bytes: original } : {}) };
  } catch (cause) {
    throw compileError(cause, name, nodeHost);
  }
}

/** What is to be compiled. */
function readChecked(
  source: Exclude<ModuleSource, WebAssembly.Module>,
  name: string,
  limits: LoadOptions,
): CheckedBytes & { readonly original: Uint8Array } {
  const passed = bytesOf(source);
  const original = passed ?? readModule(source as string | URL, name);
  const checked = { ...checkBytes(original, name, limits), original };
  return passed ? checked : { ...checked, fileName: basename(name) };
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
        ? asTyped(`There is no module at ${name}.\nIf it has yet to be built, type: wasi-kit build`, ".")
        : `The module ${name} can't be read (${code}).`,
      { cause },
    );
  }
}
