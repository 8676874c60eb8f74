import { mutatingRights } from "../abi/rights.ts";
import type { Rights } from "../abi/rights.ts";
import type { ErrnoName } from "../abi/errno.ts";
import type { Descriptor, DescriptorTable, OpenDirectory, OpenFile } from "../descriptor-table.ts";
import { WasiError } from "../wasi-error.ts";

/** @throws WasiError `notcapable` if a descriptor lacks one of the rights */
export function requireRights({ rightsBase }: Descriptor, needed: Rights): void {
  if ((rightsBase & needed) !== needed) throw new WasiError("notcapable");
}

/**
 * The same for the directory that a path starts from.
 *
 * @throws WasiError `rofs` if one of them is missing because the preopen is read-only, else `notcapable`
 */
export function requirePathRights(from: OpenDirectory, needed: Rights): void {
  if (from.preopen.isReadOnly && (needed & mutatingRights) !== 0) throw new WasiError("rofs");
  requireRights(from, needed);
}

/**
 * The directory that a path starts from.
 *
 * @throws WasiError `badf`, `notdir`, `rofs`, `notcapable`
 */
export function directoryAt(table: DescriptorTable, fd: number, needed: Rights): OpenDirectory {
  const found = table.getOrThrow(fd);
  if (found.kind !== "directory") throw new WasiError("notdir");
  requirePathRights(found, needed);
  return found;
}

/**
 * The file of a descriptor.
 *
 * @param onStream - the errno for a stream
 * @param onDirectory - the errno for a directory that has the rights
 * @throws WasiError `badf`, `notcapable`, and these two
 */
export function fileAt(
  table: DescriptorTable,
  fd: number,
  needed: Rights,
  onStream: ErrnoName,
  onDirectory: ErrnoName,
): OpenFile {
  const found = table.getOrThrow(fd);
  if (found.kind === "stream") throw new WasiError(onStream);
  requireRights(found, needed);
  if (found.kind === "directory") throw new WasiError(onDirectory);
  return found;
}
