import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { FindLocations } from "./find-locations.ts";
import { pathInside } from "./path-inside.ts";

/** A larger map is not read: what is made of one takes up to sixty times its size in memory. */
const maxCharacters = 2 ** 23;

/**
 * Reads the source map that a module names.
 *
 * @param url - a data: URL, or a path in the module's folder. The author of the
 * module chose it, so nothing else is opened: no other folder, no device.
 * @param module - the module's path, if it has one
 */
export function readSourceMap(url: string, module: string | undefined): string | undefined {
  const [, base64, data] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
  if (data !== undefined) return base64 ? Buffer.from(data, "base64").toString() : decodeURIComponent(data);
  if (module === undefined || /^[a-z][a-z\d+.-]*:/i.test(url)) return undefined;
  const folder = dirname(module);
  const path = resolve(folder, decodeURIComponent(url));
  if (pathInside(folder, path) === undefined) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() && found.size <= maxCharacters ? readFileSync(path, "utf8") : undefined;
}

/**
 * Reads a source map. For a module it is a text of one line, in which a column is
 * an offset from the module's start.
 *
 * @param module - the module's path, if it has one: sources are relative to it
 * @returns what finds locations; undefined if it is no map
 * @see https://tc39.es/ecma426/
 * @see https://github.com/WebAssembly/tool-conventions/blob/main/Debugging.md#source-maps
 */
export function parseSourceMap(json: string, module: string | undefined): FindLocations | undefined {
  if (json.length > maxCharacters) return undefined;
  const { sources, mappings, sourceRoot = "" } = JSON.parse(json) as Record<string, unknown>;
  // Node takes what it is given for what it should be: an object with a length would be an endless list.
  if (!Array.isArray(sources) || typeof mappings !== "string") return undefined;
  const { SourceMap } = process.getBuiltinModule("node:module");
  const map = new SourceMap({
    version: 3,
    file: "",
    sourceRoot: "",
    sourcesContent: [],
    names: [],
    sources: sources.map(String),
    mappings,
  });
  return (offsets) =>
    offsets.map((offset) => {
      const entry = map.findEntry(0, offset);
      if (!("originalSource" in entry) || !entry.originalSource) return undefined;
      const { originalSource, originalLine, originalColumn } = entry;
      return {
        file: sourcePath(originalSource, String(sourceRoot), module),
        line: originalLine + 1,
        column: originalColumn + 1,
      };
    });
}

/** The path of a source; as the map has it if there is no such file: it was on another machine, or in the compiler. */
function sourcePath(source: string, root: string, module: string | undefined): string {
  if (module === undefined) return source;
  const path = resolve(dirname(module), root, source);
  return existsSync(path) ? path : source;
}
