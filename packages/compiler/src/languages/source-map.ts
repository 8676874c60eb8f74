import { dirname, relative } from "node:path";
import { encodeCustomSection, encodeName } from "@wasi-kit/wasm/binary";
import type { CompileOptions } from "./language.ts";

/** What a source map says, as far as it differs from one language to another. */
export interface SourceMap {
  /** Relative to the example's folder. */
  sources: readonly string[];
  /** Places in the sources for offsets in the module, which count as columns of one line. */
  mappings: string;
}

const sectionName = "sourceMappingURL";

/**
 * The custom section that makes a module carry its source map: as a data: URL,
 * so that the module stays one file, which can be moved and replaced in one
 * step. The sources themselves are not in it.
 *
 * @see https://tc39.es/ecma426/
 * @see https://github.com/WebAssembly/tool-conventions/blob/main/Debugging.md#source-maps
 */
export function inlineSourceMap(
  { sources, mappings }: SourceMap,
  { dir, module }: Pick<CompileOptions, "dir" | "module">,
): Uint8Array {
  const sourceRoot = relative(dirname(module), dir);
  const map = JSON.stringify({ version: 3, sourceRoot, sources, names: [], mappings });
  return sourceMapSection(`data:application/json;base64,${Buffer.from(map).toString("base64")}`);
}

/** The custom section that says where a module's source map is. */
export const sourceMapSection = (url: string): Uint8Array => encodeCustomSection(sectionName, encodeName(url));
