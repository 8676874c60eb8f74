import type { Descriptor, DescriptorTable, OpenDirectory, OpenFile } from "@wasi-kit/wasi";
import type { RecordedPlace, WasiLine } from "./recording.ts";

/** What is open at a descriptor, in the words of a recording. A stream is nowhere. */
const placeOf = ({ preopen, path }: OpenFile | OpenDirectory): RecordedPlace => ({ preopen: preopen.name, path });

/** Where all open files and directories are, in the order of their descriptors. */
export const placesOf = (table: DescriptorTable): (RecordedPlace | undefined)[] =>
  table.all().map((it) => (it.kind === "stream" ? undefined : placeOf(it)));

/** The places that are no longer the same. */
export function movedPlaces(
  before: readonly (RecordedPlace | undefined)[],
  table: DescriptorTable,
): NonNullable<WasiLine["moved"]> {
  if (before.length === 0) return [];
  return placesOf(table).flatMap((place, i) => {
    const was = before[i];
    return place && (place.path !== was?.path || place.preopen !== was.preopen) ? [[i, place] as const] : [];
  });
}

/** What `path_open` opened. */
export function openedPlace(table: DescriptorTable, fd: number): NonNullable<WasiLine["opened"]> {
  const found = table.get(fd) as Exclude<Descriptor, { kind: "stream" }>;
  return { kind: found.kind, ...placeOf(found) };
}
