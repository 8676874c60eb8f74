import {
  createReader,
  encodeLimits,
  encodeSection,
  encodeUnsigned,
  MalformedError,
  pageSizeOf,
  readLimits,
  readList,
  readSections,
  readTable,
  sectionIds,
  UnknownFormError,
} from "@wasi-kit/wasm/binary";
import type { Reader, SectionRange, SizeLimits, TableEntry } from "@wasi-kit/wasm/binary";
import { readGcTypes } from "@wasi-kit/wasm";
import { WasiKitError } from "../error.ts";
import { addExports, tableKind } from "../module/add-exports.ts";
import { concatBytes } from "../text/bytes.ts";
import type { ModuleLimits } from "./limits.ts";

/** A table that the module could make larger than it may. */
export interface LimitedTable {
  /** The name under which it is exported, so that it can be seen whether it is full. */
  readonly name: string;
  /** How many elements it starts with, and how many it can have. */
  readonly minimum: number;
  readonly maximum: number;
}

/** A module with limits. */
export interface LimitedModule {
  readonly bytes: Uint8Array;
  readonly limitedTables?: readonly LimitedTable[];
}

/** What a table takes besides its elements, in elements: 32 bytes each. */
const tableCost = 64;

/**
 * Lowers the maxima that a module declares for its memories and tables, so that
 * the engine itself grows them no further: `memory.grow` and `table.grow` give -1
 * in the guest, as on a host that has no more memory. Several share a limit: each
 * has its minimum, and an equal part of the rest.
 *
 * @throws WasiKitError `E_MEMORY` if the module needs more at its start, or `E_NOT_WASM`
 * @see https://webassembly.github.io/spec/core/exec/instructions.html#exec-memory-grow
 */
export function limitModule(module: Uint8Array, limits: ModuleLimits, name: string): LimitedModule {
  const { maxMemoryBytes = Infinity, maxMemories = Infinity, maxTableElements = Infinity } = limits;
  requireNoGcTypes(module, limits, name);
  if (Math.min(maxMemoryBytes, maxMemories, maxTableElements) === Infinity) return { bytes: module };
  const bytes = limitMemories(module, maxMemoryBytes, maxMemories, name);
  return maxTableElements === Infinity ? { bytes } : limitTables(bytes, maxTableElements, name);
}

/** @throws WasiKitError `E_MEMORY` if a module declares more types of the garbage-collection proposal than it may */
function requireNoGcTypes(module: Uint8Array, { maxGcTypes = Infinity }: ModuleLimits, name: string): void {
  if (maxGcTypes === Infinity) return;
  const count = findSection(module, "type", readGcTypes, name)?.entries.reduce((sum, it) => sum + it, 0) ?? 0;
  if (count <= maxGcTypes) return;
  throw new WasiKitError(
    "E_MEMORY",
    `${name} declares ${count} types of structures and arrays (the garbage-collection proposal), and maxGcTypes allows ${maxGcTypes}.\n` +
      "An array that does not fit into the heap ends the whole process. If you trust the module, allow them: maxGcTypes: Infinity.",
  );
}

function limitMemories(module: Uint8Array, maxBytes: number, maxCount: number, name: string): Uint8Array {
  const found = findSection(module, "memory", readLimits, name);
  if (!found || found.entries.length === 0) return module;
  const { section, entries: memories } = found;
  if (memories.length > maxCount) {
    throw tooLarge(
      `${name} has ${memories.length} memories, and maxMemories allows ${maxCount}.`,
      memories.length,
      "fewer",
    );
  }
  if (maxBytes === Infinity) return module;
  const needed = memories.reduce((sum, it) => sum + it.minimum * BigInt(pageSizeOf(it)), 0n);
  const rest = BigInt(Math.floor(maxBytes)) - needed;
  if (rest < 0n) {
    throw tooLarge(
      `${name} needs ${needed} bytes of memory (${Number(needed) / 65_536} × 64 KiB) to start, and maxMemoryBytes allows ${maxBytes}.`,
      needed,
      "less",
    );
  }
  const share = rest / BigInt(memories.length);
  const limited = memories.map((it) => lower(it, share / BigInt(pageSizeOf(it))));
  return replaceSection(module, section, limited.map(encodeLimits));
}

function limitTables(module: Uint8Array, maxElements: number, name: string): LimitedModule {
  const found = findSection(module, "table", readTable, name);
  if (!found || found.entries.length === 0) return { bytes: module };
  const { section, entries: tables } = found;
  const needed = tables.reduce((sum, { size }) => sum + size.minimum + BigInt(tableCost), 0n);
  const rest = BigInt(Math.floor(maxElements)) - needed;
  if (rest < 0n) {
    const what = tables.length === 1 ? "1 table" : `${tables.length} tables`;
    throw tooLarge(
      `${name} needs ${needed} table elements (${what}, each of which takes as much as ${tableCost} of them) to start, and maxTableElements allows ${maxElements}.`,
      needed,
      "less",
    );
  }
  const share = rest / BigInt(tables.length);
  const sizes = tables.map(({ size }) => lower(size, share));
  const bytes = replaceSection(
    module,
    section,
    tables.map((table, i) => encodeTable(module, table, sizes[i] as SizeLimits)),
  );
  const lowered = sizes.flatMap((size, index) => (size === tables[index]?.size ? [] : [{ size, index }]));
  const exported = addExports(
    bytes,
    lowered.map(({ index }) => ({ name: `wasi-kit.table.${index}`, kind: tableKind, index })),
  );
  const limitedTables = lowered.map(({ size }, i) => ({
    name: exported.names[i] as string,
    minimum: Number(size.minimum),
    maximum: Number(size.maximum),
  }));
  return { bytes: exported.bytes, limitedTables };
}

/** A size with a lower maximum; the same if it is not lower. */
function lower(size: SizeLimits, share: bigint): SizeLimits {
  const allowed = size.minimum + share;
  return size.maximum !== undefined && size.maximum <= allowed ? size : { ...size, maximum: allowed };
}

const encodeTable = (
  module: Uint8Array,
  { start, sizeStart, sizeEnd, end }: TableEntry,
  size: SizeLimits,
): number[] => [...module.subarray(start, sizeStart), ...encodeLimits(size), ...module.subarray(sizeEnd, end)];

const replaceSection = (
  module: Uint8Array,
  { id, start, end }: SectionRange,
  entries: readonly number[][],
): Uint8Array =>
  concatBytes([
    module.subarray(0, start),
    encodeSection(id, [...encodeUnsigned(entries.length), ...entries.flat()]),
    module.subarray(end),
  ]);

const tooLarge = (what: string, needed: number | bigint, how: "fewer" | "less"): WasiKitError =>
  new WasiKitError("E_MEMORY", `${what}\nAllow at least ${needed}, or build the module with ${how}.`);

/** A section and its entries. A module that can't be read here is not run: the engine might read it, and run it without a limit. */
function findSection<Entry>(
  module: Uint8Array,
  id: "type" | "memory" | "table",
  read: (reader: Reader) => Entry,
  name: string,
): { section: SectionRange; entries: Entry[] } | undefined {
  try {
    const section = [...readSections(module)].find((it) => it.id === sectionIds[id]);
    return section && { section, entries: readList(createReader(module, section.content, section.end), read) };
  } catch (cause) {
    if (!(cause instanceof MalformedError || cause instanceof UnknownFormError)) throw cause;
    throw new WasiKitError(
      "E_NOT_WASM",
      `${name} is not a valid WebAssembly module: at byte ${cause.offset}, ${cause.message}.\nIt may be cut short. Build it again.`,
      { cause },
    );
  }
}
