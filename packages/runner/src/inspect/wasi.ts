import { capabilities, functions } from "@wasi-kit/wasi/abi";
import type { Capability } from "@wasi-kit/wasi/abi";
import type { InspectedImport, Inspection, Kind } from "./inspection.ts";

/** How the two versions of preview 1 are called here, by the names under which modules import them. */
const preview1Versions: Readonly<Record<string, string>> = {
  wasi_snapshot_preview1: "preview1",
  wasi_unstable: "wasi_unstable",
};

/** The versions of WASI that imports, and a component's exports, are of; each once. */
export function wasiVersions(names: readonly { module?: string | null; name: string }[]): string[] {
  const found = names.flatMap(({ module, name }) => {
    const from = module ?? name;
    if (Object.hasOwn(preview1Versions, from)) return [preview1Versions[from] as string];
    // The name of an interface ends with its version: wasi:cli/environment@0.2.0.
    return from.startsWith("wasi:") ? [from.split("@")[1] ?? "unversioned"] : [];
  });
  return [...new Set(found)];
}

/** What a core module is. */
export function kindOf({ exports, wasi }: Pick<Inspection, "exports" | "wasi">): Kind {
  const has = (wanted: string): boolean => exports.some(({ name, kind }) => name === wanted && kind === "function");
  if (has("_start")) return "command";
  return has("_initialize") || wasi.length > 0 ? "reactor" : "module";
}

/** Which functions of preview 1 are imported for what; capabilities that are not used are left out. */
export function capabilitiesOf(imports: readonly InspectedImport[]): Inspection["capabilities"] {
  const names = new Set(imports.filter(isPreview1).map(({ name }) => name));
  return (Object.keys(capabilities) as Capability[])
    .map((capability) => ({ capability, functions: capabilities[capability].filter((name) => names.has(name)) }))
    .filter((it) => it.functions.length > 0);
}

/** Which imports that preview 1 does not have are from which module. */
export function otherImportsOf(imports: readonly InspectedImport[]): Inspection["otherImports"] {
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
  return Object.hasOwn(preview1Versions, module ?? "") && kind === "function" && Object.hasOwn(functions, name);
}
