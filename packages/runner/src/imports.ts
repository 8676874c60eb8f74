import { WasiKitError } from "./error.ts";
import type { AbiName } from "./preview1/abi.ts";
import { functions } from "./preview1/functions.ts";

/**
 * Checks that a module imports nothing but what WASI preview 1 has, in one of
 * its versions.
 *
 * @returns the version: the current one, unless the module imports the one before
 * @throws WasiKitError `E_IMPORTS`, with a line for each import that it has not
 */
export function checkImports(module: WebAssembly.Module, name: string): AbiName {
  const imports = WebAssembly.Module.imports(module);
  const isOld = imports.some((wanted) => wanted.module === "wasi_unstable");
  const given: AbiName = isOld ? "wasi_unstable" : "wasi_snapshot_preview1";
  const unknown = imports.filter(
    (wanted) => !(wanted.module === given && wanted.kind === "function" && Object.hasOwn(functions, wanted.name)),
  );
  if (unknown.length === 0) return given;
  const lines = unknown.map((wanted) => `  ${wanted.module}.${wanted.name} (${wanted.kind})`);
  throw new WasiKitError(
    "E_IMPORTS",
    `${name} imports what WASI preview 1 does not have:\n${lines.join("\n")}\n` +
      `Only functions of ${given} can be given. Build it for a WASI target, without bindings to JavaScript.`,
  );
}
