import { bytesOf } from "@wasi-kit/wasi";
import { WasiKitError } from "../error.ts";
import { browserHost } from "../host/browser.ts";
import type { ModuleLimits } from "../limits/limits.ts";
import { inspectBytes } from "../module/inspection.ts";
import type { Inspection } from "../module/inspection.ts";
import { checkBytes, checkMagic, compileError, isCompiled, loadCompiled } from "../module/module.ts";
import type { LoadedModule, ModuleSource } from "../module/module.ts";

const unnamed = "the module";

/**
 * Fetches and compiles a module.
 *
 * @param limits - those to its memories and tables. Default: none but its own
 * @throws WasiKitError `E_MODULE_NOT_FOUND`, `E_NOT_WASM`, `E_COMPONENT`,
 * `E_IMPORTS`, `E_MEMORY`, or `E_OPTION` for a limit on what is compiled already
 */
export async function fetchModule(source: ModuleSource, limits: ModuleLimits = {}): Promise<LoadedModule> {
  if (isCompiled(source)) return loadCompiled(source, unnamed, limits);
  const { name, fileName, bytes: fetched } = await fetchBytes(source);
  const { bytes, ...about } = checkBytes(fetched, name, limits);
  try {
    return { module: await WebAssembly.compile(bytes), ...about, ...(fileName && { fileName }) };
  } catch (cause) {
    throw compileError(cause, name, browserHost);
  }
}

/**
 * Says what a module is, holds and asks for, from its bytes alone, as on Node.js.
 *
 * @param source - the URL of a `.wasm` file, or its bytes
 * @throws WasiKitError `E_MODULE_NOT_FOUND`, or `E_NOT_WASM` if the bytes don't begin as WebAssembly does
 */
export async function inspectInBrowser(source: string | URL | ArrayBuffer | ArrayBufferView): Promise<Inspection> {
  const { name, bytes } = await fetchBytes(source);
  checkMagic(bytes, name);
  return inspectBytes(bytes);
}

interface FetchedBytes {
  readonly name: string;
  /** The last part of its URL. Empty for bytes that were passed. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

async function fetchBytes(source: string | URL | ArrayBuffer | ArrayBufferView): Promise<FetchedBytes> {
  const passed = bytesOf(source);
  if (passed) return { name: unnamed, fileName: "", bytes: passed };
  const name = String(source);
  let found: Response | undefined;
  try {
    found = await fetch(name);
    const bytes = new Uint8Array(await found.arrayBuffer());
    if (found.ok) return { name, fileName: new URL(found.url).pathname.split("/").at(-1) ?? "", bytes };
  } catch (cause) {
    throw new WasiKitError("E_MODULE_NOT_FOUND", `The module ${name} can't be fetched: ${(cause as Error).message}.`, {
      cause,
    });
  }
  throw new WasiKitError("E_MODULE_NOT_FOUND", `There is no module at ${name}: the server answers ${found.status}.`);
}
