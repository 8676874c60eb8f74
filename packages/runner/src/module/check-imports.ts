import { WasiKitError } from "../error.ts";
import type { AbiName, FunctionName } from "@wasi-kit/wasi/abi";
import { functionNames } from "@wasi-kit/wasi/abi";

/** The functions of WASI that a module imports, and from which of its versions. */
export interface WasiImports {
  abi: AbiName;
  names: readonly FunctionName[];
}

const isFunction = (name: string): boolean => functionNames.includes(name as FunctionName);

/** To list the imports of a module takes as long as a short run, and they do not change. */
const checkedModules = new WeakMap<WebAssembly.Module, WasiImports>();

/**
 * Checks that a module imports only what WASI preview 1 has, in one of its
 * versions: the current one, unless it imports the one before.
 *
 * @throws WasiKitError `E_IMPORTS`, with a line for each import that is not known
 */
export function checkImports(module: WebAssembly.Module, name: string): WasiImports {
  const known = checkedModules.get(module);
  if (known) return known;
  const imports = WebAssembly.Module.imports(module);
  const isOld = imports.some((wanted) => wanted.module === "wasi_unstable");
  const abi: AbiName = isOld ? "wasi_unstable" : "wasi_snapshot_preview1";
  const unknown = imports.filter(
    (wanted) => !(wanted.module === abi && wanted.kind === "function" && isFunction(wanted.name)),
  );
  if (unknown.length > 0) throw unknownImports(name, abi, unknown);
  const found = { abi, names: [...new Set(imports.map((wanted) => wanted.name as FunctionName))] };
  checkedModules.set(module, found);
  return found;
}

function unknownImports(
  name: string,
  abi: AbiName,
  unknown: readonly WebAssembly.ModuleImportDescriptor[],
): WasiKitError {
  const lines = unknown.map((wanted) => `  ${wanted.module}.${wanted.name} (${wanted.kind})`);
  return new WasiKitError(
    "E_IMPORTS",
    `${name} imports what WASI preview 1 does not have:\n${lines.join("\n")}\n` +
      `Only functions of ${abi} can be given.`,
  );
}
