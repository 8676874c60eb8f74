import { isAbsolute, relative, sep } from "node:path";
import { createReader } from "../binary.ts";
import type { Place } from "../frame.ts";
import type { LoadedModule } from "../module.ts";
import { once } from "../once.ts";
import { readLines } from "./dwarf-line.ts";
import type { FindPlaces } from "./find-places.ts";
import { parseSourceMap, readSourceMap } from "./source-map.ts";
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
  const found = debugInformation(loaded).map((read) => {
    try {
      return read()(offsets).map((place) => place && { ...place, file: fromHere(place.file) });
    } catch {
      return [];
    }
  });
  return offsets.map((_, i) => found.find((places) => places[i])?.[i]);
}

/** What was read of modules: a program that fails once may do so ten thousand times. */
const known = new WeakMap<WebAssembly.Module, readonly (() => FindPlaces)[]>();

/** What finds places in a module, each read when it is needed first; the first that has a place goes before the next. */
function debugInformation(loaded: LoadedModule): readonly (() => FindPlaces)[] {
  const { module } = loaded;
  const readers = known.get(module) ?? [weakly(() => bySourceMap(loaded)), once(() => byDwarf(loaded))];
  known.set(module, readers);
  return readers;
}

/** Makes something when it is needed, and anew where there was no room to keep it: a source map in memory is large. */
function weakly<T extends object>(make: () => T): () => T {
  let made: WeakRef<T> | undefined;
  return () => {
    const it = made?.deref() ?? make();
    made = new WeakRef(it);
    return it;
  };
}

const nowhere: FindPlaces = () => [];

function bySourceMap({ module, name, fileName }: LoadedModule): FindPlaces {
  const section = customSection(module, "sourceMappingURL");
  if (!section) return nowhere;
  const path = fileName === undefined ? undefined : name;
  const map = readSourceMap(createReader(section, 0).name(), path);
  return (map !== undefined && parseSourceMap(map, path)) || nowhere;
}

/** Not of a module that came compiled: its custom sections can be had, but nobody says where its code begins. */
function byDwarf(loaded: LoadedModule): FindPlaces {
  const { module } = loaded;
  const section = customSection(module, ".debug_line");
  const code = section && startOfCode(loaded);
  if (!section || code === undefined) return nowhere;
  const others = new Map<string, Uint8Array>();
  const contentOf = (called: string): Uint8Array => {
    const content = others.get(called) ?? customSection(module, called) ?? new Uint8Array();
    others.set(called, content);
    return content;
  };
  const find = readLines(section, contentOf);
  return (offsets) => find(offsets.map((offset) => offset - code));
}

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
