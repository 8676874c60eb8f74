import { abis, capabilities, functions } from "@wasi-kit/wasi/abi";
import type { Capability } from "@wasi-kit/wasi/abi";
import { inspectBinary } from "@wasi-kit/wasm";
import type { BinaryInspection, InspectedImport } from "@wasi-kit/wasm";

/** What a WebAssembly file is, contains and asks for. It is plain data, which can be written as JSON. */
export interface Inspection extends Omit<BinaryInspection, "modules"> {
  /** The modules and components that a component contains. */
  modules: Inspection[];
  /** What it can ask WASI preview 1 for, and the functions that it imports for that. */
  capabilities: { capability: Capability; functions: string[] }[];
  /** Imports that WASI preview 1 does not have, by the module that they are imported from. Empty for a component. */
  nonWasiImports: { module: string; names: string[] }[];
}

/** What bytes that begin as a file of WebAssembly hold. */
export const inspectBytes = (bytes: Uint8Array): Inspection => withWasi(inspectBinary(bytes));

function withWasi(inspection: BinaryInspection): Inspection {
  const { imports, modules } = inspection;
  return {
    ...inspection,
    modules: modules.map(withWasi),
    capabilities: capabilitiesOf(imports),
    nonWasiImports: nonWasiImportsOf(imports),
  };
}

/** Which functions of preview 1 are imported for what; capabilities that are not used are left out. */
function capabilitiesOf(imports: readonly InspectedImport[]): Inspection["capabilities"] {
  const names = new Set(imports.filter(isPreview1).map(({ name }) => name));
  return (Object.keys(capabilities) as Capability[])
    .map((capability) => ({ capability, functions: capabilities[capability].filter((name) => names.has(name)) }))
    .filter((it) => it.functions.length > 0);
}

/** The imports that preview 1 does not have, by the module that they are imported from. */
function nonWasiImportsOf(imports: readonly InspectedImport[]): Inspection["nonWasiImports"] {
  const names = new Map<string, string[]>();
  for (const wanted of imports) {
    if (wanted.module === null || isPreview1(wanted)) continue;
    const known = names.get(wanted.module);
    if (known) known.push(wanted.name);
    else names.set(wanted.module, [wanted.name]);
  }
  return Array.from(names, ([module, found]) => ({ module, names: found }));
}

function isPreview1({ module, name, kind }: InspectedImport): boolean {
  return Object.hasOwn(abis, module ?? "") && kind === "function" && Object.hasOwn(functions, name);
}
