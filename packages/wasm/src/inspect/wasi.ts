import type { BinaryInspection, ModuleKind } from "./inspection.ts";

/** The modules that the two versions of preview 1 are imported from, and what the versions are called here. */
const preview1Versions: Readonly<Record<string, string>> = {
  wasi_snapshot_preview1: "preview1",
  wasi_unstable: "wasi_unstable",
};

/** The versions of WASI that imports belong to, and a component's exports; each once. */
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
export function moduleKind({ exports, wasi }: Pick<BinaryInspection, "exports" | "wasi">): ModuleKind {
  const has = (wanted: string): boolean => exports.some(({ name, kind }) => name === wanted && kind === "function");
  if (has("_start")) return "command";
  return has("_initialize") || wasi.length > 0 ? "reactor" : "module";
}
