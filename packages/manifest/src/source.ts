import { basename, join } from "node:path";
import { defaultSources } from "./languages.ts";
import type { LanguageName } from "./languages.ts";
import type { Program } from "./read.ts";

/** What a module is built from, and by what. Paths are absolute. */
export type ResolvedBuild = CompiledBuild | CommandBuild;

interface AnyBuild {
  /** The folder of the program. */
  dir: string;
  module: string;
}

/** A module that is compiled from a source. */
export interface CompiledBuild extends AnyBuild {
  language: LanguageName;
  source: string;
}

/** A module that a command makes. */
export interface CommandBuild extends AnyBuild {
  /** A program and its arguments. */
  command: readonly string[];
  /** What it makes the module of: paths and patterns, relative to the folder. */
  inputs: readonly string[];
}

/** What a program's module is built from; undefined if its manifest has no `build`. */
export function resolveBuild(program: Program): ResolvedBuild | undefined {
  const { dir, manifest } = program;
  const { build } = manifest;
  if (!build) return undefined;
  const module = modulePath(program);
  if ("command" in build) return { dir, module, command: build.command, inputs: build.inputs };
  const { language, source = defaultSources[language].replace("NAME", () => basename(module, ".wasm")) } = build;
  return { dir, module, language, source: join(dir, source) };
}

/** The language that a program is compiled from; undefined if it is not compiled, or a command does that. */
export function languageOf({ build }: Program["manifest"]): LanguageName | undefined {
  return build && "language" in build ? build.language : undefined;
}

/** What a module is built by, in a word: a language, or the name of a program. Undefined if it is not built. */
export function builderOf({ build }: Program["manifest"]): string | undefined {
  return build && ("command" in build ? build.command[0] : build.language);
}

/** The absolute path of a program's module. */
export function modulePath({ dir, manifest }: Program): string {
  return join(dir, manifest.module);
}
