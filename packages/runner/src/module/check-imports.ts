import { WasiKitError } from "../error.ts";
import type { AbiName, FunctionName } from "@wasi-kit/wasi/abi";
import { functionNames } from "@wasi-kit/wasi/abi";
import type { SyncRunOptions } from "../options.ts";

/** What a module imports. */
export interface ModuleImports {
  /** The version of WASI that it was built for: the current one, unless it imports the one before. */
  readonly abi: AbiName;
  /** The functions of WASI that it imports. */
  readonly names: readonly FunctionName[];
  /** What else it imports. */
  readonly others: readonly WebAssembly.ModuleImportDescriptor[];
}

const isFunction = (name: string): boolean => functionNames.includes(name as FunctionName);

/** To list the imports of a module takes as long as a short run, and they do not change. */
const knownModules = new WeakMap<WebAssembly.Module, ModuleImports>();

function importsOf(module: WebAssembly.Module): ModuleImports {
  const known = knownModules.get(module);
  if (known) return known;
  const imports = WebAssembly.Module.imports(module);
  const isOld = imports.some((wanted) => wanted.module === "wasi_unstable");
  const abi: AbiName = isOld ? "wasi_unstable" : "wasi_snapshot_preview1";
  const isWasi = (wanted: WebAssembly.ModuleImportDescriptor): boolean =>
    wanted.module === abi && wanted.kind === "function" && isFunction(wanted.name);
  const found = {
    abi,
    names: [...new Set(imports.filter(isWasi).map((wanted) => wanted.name as FunctionName))],
    others: imports.filter((wanted) => !isWasi(wanted)),
  };
  knownModules.set(module, found);
  return found;
}

/**
 * What a module imports, by who gives it: WASI, or functions of the host. If a
 * run has no functions of the host, all of it has to be WASI's.
 *
 * @throws WasiKitError `E_IMPORTS`, with a line for each import that is not known
 */
export function checkImports(
  module: WebAssembly.Module,
  name: string,
  { wasi, imports }: Pick<SyncRunOptions, "wasi" | "imports"> = {},
): ModuleImports {
  const found = importsOf(module);
  // The engine says what is missing.
  if (wasi === false) return { ...found, names: [], others: imports ? WebAssembly.Module.imports(module) : [] };
  if (found.others.length > 0 && !imports) throw unknownImports(name, found);
  return found;
}

function unknownImports(name: string, { abi, others }: ModuleImports): WasiKitError {
  const lines = others.map((wanted) => `  ${wanted.module}.${wanted.name} (${wanted.kind})`);
  return new WasiKitError(
    "E_IMPORTS",
    `${name} imports what WASI preview 1 does not have:\n${lines.join("\n")}\n` +
      `It can import the functions of ${abi}, and those that it is given with the option imports of @wasi-kit/runner.`,
  );
}
