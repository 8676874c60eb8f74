import { byteStringOf } from "./byte-string.ts";
import type { DirectoryHandle, FileSystem } from "./file-system.ts";

/**
 * A directory of a file system, as a file system of its own. Several
 * directories of one copy-on-write view share its changes, and files can be moved
 * between them.
 *
 * @param path - relative to the root, without links, `.` and `..`: `"src/lib"`
 * @throws TypeError for any other path
 */
export function subdirectory(fileSystem: FileSystem, path: string): FileSystem {
  const names = path.split("/");
  if (names.some((name) => name === "" || name === "." || name === ".." || name.includes("\0"))) {
    throw new TypeError(`${JSON.stringify(path)}: a path from the root on was expected, without ".", ".." and NUL`);
  }
  return { open: () => openSubdirectory(fileSystem, names.map(byteStringOf)) };
}

function openSubdirectory(fileSystem: FileSystem, names: readonly string[]): DirectoryHandle {
  const root = fileSystem.open();
  try {
    let directory = root;
    for (const name of names) directory = directory.openDirectory(name);
    // The handle itself, and not one that passes calls on: `rename` and `link` ask whether the
    // other directory is of the same file system. Closing the root closes those on the way as well.
    directory.close = () => root.close();
    return directory;
  } catch (error) {
    root.close();
    throw error;
  }
}
