import { basename, join } from "node:path";
import type { Example } from "./read.ts";
import type { Language } from "./schema.ts";

/** Where a language's source is, unless `build.source` says otherwise; relative to the manifest. */
const defaultSource: Readonly<Record<Language, (name: string) => string>> = {
  wat: (name) => `${name}.wat`,
  rust: () => "Cargo.toml",
  assemblyscript: () => "assembly/index.ts",
};

/** The absolute path of an example's module. */
export function modulePath({ dir, manifest }: Example): string {
  return join(dir, manifest.module);
}

/** The absolute path of the source that an example is built from; undefined where its manifest has no `build`. */
export function sourcePath({ dir, manifest }: Example): string | undefined {
  const { build } = manifest;
  if (!build) return undefined;
  return join(dir, build.source ?? defaultSource[build.language](basename(manifest.module, ".wasm")));
}
