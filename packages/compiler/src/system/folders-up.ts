import { dirname } from "node:path";

/** A folder and those above it, up to the root of the disk. */
export function foldersUpFrom(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUpFrom(parent)];
}
