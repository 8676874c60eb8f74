import { functions } from "@wasi-kit/wasi/abi";
import type { FunctionName } from "@wasi-kit/wasi/abi";
import { WasiKitError } from "../error.ts";

/** Functions that read or write the guest's memory. */
const usesMemory = (name: FunctionName): boolean =>
  functions[name].some(([, type]) => /^(ptr|path|i?c?iovecs|subscriptions)/.test(type));

/** Modules that were found to have what is checked: to ask for exports takes long, beside a short run. */
const checked = new WeakSet<WebAssembly.Module>();

/**
 * Checks that a module exports the memory through which WASI takes and gives data.
 *
 * @param names - the functions of WASI that it imports
 * @throws WasiKitError `E_IMPORTS` if it does not
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/application-abi.md
 */
export function checkMemory(module: WebAssembly.Module, names: readonly FunctionName[], name: string): void {
  if (checked.has(module)) return;
  const needing = names.find(usesMemory);
  if (needing === undefined) return;
  const memories = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "memory");
  if (memories.some((it) => it.name === "memory")) {
    checked.add(module);
    return;
  }
  const exported = memories.map((it) => JSON.stringify(it.name)).join(", ");
  throw new WasiKitError(
    "E_IMPORTS",
    `${name} imports functions of WASI, such as ${needing}, which need its memory exported as "memory".\n` +
      (exported === ""
        ? 'It exports none. In WAT: (memory (export "memory") 1).'
        : `It exports its memory as ${exported}: give the export the name "memory".`),
  );
}
