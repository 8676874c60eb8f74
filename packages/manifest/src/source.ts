import { basename, join } from "node:path";
import { defaultSources } from "./languages.ts";
import type { LanguageName } from "./languages.ts";
import type { Program } from "./read.ts";

/** What a module is built from: absolute paths. */
export interface ResolvedBuild {
  dir: string;
  language: LanguageName;
  source: string;
  module: string;
}

/** What a program's module is built from; undefined if its manifest has no `build`. */
export function resolveBuild(program: Program): ResolvedBuild | undefined {
  const { dir, manifest } = program;
  if (!manifest.build) return undefined;
  const { language, source = defaultSources[language].replace("NAME", () => basename(manifest.module, ".wasm")) } =
    manifest.build;
  return { dir, language, source: join(dir, source), module: modulePath(program) };
}

/** The absolute path of a program's module. */
export function modulePath({ dir, manifest }: Program): string {
  return join(dir, manifest.module);
}
