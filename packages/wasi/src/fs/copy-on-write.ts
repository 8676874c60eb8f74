import { filetype } from "../abi/layouts.ts";
import { changesOf, isChanged } from "./changes.ts";
import type { Change } from "./changes.ts";
import type { Part } from "./content.ts";
import type { FileSystem } from "./file-system.ts";
import { Lower } from "./lower.ts";
import type { DirectoryNode, FileNode } from "./nodes.ts";
import { Space } from "./space.ts";
import type { SpillStore } from "./space.ts";
import { openRoot } from "./tree-directory.ts";
import { now, Tree } from "./tree.ts";

export interface CopyOnWriteOptions {
  /** Makes a store for contents that are too large for memory. It is called once at most. Default: there is none. */
  readonly spill?: () => SpillStore;
  /** How much is kept in memory if there is a store, in bytes. Default: 64 MiB. */
  readonly spillBytes?: number;
  /**
   * How much may be written, in bytes: contents in use, and about 500 for each
   * name. What goes beyond that fails with `nospc`. Default: 1 GiB, or 16 GiB with a store.
   */
  readonly maxBytes?: number;
  /** The time of changes, in nanoseconds since 1970. Default: that of the host, to the millisecond. */
  readonly now?: () => bigint;
}

export interface ChangesOptions {
  /**
   * Whether the contents are copied, so that the changes can be kept and posted
   * to another thread. If not, `parts` are read each time they are iterated over,
   * which must be before anything else is changed. Default: true.
   */
  readonly copy?: boolean;
}

/** A view of another file system that keeps what is changed to itself. */
export interface CopyOnWrite extends FileSystem {
  /** What was changed since the view was made. */
  changes(options?: ChangesOptions): Change[];
  /** Frees what was spilled. The view can't be used any more. */
  close(): void;
}

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/**
 * A view of a file system below, which is read and never written. What a run
 * changes is kept above it, in memory. Only what was written to a file is kept,
 * and the rest is still read from the one below.
 *
 * A directory below is read when it is first asked for a name, and remembered:
 * what someone else changes there afterwards may or may not be seen. The
 * permissions below are those of reading; all of it can be changed above.
 *
 * It can be opened several times, also at once: all see the same.
 */
export function copyOnWrite(lower: FileSystem, options: CopyOnWriteOptions = {}): CopyOnWrite {
  const { spill, spillBytes = 64 * mebibyte, maxBytes = (spill ? 16 : 1) * gibibyte } = options;
  const space = new Space({ maxBytes, spillBytes, spill });
  const below = new Lower(lower);
  let tree: Tree | undefined;

  return {
    open() {
      below.open();
      try {
        tree ??= new Tree(space, options.now ?? now, below);
        return openRoot(tree, () => below.close());
      } catch (error) {
        below.close();
        throw error;
      }
    },
    changes({ copy = true } = {}) {
      if (!tree) return [];
      if (hasUnseenChange(tree, below)) findAll(tree, below);
      return changesOf(tree, copy ? copiedParts : liveParts);
    },
    close: () => space.close(),
  };
}

const copiedParts = ({ content }: FileNode): Part[] =>
  Array.from(content.parts(), ({ offset, bytes }) => ({ offset, bytes: bytes.slice() }));

const liveParts = ({ content }: FileNode): Iterable<Part> => ({ [Symbol.iterator]: () => content.parts() });

/**
 * Whether a file was changed and has no name above that was asked for: it had
 * several below, and was changed through one that was then removed.
 */
function hasUnseenChange(tree: Tree, below: Lower): boolean {
  const unseen = new Set([...below.linked()].filter((node) => node.nlink > 0 && isChanged(node)));
  if (unseen.size === 0) return false;
  const visit = (directory: DirectoryNode): void => {
    for (const node of directory.entries.values()) {
      unseen.delete(node);
      if (node.filetype === filetype.directory) visit(node);
    }
  };
  visit(tree.root);
  return unseen.size > 0;
}

/** Asks for every name below. */
function findAll(tree: Tree, below: Lower): void {
  const visit = (directory: DirectoryNode): void => {
    for (const { name } of tree.list(directory)) {
      const node = tree.find(directory, name);
      if (node?.filetype === filetype.directory) visit(node);
    }
  };
  below.open();
  try {
    visit(tree.root);
  } finally {
    below.close();
  }
}
