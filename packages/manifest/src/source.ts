import { basename, join } from "node:path";
import { defaultSources } from "./languages.ts";
import type { LanguageName } from "./languages.ts";
import type { Example } from "./read.ts";

/** What a module is built from: absolute paths. */
export interface ResolvedBuild {
  dir: string;
  language: LanguageName;
  source: string;
  module: string;
}

/** What an example's module is built from; undefined where its manifest has no `build`. */
export function resolveBuild(example: Example): ResolvedBuild | undefined {
  const { dir, manifest } = example;
  if (!manifest.build) return undefined;
  const { language, source = defaultSources[language].replace("NAME", () => basename(manifest.module, ".wasm")) } =
    manifest.build;
  return { dir, language, source: join(dir, source), module: modulePath(example) };
}

/** The absolute path of an example's module. */
export function modulePath({ dir, manifest }: Example): string {
  return join(dir, manifest.module);
}
