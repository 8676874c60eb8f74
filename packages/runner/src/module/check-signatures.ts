import { abis, functions } from "@wasi-kit/wasi/abi";
import type { FunctionName, ParameterType } from "@wasi-kit/wasi/abi";
import { functionImports } from "@wasi-kit/wasm";
import type { FunctionImport } from "@wasi-kit/wasm";
import { WasiKitError } from "../error.ts";

const sixtyFourBits: ReadonlySet<ParameterType> = new Set(["u64", "i64", "timestamp", "rights", "dircookie"]);

/** The signature of a function of WASI, as text: `(i32, i64) -> i32`. */
function signatureOf(name: FunctionName): string {
  const params = functions[name].map(([, type]) => (sixtyFourBits.has(type) ? "i64" : "i32"));
  return `(${params.join(", ")}) -> ${name === "proc_exit" ? "()" : "i32"}`;
}

const isWasi = ({ module, name }: FunctionImport): boolean =>
  Object.hasOwn(abis, module) && Object.hasOwn(functions, name);

/**
 * Checks that a module imports the functions of WASI with the signatures that they have. The engine does not: it calls
 * any function of JavaScript with any arguments.
 *
 * @returns the functions that it imports and that are not WASI's; none if its sections can't be read here
 * @throws WasiKitError `E_IMPORTS`, with a line for each function that it imports with another signature
 */
export function checkSignatures(bytes: Uint8Array, name: string): FunctionImport[] {
  const imported = functionImports(bytes) ?? [];
  const wrong = imported.filter((it) => isWasi(it) && it.signature !== signatureOf(it.name as FunctionName));
  if (wrong.length === 0) return imported.filter((it) => !isWasi(it));
  const lines = wrong.map((it) => `  ${it.name} as ${it.signature}, which is ${signatureOf(it.name as FunctionName)}`);
  throw new WasiKitError(
    "E_IMPORTS",
    `${name} imports functions of WASI with signatures that they do not have:\n${lines.join("\n")}\nMend the declarations in its source, and build it again.`,
  );
}
