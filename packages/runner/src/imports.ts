import { WasiKitError } from "./error.ts";
import { functions } from "./preview1/functions.ts";

/** The name under which a module imports the functions of WASI preview 1. */
export const preview1 = "wasi_snapshot_preview1";

/**
 * Checks that a module imports nothing but what WASI preview 1 has.
 *
 * @throws WasiKitError `E_IMPORTS`, with a line for each import that it has not
 */
export function checkImports(module: WebAssembly.Module, name: string): void {
  const unknown = WebAssembly.Module.imports(module).filter(
    (wanted) => !(wanted.module === preview1 && wanted.kind === "function" && Object.hasOwn(functions, wanted.name)),
  );
  if (unknown.length === 0) return;
  const lines = unknown.map((wanted) => `  ${wanted.module}.${wanted.name} (${wanted.kind})`);
  throw new WasiKitError(
    "E_IMPORTS",
    `${name} imports what WASI preview 1 does not have:\n${lines.join("\n")}\n` +
      `Only functions of ${preview1} can be given. Build it for a WASI target, without bindings to JavaScript.`,
  );
}
