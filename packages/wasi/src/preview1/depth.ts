import { filetype } from "../abi/layouts.ts";
import type { ByteString, DirectoryHandle } from "../fs/file-system.ts";
import { isErrno, WasiError } from "../wasi-error.ts";

/** How many names a path has that was resolved. */
export const depthOf = (path: ByteString): number => (path === "" ? 0 : path.split("/").length);

/**
 * Makes sure that nothing is too deep in what a name stands for. What the host
 * does not let this process look into is left out: no guest has made it.
 *
 * @param room - how many names deep something in it may be
 * @throws WasiError `nametoolong`
 */
export function requireDepth(parent: DirectoryHandle, name: ByteString, room: number): void {
  if (parent.lookup(name)?.filetype !== filetype.directory) return;
  let directory: DirectoryHandle | undefined;
  try {
    directory = parent.openDirectory(name);
    for (const entry of directory.list()) {
      if (room <= 0) throw new WasiError("nametoolong", "maxDepth");
      if (entry.filetype === filetype.directory) requireDepth(directory, entry.name, room - 1);
    }
  } catch (error) {
    if (!isErrno(error, "acces")) throw error;
  } finally {
    directory?.close();
  }
}
