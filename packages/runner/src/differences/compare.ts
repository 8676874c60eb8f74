import { textOf, WasiError } from "@wasi-kit/wasi";
import type { ByteString, DirectoryHandle, FileSystem, Filestat } from "@wasi-kit/wasi";
import { filetype } from "@wasi-kit/wasi/abi";
import { firstDifference, isExecutable, readEntry } from "./entry.ts";
import type { Entry } from "./entry.ts";

/** Something in a directory that has changed. If its kind has changed, there are two: one removed, and one added. */
export interface Difference {
  /** Its path, relative to the directory. */
  readonly path: string;
  /** What was there before. Absent if it was added. */
  readonly before?: Entry;
  /** What is there now. Absent if it was removed. */
  readonly after?: Entry;
  /** If the content of a file has changed: the offset of the first byte that differs. */
  readonly differsAt?: number;
}

/** An entry of a directory or of one below it, with its path. */
export interface ListedEntry {
  /** Its path, relative to the directory. */
  readonly path: string;
  readonly entry: Entry;
}

/** Everything in a file system, sorted by the bytes of its paths. */
export function listEntries(fileSystem: FileSystem): ListedEntry[] {
  return withRoots([fileSystem], ([root]) =>
    pathsBelow(root as DirectoryHandle)
      .toSorted()
      .flatMap((path) => {
        const found = locate(root as DirectoryHandle, path);
        return found ? [{ path: textOf(path), entry: readEntry(found.directory, found.name, found.stat) }] : [];
      }),
  );
}

/**
 * The differences between a file system as it was and as it is now, sorted by path.
 * Contents are compared byte by byte; times are ignored.
 *
 * @param paths - the paths to compare, if it is known what may have changed. Default: all paths of both
 */
export function compareFileSystems(
  before: FileSystem,
  after: FileSystem,
  paths?: (before: DirectoryHandle, after: DirectoryHandle) => Iterable<ByteString>,
): Difference[] {
  return withRoots([before, after], ([old, now]) => {
    const roots = [old as DirectoryHandle, now as DirectoryHandle] as const;
    const all = paths?.(...roots) ?? roots.flatMap((root) => pathsBelow(root));
    return [...new Set(all)].toSorted().flatMap((path) => compareAt(path, ...roots));
  });
}

function compareAt(path: ByteString, old: DirectoryHandle, now: DirectoryHandle): Difference[] {
  const [was, is] = [locate(old, path), locate(now, path)];
  const name = textOf(path);
  if (was?.stat.filetype !== is?.stat.filetype) {
    return [
      ...(was ? [{ path: name, before: entryAt(was) }] : []),
      ...(is ? [{ path: name, after: entryAt(is) }] : []),
    ];
  }
  if (!was || !is) return [];
  const isFile = was.stat.filetype === filetype.regular_file;
  const differsAt = isFile ? firstDifference([was.directory, was.name], [is.directory, is.name]) : undefined;
  if (differsAt === undefined && traits(was) === traits(is)) return [];
  const both = { path: name, before: entryAt(was), after: entryAt(is) };
  return [differsAt === undefined ? both : { ...both, differsAt }];
}

const entryAt = ({ directory, name, stat }: EntryLocation): Entry => readEntry(directory, name, stat);

/** What can be compared without reading a file. */
function traits({ directory, name, stat }: EntryLocation): string | boolean {
  if (stat.filetype === filetype.symbolic_link) return directory.readlink(name);
  return stat.filetype === filetype.regular_file && isExecutable(stat);
}

interface EntryLocation {
  readonly directory: DirectoryHandle;
  readonly name: ByteString;
  readonly stat: Filestat;
}

/**
 * Where a path leads without following a link, or `undefined` if there is
 * nothing. The directories on the way stay open until their root is closed.
 */
function locate(root: DirectoryHandle, path: ByteString): EntryLocation | undefined {
  const names = path.split("/");
  const name = names.pop() as ByteString;
  try {
    const directory = names.reduce((parent, it) => parent.openDirectory(it), root);
    const stat = directory.lookup(name);
    return stat && { directory, name, stat };
  } catch (error) {
    if (error instanceof WasiError) return undefined;
    throw error;
  }
}

/** The paths of all that is in a directory. */
function pathsBelow(directory: DirectoryHandle, prefix: ByteString = ""): ByteString[] {
  return directory.list().flatMap(({ name, filetype: type }) => {
    const path = `${prefix}${name}`;
    if (type !== filetype.directory) return [path];
    const below = directory.openDirectory(name);
    const paths = pathsBelow(below, `${path}/`);
    below.close();
    return [path, ...paths];
  });
}

/** The same from a path on, which is left out if it is no directory. */
export function pathsBelowPath(root: DirectoryHandle, path: ByteString): ByteString[] {
  const found = locate(root, path);
  if (found?.stat.filetype !== filetype.directory) return [];
  return pathsBelow(found.directory.openDirectory(found.name), `${path}/`);
}

function withRoots<T>(fileSystems: readonly FileSystem[], use: (roots: readonly DirectoryHandle[]) => T): T {
  const roots: DirectoryHandle[] = [];
  try {
    for (const fileSystem of fileSystems) roots.push(fileSystem.open());
    return use(roots);
  } finally {
    for (const root of roots) root.close();
  }
}
