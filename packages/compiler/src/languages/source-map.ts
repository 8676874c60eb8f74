import { encodeCustomSection, encodeName } from "@wasi-kit/wasm/binary";

/** What a source map says, as far as it differs from one module to another. */
export interface SourceMap {
  /** Relative to the root. */
  sources: readonly string[];
  /** Where the sources are, relative to the module. */
  sourceRoot: string;
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
export function inlineSourceMap({ sources, sourceRoot, mappings }: SourceMap): Uint8Array {
  const map = JSON.stringify({ version: 3, sourceRoot, sources, names: [], mappings });
  const characters = Array.from(new TextEncoder().encode(map), (byte) => String.fromCharCode(byte));
  return sourceMapSection(`data:application/json;base64,${btoa(characters.join(""))}`);
}

/** The custom section that says where a module's source map is. */
export const sourceMapSection = (url: string): Uint8Array => encodeCustomSection(sectionName, encodeName(url));
