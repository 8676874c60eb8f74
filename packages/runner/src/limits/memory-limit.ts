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
  /** The offset behind which its code stands elsewhere than in the original, and by how many bytes. */
  shift: Shift;
}

/** Bytes that were put into a module: what stood behind `from` has moved by `by`. */
export interface Shift {
  readonly from: number;
  readonly by: number;
}

/**
 * Lowers the maximum that a module declares for its memory, so that the engine
 * itself refuses to grow beyond it: `memory.grow` gives -1 in the guest, as it
 * does wherever a host has no more to give. Several memories share the limit:
 * each has its minimum, and an equal part of the rest.
 *
 * @param limit - bytes
 * @throws WasiKitError `E_MEMORY` where the module needs more from its start, or `E_NOT_WASM`
 * @see https://webassembly.github.io/spec/core/exec/instructions.html#exec-memory-grow
 */
export function limitMemory(module: Uint8Array, limit: number, name: string): LimitedModule {
  const unchanged = { bytes: module, shift: { from: module.length, by: 0 } };
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
  return { bytes, shift: { from: section.end, by: replacement.length - (section.end - section.start) } };
}

/** The memory section. What can't be read is refused here, so that nothing runs unlimited that the engine reads otherwise. */
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
