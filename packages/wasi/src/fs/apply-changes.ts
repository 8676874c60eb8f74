import { filetype } from "../abi/layouts.ts";
import { WasiError } from "../wasi-error.ts";
import type { Change, ChangedContents, ChangedEntry } from "./changes.ts";
import { openFlags } from "./file-system.ts";
import type { ByteString, DirectoryHandle, FileHandle, FileSystem } from "./file-system.ts";

/**
 * Applies the changes of a copy-on-write view to a file system with the same
 * files as the view's lower one: a copy of it, or the lower file system itself.
 * The view can't be used any more after the latter.
 *
 * It stops at the first change that fails, and does not undo the ones before.
 * Renamed files are in a directory `.wasi-kit-changes` in the meantime.
 *
 * @throws WasiError what the file system throws
 */
export function applyChanges(changes: readonly Change[], fileSystem: FileSystem): void {
  const root = fileSystem.open();
  try {
    const { mtim } = root.stat();
    const staging = stageRenamed(root, changes);
    const present = changes.filter((change) => change.kind !== "removed").toSorted((a, b) => -descending(a, b));
    putInPlace(root, present, staging);
    if (staging) {
      staging.directory.close();
      root.removeDirectory(staging.name);
      // The temporary directory changed the time of the root.
      if (!changes.some(touchesRoot)) root.setTimes({ mtim });
    }
    changeEntries(root, present);
    setTimes(root, present);
  } finally {
    root.close();
  }
}

type ChangeOf<Kind extends Change["kind"]> = Extract<Change, { kind: Kind }>;

/** The directory of renamed files until they get their new names. */
interface Staging {
  readonly name: ByteString;
  readonly directory: DirectoryHandle;
  /** The names in it, by the path before. */
  readonly names: ReadonlyMap<ByteString, ByteString>;
}

const parentOf = (path: ByteString): ByteString => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Whether a name in the root is added or removed. */
function touchesRoot(change: Change): boolean {
  if (change.kind === "changed") return false;
  return parentOf(change.path) === "" || (change.kind === "renamed" && parentOf(change.from) === "");
}

/**
 * Removes what was removed, and moves what was renamed into the staging directory.
 * Then all new names are free, even if two names were exchanged. Entries of a
 * directory come before the directory, so that each path is still the old one.
 */
function stageRenamed(root: DirectoryHandle, changes: readonly Change[]): Staging | undefined {
  const leaving = changes
    .filter((it): it is ChangeOf<"removed" | "renamed"> => it.kind === "removed" || it.kind === "renamed")
    .map((change) => ({ change, path: change.kind === "renamed" ? change.from : change.path }))
    .toSorted(descending);
  const name = leaving.some(({ change }) => change.kind === "renamed") ? createFreeName(root) : undefined;
  const directory = name === undefined ? undefined : root.openDirectory(name);
  const names = new Map<ByteString, ByteString>();
  for (const { change, path } of leaving) {
    inDirectoryOf(root, path, (parent, last) => {
      if (change.kind === "removed") remove(parent, last, change.filetype);
      else {
        const free = String(names.size);
        parent.rename(last, directory as DirectoryHandle, free);
        names.set(path, free);
      }
    });
  }
  return name === undefined || !directory ? undefined : { name, directory, names };
}

function remove(parent: DirectoryHandle, name: ByteString, type: number): void {
  if (type === filetype.directory) parent.removeDirectory(name);
  else parent.unlink(name);
}

function createFreeName(root: DirectoryHandle): ByteString {
  for (let i = 0; ; i++) {
    const name = i === 0 ? ".wasi-kit-changes" : `.wasi-kit-changes-${i}`;
    if (root.lookup(name)) continue;
    root.createDirectory(name);
    return name;
  }
}

/** Creates what was added, and moves what was renamed to its new name. */
function putInPlace(root: DirectoryHandle, present: readonly Change[], staging: Staging | undefined): void {
  for (const change of present) {
    if (change.kind !== "added" && change.kind !== "renamed") continue;
    inDirectoryOf(root, change.path, (parent, name) => {
      if (change.kind === "added") create(parent, name, change);
      else staging?.directory.rename(staging.names.get(change.from) as ByteString, parent, name);
    });
  }
}

/** Creates hard links, and writes contents. All files are in place by now. */
function changeEntries(root: DirectoryHandle, present: readonly Change[]): void {
  for (const change of present) {
    if (change.kind === "linked") link(root, change);
    else if (change.kind === "changed" && change.contents) {
      const { contents } = change;
      inDirectoryOf(root, change.path, (parent, name) => writeTo(parent.open(name, openFlags.write), contents));
    }
  }
}

function setTimes(root: DirectoryHandle, present: readonly Change[]): void {
  for (const change of present) {
    if ((change.kind !== "added" && change.kind !== "changed") || !change.times) continue;
    const { path, times } = change;
    if (path === "") root.setTimes(times);
    else inDirectoryOf(root, path, (parent, name) => parent.setTimesOf(name, times));
  }
}

function create(parent: DirectoryHandle, name: ByteString, entry: ChangedEntry): void {
  if (entry.filetype === filetype.directory) parent.createDirectory(name);
  else if (entry.target !== undefined) parent.symlink(entry.target, name);
  else if (entry.contents) {
    writeTo(parent.open(name, openFlags.write | openFlags.create | openFlags.exclusive), entry.contents);
  }
}

function link(root: DirectoryHandle, { path, to }: ChangeOf<"linked">): void {
  inDirectoryOf(root, to, (from, existing) => {
    inDirectoryOf(root, path, (parent, name) => from.link(existing, parent, name));
  });
}

function writeTo(file: FileHandle | DirectoryHandle, { size, kept, parts }: ChangedContents): void {
  try {
    if (file.kind !== "file") throw new WasiError("isdir");
    file.setSize(kept);
    for (const { offset, bytes } of parts) {
      if (file.write([bytes], offset) < bytes.length) throw new WasiError("nospc");
    }
    file.setSize(size);
  } finally {
    file.close();
  }
}

/** Calls `use` with the directory that a path's last name is in. */
function inDirectoryOf(
  root: DirectoryHandle,
  path: ByteString,
  use: (directory: DirectoryHandle, name: ByteString) => void,
): void {
  const names = path.split("/");
  const last = names.pop() as ByteString;
  let directory = root;
  try {
    for (const name of names) {
      const next = directory.openDirectory(name);
      if (directory !== root) directory.close();
      directory = next;
    }
    use(directory, last);
  } finally {
    if (directory !== root) directory.close();
  }
}

/** Entries of a directory before the directory. */
const descending = (a: { path: ByteString }, b: { path: ByteString }): number =>
  a.path < b.path ? 1 : -Number(a.path > b.path);
