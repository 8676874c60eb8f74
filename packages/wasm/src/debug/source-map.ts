import type { FindLocations } from "./find-locations.ts";

/** A larger map is not read: what is made of one takes several times its size in memory. */
export const maxSourceMapCharacters: number = 2 ** 23;

/** The content of a data: URL as text; undefined for another URL. */
export function textOfDataUrl(url: string): string | undefined {
  const [, base64, data] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
  if (data === undefined || base64 === undefined) return data && decodeURIComponent(data);
  return new TextDecoder().decode(Uint8Array.from(atob(data), (it) => it.charCodeAt(0)));
}

/**
 * Reads a source map. For a module it is a text of one line, in which a column is
 * an offset from the module's start.
 *
 * @param pathOf - the path of a source, for one in the map and the map's `sourceRoot`
 * @returns what finds locations; undefined if it is no map
 * @see https://tc39.es/ecma426/
 * @see https://github.com/WebAssembly/tool-conventions/blob/main/Debugging.md#source-maps
 */
export function parseSourceMap(
  json: string,
  pathOf: (source: string, root: string) => string,
): FindLocations | undefined {
  if (json.length > maxSourceMapCharacters) return undefined;
  const { sources, mappings, sourceRoot = "" } = JSON.parse(json) as Record<string, unknown>;
  if (!Array.isArray(sources) || typeof mappings !== "string") return undefined;
  const entries = decodeLine(mappings).toSorted((a, b) => a[0] - b[0]);
  return (offsets) =>
    offsets.map((offset) => {
      const [, source = -1, line = -1, column = -1] = lastUpTo(entries, offset) ?? [];
      if (!(source in sources) || line < 0 || column < 0) return undefined;
      return { file: pathOf(String(sources[source]), String(sourceRoot)), line: line + 1, column: column + 1 };
    });
}

/** An offset in the module, and, unless it has none, its place: the source's index, line and column, from 0. */
type Entry = readonly [
  offset: number,
  source?: number | undefined,
  line?: number | undefined,
  column?: number | undefined,
];

const digits = new Map(
  Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", (char, i) => [char.charCodeAt(0), i]),
);
const [comma, semicolon] = [",".charCodeAt(0), ";".charCodeAt(0)];

/** The entries of the first line, which is all that a module has. What is no number ends it. */
function decodeLine(mappings: string): Entry[] {
  const entries: Entry[] = [];
  /** Each number is relative to the one of its kind before. */
  const sums = [0, 0, 0, 0];
  let fields = 0;
  const end = (): void => {
    const [offset = 0, source, line, column] = sums;
    if (fields > 0) entries.push(fields >= 4 ? [offset, source, line, column] : [offset]);
    fields = 0;
  };
  for (let i = 0, value = 0, shift = 0; i < mappings.length; i++) {
    const char = mappings.charCodeAt(i);
    if (char === semicolon) break;
    if (char === comma) {
      end();
      continue;
    }
    const digit = digits.get(char);
    if (digit === undefined || shift > 30) break;
    value += (digit & 31) * 2 ** shift;
    shift += 5;
    if (digit & 32) continue;
    if (fields < 4) sums[fields] = (sums[fields] as number) + (value % 2 === 1 ? -(value - 1) : value) / 2;
    fields++;
    [value, shift] = [0, 0];
  }
  end();
  return entries;
}

/** The last entry whose offset is not above another. */
function lastUpTo(entries: readonly Entry[], offset: number): Entry | undefined {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as Entry)[0] <= offset) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1];
}
