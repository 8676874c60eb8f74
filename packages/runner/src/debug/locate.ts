import { isAbsolute, relative, sep } from "node:path";
import { createReader } from "../binary.ts";
import type { Place } from "../frame.ts";
import type { LoadedModule } from "../module.ts";
import { findLines } from "./dwarf-line.ts";
import { findInSourceMap, readSourceMap } from "./source-map.ts";
import { startOfCode } from "./start-of-code.ts";

/**
 * Finds the places in the sources of a module for offsets in it, by its source
 * map or by DWARF. Whoever made the module made these as well: what is missing
 * or makes no sense leaves an offset without a place, and nothing is thrown.
 *
 * @param offsets - in bytes from the module's start, each in the code
 */
export function locate(loaded: LoadedModule, offsets: readonly number[]): (Place | undefined)[] {
  if (offsets.length === 0) return [];
  const found = [findBySourceMap, findByDwarf].map((find) => {
    try {
      return find(loaded, offsets).map((place) => place && { ...place, file: fromHere(place.file) });
    } catch {
      return [];
    }
  });
  return offsets.map((_, i) => found.find((places) => places[i])?.[i]);
}

type Find = (loaded: LoadedModule, offsets: readonly number[]) => (Place | undefined)[];

const findBySourceMap: Find = ({ module, name, fileName }, offsets) => {
  const section = customSection(module, "sourceMappingURL");
  if (!section) return [];
  const path = fileName === undefined ? undefined : name;
  const map = readSourceMap(createReader(section, 0).name(), path);
  return map === undefined ? [] : findInSourceMap(map, path, offsets);
};

/** Not of a module that came compiled: its custom sections can be had, but nobody says where its code begins. */
const findByDwarf: Find = (loaded, offsets) => {
  const { module } = loaded;
  const section = customSection(module, ".debug_line");
  const code = section && startOfCode(loaded);
  if (!section || code === undefined) return [];
  const others = new Map<string, Uint8Array>();
  const contentOf = (name: string): Uint8Array => {
    const content = others.get(name) ?? customSection(module, name) ?? new Uint8Array();
    others.set(name, content);
    return content;
  };
  return findLines(
    section,
    contentOf,
    offsets.map((offset) => offset - code),
  );
};

/** A copy of its content. */
function customSection(module: WebAssembly.Module, name: string): Uint8Array | undefined {
  const [content] = WebAssembly.Module.customSections(module, name);
  return content && new Uint8Array(content);
}

/** A path as compilers show it: relative to the working directory where it lies below it. */
function fromHere(path: string): string {
  if (!isAbsolute(path)) return path;
  const way = relative(process.cwd(), path);
  return way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way) ? path : way;
}
