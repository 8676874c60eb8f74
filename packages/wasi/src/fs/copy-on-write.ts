import { changesOf, isChanged, walkTree } from "./changes.ts";
import type { Change } from "./changes.ts";
import type { Part } from "./content.ts";
import type { FileSystem } from "./file-system.ts";
import { LowerFileSystem } from "./lower.ts";
import type { FileNode } from "./nodes.ts";
import { Space } from "./space.ts";
import type { SpillStore } from "./space.ts";
import { openRoot } from "./tree-directory.ts";
import { requireOptions, flag, method, size } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";
import { now, Tree } from "./tree.ts";

export interface CopyOnWriteOptions {
  /** Creates a store for contents that are too large for memory. Called at most once. Default: no store. */
  readonly spill?: () => SpillStore;
  /** How much is kept in memory before contents go to the store, in bytes. Default: 64 MiB. */
  readonly spillBytes?: number;
  /**
   * The most that can be written, in bytes: contents in use, and about 500 for each
   * name. A write beyond that fails with `nospc`. Default: 1 GiB, or 16 GiB with a store.
   */
  readonly maxBytes?: number;
  /** The time of changes, in nanoseconds since 1970. Default: the host's time, to the millisecond. */
  readonly now?: () => bigint;
}

export interface ChangesOptions {
  /**
   * Whether the contents are copied, so that the changes can be kept and posted
   * to another thread. If `false`, `parts` are read each time that they are iterated,
   * which must be before anything else is changed. Default: `true`.
   */
  readonly copy?: boolean;
}

/** What each option of {@link copyOnWrite} may be. */
export const copyOnWriteOptionRules: OptionRules<CopyOnWriteOptions> = {
  spill: method,
  spillBytes: size,
  maxBytes: size,
  now: method,
};

/** What each option of {@link CopyOnWrite.changes} may be. */
export const changesOptionRules: OptionRules<ChangesOptions> = { copy: flag };

/** A view of another file system that keeps its changes to itself. */
export interface CopyOnWrite extends FileSystem {
  /** The changes since the view was created, sorted by path. */
  changes(options?: ChangesOptions): Change[];
  /** Frees the store. The view can't be used any more. */
  close(): void;
}

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/**
 * A copy-on-write view of a lower file system, which is read and never written.
 * The changes of a run are kept in memory: of a file, only the pages that were
 * written. The rest is still read from the lower file system.
 *
 * A lower directory is read when a name in it is first looked up, and then
 * remembered: changes that others make to it later may or may not be seen.
 * Permissions of the lower file system decide what can be read; everything can
 * be changed in the view.
 *
 * The view can be opened several times, also at once: all handles see the same files.
 *
 * @throws OptionError `E_OPTION`
 */
export function copyOnWrite(lower: FileSystem, options: CopyOnWriteOptions = {}): CopyOnWrite {
  requireOptions(options, copyOnWriteOptionRules, "copyOnWrite()");
  const { spill, spillBytes = 64 * mebibyte, maxBytes = (spill ? 16 : 1) * gibibyte } = options;
  const space = new Space({ maxBytes, spillBytes, spill });
  const lowerFiles = new LowerFileSystem(lower);
  let tree: Tree | undefined;

  return {
    open() {
      lowerFiles.open();
      try {
        tree ??= new Tree(space, options.now ?? now, lowerFiles);
        return openRoot(tree, () => lowerFiles.close());
      } catch (error) {
        lowerFiles.close();
        throw error;
      }
    },
    changes(changesOptions = {}) {
      requireOptions(changesOptions, changesOptionRules, "changes()");
      const { copy = true } = changesOptions;
      if (!tree) return [];
      if (hasUnseenChange(tree, lowerFiles)) findAll(tree, lowerFiles);
      return changesOf(tree, copy ? copiedParts : liveParts);
    },
    close: () => space.close(),
  };
}

const copiedParts = ({ content }: FileNode): Part[] =>
  Array.from(content.parts(), ({ offset, bytes }) => ({ offset, bytes: bytes.slice() }));

const liveParts = ({ content }: FileNode): Iterable<Part> => ({ [Symbol.iterator]: () => content.parts() });

/**
 * Whether a file was changed, but none of its remaining names was ever looked up:
 * it had several names, and was changed through one that was then removed.
 */
function hasUnseenChange(tree: Tree, lowerFiles: LowerFileSystem): boolean {
  const unseen = new Set([...lowerFiles.linked()].filter((node) => node.nlink > 0 && isChanged(node)));
  if (unseen.size === 0) return false;
  for (const { node } of walkTree(tree.root, ({ entries }) => entries)) unseen.delete(node);
  return unseen.size > 0;
}

/** Looks up every name. */
function findAll(tree: Tree, lowerFiles: LowerFileSystem): void {
  lowerFiles.open();
  try {
    const found = walkTree(tree.root, (directory) => {
      for (const { name } of tree.list(directory)) tree.find(directory, name);
      return directory.entries;
    });
    for (const _ of found);
  } finally {
    lowerFiles.close();
  }
}
