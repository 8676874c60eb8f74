import {
  errno,
  fd,
  fd_prestat_dir_name,
  fd_prestat_get,
  prestat,
  prestat_dir,
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";

/** A path as WASI's functions take it: from a directory that was granted on, in UTF-8. */
export class Place {
  constructor(
    readonly directory: fd,
    readonly path: ArrayBuffer,
  ) {}
}

const preopen = changetype<prestat_dir>(memory.data(offsetof<prestat_dir>()));

/**
 * Finds the preopen that a path leads through: for "/sandbox/file.txt" that is
 * "/sandbox", and from there "file.txt". If several match, the longest
 * counts; null if none does. (as-wasi takes the first one for every path,
 * and the whole path with it, which a sandbox refuses.)
 */
export function findPlace(path: string): Place | null {
  path = trim(path);
  let found: Place | null = null;
  let longest = -1;

  // Preopens are the descriptors from 3 on: after 0, 1 and 2, the streams. The
  // first that is none gives an error.
  for (let directory: fd = 3; fd_prestat_get(directory, changetype<prestat>(preopen)) == errno.SUCCESS; directory++) {
    const bytes = new ArrayBuffer(preopen.name_len as i32);
    if (fd_prestat_dir_name(directory, changetype<usize>(bytes), bytes.byteLength) != errno.SUCCESS) continue;

    const name = trim(String.UTF8.decode(bytes));
    if (name.length > longest && leadsThrough(path, name)) {
      const rest = trim(path.substring(name.length));
      // From a directory on, its own name is ".", not nothing.
      found = new Place(directory, String.UTF8.encode(rest == "" ? "." : rest));
      longest = name.length;
    }
  }
  return found;
}

/** "sandbox/x" leads through "sandbox", and "sandboxed/x" does not. */
function leadsThrough(path: string, name: string): bool {
  if (!path.startsWith(name)) return false;
  return name == "" || name.endsWith("/") || path.length == name.length || path.charAt(name.length) == "/";
}

/** A path without what leads nowhere at its beginning: "/", "./" and a lone ".". */
function trim(path: string): string {
  while (path.startsWith("/") || path.startsWith("./") || path == ".") path = path.substring(1);
  return path;
}
