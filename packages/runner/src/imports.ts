import { WasiKitError } from "./error.ts";
import type { AbiName } from "./preview1/abi.ts";
import { functions } from "./preview1/functions.ts";

/** The version of WASI preview 1 that a module imports: the current one unless it imports the one before. */
export function abiOf(module: WebAssembly.Module): AbiName {
  const isOld = WebAssembly.Module.imports(module).some((wanted) => wanted.module === "wasi_unstable");
  return isOld ? "wasi_unstable" : "wasi_snapshot_preview1";
}

/**
 * Checks that a module imports nothing but what WASI preview 1 has, in one of
 * its versions.
 *
 * @throws WasiKitError `E_IMPORTS`, with a line for each import that it has not
 */
export function checkImports(module: WebAssembly.Module, name: string): void {
  const given: AbiName = abiOf(module);
  const unknown = WebAssembly.Module.imports(module).filter(
    (wanted) => !(wanted.module === given && wanted.kind === "function" && Object.hasOwn(functions, wanted.name)),
  );
  if (unknown.length === 0) return;
  const lines = unknown.map((wanted) => `  ${wanted.module}.${wanted.name} (${wanted.kind})`);
  throw new WasiKitError(
    "E_IMPORTS",
    `${name} imports what WASI preview 1 does not have:\n${lines.join("\n")}\n` +
      `Only functions of ${given} can be given. Build it for a WASI target, without bindings to JavaScript.`,
  );
}
