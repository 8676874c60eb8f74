import { checkImports } from "./check-imports.ts";
import { checkMemory } from "./check-memory.ts";
import { loadModule } from "./load-module.ts";
import type { ModuleSource } from "./module.ts";

/**
 * Checks, without running anything, that a module which exports `_start` could be run: that it can be compiled, and
 * imports only functions of WASI, with their types. The imports of a library are not checked: its caller provides them.
 *
 * @throws WasiKitError as {@link run} does for a module that can't be run
 */
export function checkCommand(source: ModuleSource): void {
  const { module, name } = loadModule(source);
  if (!WebAssembly.Module.exports(module).some((it) => it.name === "_start")) return;
  checkMemory(module, checkImports(module, name).names, name);
}
