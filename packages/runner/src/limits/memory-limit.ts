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
  sectionIds,
  UnknownFormError,
} from "@wasi-kit/wasm/binary";
import type { SizeLimits } from "@wasi-kit/wasm/binary";
import { WasiKitError } from "../error.ts";

/** A module whose memory can't grow beyond a limit. */
export interface LimitedModule {
  bytes: Uint8Array;
  /** How far its code has moved. */
  codeShift: CodeShift;
}

/** What a longer memory section does to the code after it: offsets from `from` on have moved by `by` bytes. */
export interface CodeShift {
  readonly from: number;
  readonly by: number;
}

/**
 * Lowers the maximum that a module declares for its memory, so that the engine
 * itself does not grow it beyond that: `memory.grow` gives -1 in the guest, as on
 * a host that has no more memory. Several memories share the limit: each has its
 * minimum, and an equal part of the rest.
 *
 * @param limit - bytes
 * @throws WasiKitError `E_MEMORY` if the module needs more at its start, or `E_NOT_WASM`
 * @see https://webassembly.github.io/spec/core/exec/instructions.html#exec-memory-grow
 */
export function limitMemory(module: Uint8Array, limit: number, name: string): LimitedModule {
  const unchanged = { bytes: module, codeShift: { from: module.length, by: 0 } };
  const section = findMemories(module, name);
  if (!section) return unchanged;
  const { memories } = section;
  const needed = memories.reduce((sum, it) => sum + it.minimum * BigInt(pageSizeOf(it)), 0n);
  const rest = BigInt(Math.floor(limit)) - needed;
  if (rest < 0n) {
    throw new WasiKitError(
      "E_MEMORY",
      `${name} needs ${needed} bytes of memory (${Number(needed) / 65_536} × 64 KiB) to start, and maxMemoryBytes allows ${limit}.\n` +
        `Allow at least ${needed}, or build the module with less.`,
    );
  }
  if (memories.length === 0) return unchanged;

  const share = rest / BigInt(memories.length);
  const limited = memories.map((it) => {
    const allowed = it.minimum + share / BigInt(pageSizeOf(it));
    return it.maximum !== undefined && it.maximum < allowed ? it : { ...it, maximum: allowed };
  });
  const replacement = encodeSection(sectionIds.memory, [
    ...encodeUnsigned(limited.length),
    ...limited.flatMap(encodeLimits),
  ]);
  const bytes = Buffer.concat([module.subarray(0, section.start), replacement, module.subarray(section.end)]);
  return { bytes, codeShift: { from: section.end, by: replacement.length - (section.end - section.start) } };
}

/** The memory section. A module that can't be read here is not run: the engine might read it, and run it without a limit. */
function findMemories(
  module: Uint8Array,
  name: string,
): { start: number; end: number; memories: SizeLimits[] } | undefined {
  try {
    const section = [...readSections(module)].find(({ id }) => id === sectionIds.memory);
    return (
      section && { ...section, memories: readList(createReader(module, section.content, section.end), readLimits) }
    );
  } catch (cause) {
    if (!(cause instanceof MalformedError || cause instanceof UnknownFormError)) throw cause;
    throw new WasiKitError(
      "E_NOT_WASM",
      `${name} is not a valid WebAssembly module: at byte ${cause.offset}, ${cause.message}.\nIt may be cut short. Build it again.`,
      { cause },
    );
  }
}
