import { createReader } from "../binary/reader.ts";
import type { DebugFiles } from "./debug-files.ts";
import type { DebuggableModule } from "./debuggable-module.ts";
import { readLines } from "./dwarf-line.ts";
import type { FindLocations } from "./find-locations.ts";
import type { SourceLocation } from "./frame.ts";
import { parseSourceMap, textOfDataUrl } from "./source-map.ts";

/**
 * Finds the locations in the sources of a module for offsets in it, by its
 * source map or by DWARF. The author of the module made these as well, and may
 * be hostile: what is missing or malformed leaves an offset without a location,
 * and nothing is thrown.
 *
 * @param offsets - in bytes from the module's start, each in the code
 * @param files - the host's. Default: none
 */
export function locate(
  module: DebuggableModule,
  offsets: readonly number[],
  files?: DebugFiles,
): (SourceLocation | undefined)[] {
  if (offsets.length === 0) return [];
  const shown = (file: string): string => files?.shownPath(file) ?? file;
  const found = finders(module, files).map((find) => {
    try {
      return find()(offsets).map((location) => location && { ...location, file: shown(location.file) });
    } catch {
      return [];
    }
  });
  return offsets.map((_, i) => found.find((locations) => locations[i])?.[i]);
}

/** What was read of modules: a program that fails once may do so ten thousand times. */
const known = new WeakMap<WebAssembly.Module, readonly (() => FindLocations)[]>();

/** A module's debug information, each kind read when it is first needed. The first that has a location wins. */
function finders(debuggable: DebuggableModule, files: DebugFiles | undefined): readonly (() => FindLocations)[] {
  const { module } = debuggable;
  let dwarf: FindLocations | undefined;
  const readers = known.get(module) ?? [
    weakly(() => bySourceMap(debuggable, files)),
    () => (dwarf ??= byDwarf(debuggable)),
  ];
  known.set(module, readers);
  return readers;
}

/** Makes something when it is needed, and again if it was collected: a source map in memory is large. */
function weakly<T extends object>(make: () => T): () => T {
  let made: WeakRef<T> | undefined;
  return () => {
    const it = made?.deref() ?? make();
    made = new WeakRef(it);
    return it;
  };
}

const findNothing: FindLocations = () => [];

function bySourceMap({ module, path }: DebuggableModule, files: DebugFiles | undefined): FindLocations {
  const section = customSection(module, "sourceMappingURL");
  if (!section) return findNothing;
  const url = createReader(section, 0).name();
  const json = textOfDataUrl(url) ?? files?.readSourceMap(url, path);
  if (json === undefined) return findNothing;
  return parseSourceMap(json, (source, root) => files?.sourcePath(source, root, path) ?? source) ?? findNothing;
}

/** Not for a module that came compiled: it has its custom sections, but nothing says where its code begins. */
function byDwarf({ module, startOfCode }: DebuggableModule): FindLocations {
  const section = startOfCode === undefined ? undefined : customSection(module, ".debug_line");
  if (!section || startOfCode === undefined) return findNothing;
  const others = new Map<string, Uint8Array>();
  const contentOf = (name: string): Uint8Array => {
    const content = others.get(name) ?? customSection(module, name) ?? new Uint8Array();
    others.set(name, content);
    return content;
  };
  const find = readLines(section, contentOf);
  return (offsets) => find(offsets.map((offset) => offset - startOfCode));
}

/** A copy of its content. */
function customSection(module: WebAssembly.Module, name: string): Uint8Array | undefined {
  const [content] = WebAssembly.Module.customSections(module, name);
  return content && new Uint8Array(content);
}
