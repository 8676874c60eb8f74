import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { maxSourceMapCharacters } from "../debug/source-map.ts";
import { pathInside } from "./path-inside.ts";

/**
 * Reads the source map that a module names.
 *
 * @param url - a path in the module's folder. The author of the module chose it,
 * so nothing else is opened: no other folder, no device.
 * @param module - the module's path, if it has one
 */
export function readSourceMap(url: string, module: string | undefined): string | undefined {
  if (module === undefined || /^[a-z][a-z\d+.-]*:/i.test(url)) return undefined;
  const folder = dirname(module);
  const path = resolve(folder, decodeURIComponent(url));
  if (pathInside(folder, path) === undefined) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() && found.size <= maxSourceMapCharacters ? readFileSync(path, "utf8") : undefined;
}

/** The path of a source; as the map has it if there is no such file: it was on another machine, or in the compiler. */
export function sourcePath(source: string, root: string, module: string | undefined): string {
  if (module === undefined) return source;
  const path = resolve(dirname(module), root, source);
  return existsSync(path) ? path : source;
}
