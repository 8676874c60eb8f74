import type { GuestMemory } from "@wasi-kit/wasi";
import { recordedBytes } from "./bytes.ts";
import type { RecordedBytes, RecordedWrites } from "./recording.ts";

/** Parts of a guest's memory that a function of the host may write, and what it wrote there. */
export interface HandedOut {
  /** Call it before the function gets the part. */
  add(address: number, size: number): void;
  /** What was written since the last time. */
  writes(): RecordedWrites;
  /** What is there now was written by the guest. */
  forget(): void;
}

interface Part {
  readonly address: number;
  /** What was there. */
  before: Uint8Array;
}

/** Bytes that are the same are left out of a write if they are as many as this: a write costs as much as they do. */
const minGap = 32;

export function createHandedOut(memory: GuestMemory): HandedOut {
  let parts: Part[] = [];
  let size = 0;
  const copy = (address: number, length: number): Uint8Array => memory.bytes(address, length).slice();

  /** All of the memory, as it was before the first part was handed out: parts may be many, and overlap. */
  const merge = (): void => {
    const all = copy(0, memory.memory.buffer.byteLength);
    for (const { address, before } of parts.toReversed()) all.set(before, address);
    parts = [{ address: 0, before: all }];
  };
  return {
    add(address, length) {
      if (length === 0) return;
      const isAll = parts[0]?.address === 0 && parts[0].before.length === memory.memory.buffer.byteLength;
      if (isAll) return;
      parts.push({ address: address >>> 0, before: copy(address, length) });
      size += length;
      if (size > memory.memory.buffer.byteLength) merge();
    },
    writes() {
      const found: (readonly [number, RecordedBytes])[] = [];
      for (const part of parts) {
        const now = memory.bytes(part.address, part.before.length);
        const changed = differences(part.before, now);
        if (changed.length === 0) continue;
        for (const [from, to] of changed) found.push([part.address + from, recordedBytes(now.subarray(from, to))]);
        part.before = now.slice();
      }
      return found;
    },
    forget() {
      for (const part of parts) part.before = copy(part.address, part.before.length);
    },
  };
}

/** Where bytes differ: from, and up to. */
function differences(before: Uint8Array, now: Uint8Array): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < now.length; i++) {
    if (before[i] === now[i]) continue;
    const last = found.at(-1);
    if (last && i - last[1] < minGap) last[1] = i + 1;
    else found.push([i, i + 1]);
  }
  return found;
}
