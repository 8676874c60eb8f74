import { createReader, limitFlags, MalformedError, readSections } from "./binary.ts";
import { WasiKitError } from "./error.ts";

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

const memorySection = 5;

interface Limits {
  flags: number;
  minimum: bigint;
  maximum: bigint | undefined;
  /** The binary logarithm of a page's size. */
  pageSize: number;
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
  const needed = memories.reduce((sum, it) => sum + (it.minimum << BigInt(it.pageSize)), 0n);
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
    const allowed = it.minimum + (share >> BigInt(it.pageSize));
    return it.maximum !== undefined && it.maximum < allowed ? it : { ...it, maximum: allowed };
  });
  const content = [...encode(BigInt(memories.length)), ...limited.flatMap(encodeLimits)];
  const replacement = [memorySection, ...encode(BigInt(content.length)), ...content];
  const bytes = Buffer.concat([
    module.subarray(0, section.start),
    Uint8Array.from(replacement),
    module.subarray(section.end),
  ]);
  return { bytes, shift: { from: section.end, by: replacement.length - (section.end - section.start) } };
}

/** The memory section. What can't be read is refused here, so that nothing runs unlimited that the engine reads otherwise. */
function findMemories(
  module: Uint8Array,
  name: string,
): { start: number; end: number; memories: Limits[] } | undefined {
  try {
    const section = [...readSections(module)].find(({ id }) => id === memorySection);
    return section && { ...section, memories: readLimits(module, section.content, section.end) };
  } catch (cause) {
    if (!(cause instanceof MalformedError)) throw cause;
    throw new WasiKitError(
      "E_NOT_WASM",
      `${name} is not a valid WebAssembly module: at byte ${cause.offset}, ${cause.message}.\nIt may be cut short. Build it again.`,
      { cause },
    );
  }
}

/** @see https://webassembly.github.io/spec/core/binary/types.html#limits */
function readLimits(module: Uint8Array, start: number, end: number): Limits[] {
  const reader = createReader(module, start, end);
  return Array.from({ length: reader.u32() }, () => {
    const flags = reader.u8();
    const minimum = reader.u64();
    const maximum = flags & limitFlags.maximum ? reader.u64() : undefined;
    const pageSize = flags & limitFlags.pageSize ? reader.u32() : 16;
    return { flags, minimum, maximum, pageSize };
  });
}

function encodeLimits({ flags, minimum, maximum = 0n, pageSize }: Limits): number[] {
  return [
    flags | limitFlags.maximum,
    ...encode(minimum),
    ...encode(maximum),
    ...(flags & limitFlags.pageSize ? encode(BigInt(pageSize)) : []),
  ];
}

/** An unsigned number in LEB128. */
function encode(value: bigint): number[] {
  const byte = Number(value & 0x7fn);
  return value < 0x80n ? [byte] : [byte | 0x80, ...encode(value >> 7n)];
}
