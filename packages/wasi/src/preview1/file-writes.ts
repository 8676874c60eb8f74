import type { OpenFile } from "../descriptor-table.ts";

// All that makes a file larger, out of the budget of its preopen. The size of a file is only asked for if the budget needs it.

/** Writes buffers from an offset on. @returns how many bytes @throws WasiError `dquot` */
export function writeFrom(file: OpenFile, buffers: readonly Uint8Array[], offset: number): number {
  const { handle, preopen } = file;
  const budget = preopen.writtenBytes;
  if (!budget || buffers.length === 0) return handle.write(buffers, offset);
  if (offset > file.extent) file.extent = Number(handle.stat().size);
  const gap = Math.max(0, offset - file.extent);
  budget.require(gap + sizeOf(buffers));
  const count = handle.write(buffers, offset);
  budget.take(gap + count);
  file.extent = Math.max(file.extent, offset + count);
  return count;
}

/** Writes buffers at the end. @returns how many bytes @throws WasiError `dquot` */
export function writeAtEnd({ handle, preopen }: OpenFile, buffers: readonly Uint8Array[]): number {
  preopen.writtenBytes?.require(sizeOf(buffers));
  const count = handle.append(buffers);
  preopen.writtenBytes?.take(count);
  return count;
}

/** Truncates a file, or extends it with zeros. @throws WasiError `dquot` */
export function resize({ handle, preopen }: OpenFile, size: number): void {
  const growth = preopen.writtenBytes ? Math.max(0, size - Number(handle.stat().size)) : 0;
  preopen.writtenBytes?.require(growth);
  handle.setSize(size);
  preopen.writtenBytes?.take(growth);
}

const sizeOf = (buffers: readonly Uint8Array[]): number => buffers.reduce((sum, { length }) => sum + length, 0);
