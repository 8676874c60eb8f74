import { dirname, relative } from "node:path";
import type { CompileOptions } from "./language.ts";

/** Where the sources of a program are, relative to its module. */
export const rootOfSources = ({ dir, module }: Pick<CompileOptions, "dir" | "module">): string =>
  relative(dirname(module), dir);
