import { basename, join } from "node:path";
import type { Example } from "./read.ts";
import type { Language } from "./schema.ts";

/** Where a language's source is, unless `build.source` says otherwise; relative to the manifest. */
const defaultSource: Readonly<Record<Language, (name: string) => string>> = {
  wat: (name) => `${name}.wat`,
  rust: () => "Cargo.toml",
  assemblyscript: () => "assembly/index.ts",
};

/** What a module is built from: absolute paths. */
export interface ResolvedBuild {
  dir: string;
  language: Language;
  source: string;
  module: string;
}

/** What an example's module is built from; undefined where its manifest has no `build`. */
export function resolveBuild(example: Example): ResolvedBuild | undefined {
  const { dir, manifest } = example;
  if (!manifest.build) return undefined;
  const { language, source = defaultSource[language](basename(manifest.module, ".wasm")) } = manifest.build;
  return { dir, language, source: join(dir, source), module: modulePath(example) };
}

/** The absolute path of an example's module. */
export function modulePath({ dir, manifest }: Example): string {
  return join(dir, manifest.module);
}
