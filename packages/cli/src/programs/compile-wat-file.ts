import { existsSync } from "node:fs";
import { WasiKitError } from "@wasi-kit/runner";

/**
 * Compiles a .wat file in memory.
 *
 * @returns the bytes of the module
 * @throws WasiKitError `E_MODULE_NOT_FOUND`, or `E_NOT_WASM` with the compiler's message
 */
export async function compileWatFile(path: string): Promise<Uint8Array> {
  if (!existsSync(path)) throw new WasiKitError("E_MODULE_NOT_FOUND", `There is no module at ${path}.`);
  const { BuildError, compileInMemory } = await import("@wasi-kit/compiler");
  try {
    return await compileInMemory(path);
  } catch (cause) {
    if (!(cause instanceof BuildError)) throw cause;
    throw new WasiKitError("E_NOT_WASM", cause.message, { cause });
  }
}
