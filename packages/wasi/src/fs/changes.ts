import { filetype } from "../abi/layouts.ts";
import type { Part } from "./content.ts";
import type { ByteString, NewTimes } from "./file-system.ts";
import { typeOf } from "./nodes.ts";
import type { DirectoryNode, FileNode, Node } from "./nodes.ts";
import { isInPlace } from "./tree.ts";
import type { Tree } from "./tree.ts";

/** The contents of a file that was written: the first `kept` bytes of the old contents, `parts` over them, zeros elsewhere. */
export interface ChangedContents {
  /** In bytes. */
  readonly size: number;
  /** How many bytes of the old contents remain, except under `parts`. 0 for a new file. */
  readonly kept: number;
  readonly parts: Iterable<Part>;
}

/** The file, directory or link that is there now. */
export interface ChangedEntry {
  /** One of `filetype`. */
  readonly filetype: number;
  /** Permission bits. Guests can't change them. */
  readonly mode: number;
  /** Times that were set explicitly, not those of a write. */
  readonly times?: NewTimes;
  /** Of a file whose contents changed. */
  readonly contents?: ChangedContents;
  /** Of a new symbolic link. */
  readonly target?: ByteString;
}

/**
 * One difference between a view and its lower file system. Paths are byte strings
 * (`textOf` gives the text), relative to the root: `"a/b"`, and `""` for the root itself.
 *
 * If something was replaced, there are two changes with the same path: `removed`,
 * and `added`, `renamed` or `linked`. A directory is not listed merely because
 * names were added to it or removed, nor an empty file because it was truncated.
 */
export type Change =
  /** It is in the lower file system and no longer in the view. */
  | { readonly kind: "removed"; readonly path: ByteString; readonly filetype: number }
  /** It is at `from` in the lower file system, with everything in it. If it was changed too, there is another change for that. */
  | { readonly kind: "renamed"; readonly path: ByteString; readonly from: ByteString; readonly filetype: number }
  /** It is another name of what is now at `to`. */
  | { readonly kind: "linked"; readonly path: ByteString; readonly to: ByteString; readonly filetype: number }
  | ({ readonly kind: "added"; readonly path: ByteString } & ChangedEntry)
  /** Its contents or times differ. A file with several names is listed once. */
  | ({ readonly kind: "changed"; readonly path: ByteString } & ChangedEntry);

/**
 * The differences between a tree and its lower file system, sorted by path.
 *
 * @param read - returns the parts of a file that were written
 */
export function changesOf(tree: Tree, read: (file: FileNode) => Iterable<Part>): Change[] {
  const changes: Change[] = [];
  const moved = movedNames(tree.root);
  const { paths, placed } = namesAbove(tree.root);

  for (const [path, node] of placed) {
    const type = typeOf(node);
    const to = paths.get(node);
    const from = to === undefined ? moved.get(node)?.shift() : undefined;
    if (to !== undefined) changes.push({ kind: "linked", path, to, filetype: type });
    else if (from !== undefined) changes.push({ kind: "renamed", path, from, filetype: type });
    else changes.push({ kind: "added", path, ...entryOf(node, read) });
    if (to === undefined) paths.set(node, path);
  }
  for (const [node, names] of moved) {
    for (const path of names) changes.push({ kind: "removed", path, filetype: typeOf(node) });
  }
  for (const [node, path] of paths) {
    if (node.lowerPath && isChanged(node)) changes.push({ kind: "changed", path, ...entryOf(node, read) });
  }
  return changes.toSorted((a, b) => compare(a.path, b.path) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

const kinds: readonly Change["kind"][] = ["removed", "renamed", "linked", "added", "changed"];

const compare = (a: ByteString, b: ByteString): number => (a < b ? -1 : Number(a > b));

const join = (path: ByteString, name: ByteString): ByteString => (path === "" ? name : `${path}/${name}`);

const sortedEntries = ({ entries }: DirectoryNode): [ByteString, Node][] =>
  [...entries].toSorted(([a], [b]) => compare(a, b));

/** A name in a tree. */
interface Entry {
  readonly path: ByteString;
  readonly name: ByteString;
  readonly node: Node;
  readonly directory: DirectoryNode;
}

/**
 * Each name in a tree, and after a directory each name in it. It does not recur:
 * a guest can make a tree that is deeper than a stack.
 *
 * @param namesOf - the names in a directory, in their order
 */
export function* walkTree(
  root: DirectoryNode,
  namesOf: (directory: DirectoryNode) => Iterable<[ByteString, Node]>,
): Generator<Entry, void, undefined> {
  const open = (directory: DirectoryNode, path: ByteString) => ({
    directory,
    path,
    names: namesOf(directory)[Symbol.iterator](),
  });
  const stack = [open(root, "")];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const next = top.names.next();
    if (next.done) {
      stack.pop();
      continue;
    }
    const [name, node] = next.value;
    const path = join(top.path, name);
    yield { path, name, node, directory: top.directory };
    if (node.filetype === filetype.directory) stack.push(open(node, path));
  }
}

/** The lower paths that no longer lead to the same nodes. */
function movedNames(root: DirectoryNode): Map<Node, ByteString[]> {
  const moved = new Map<Node, ByteString[]>();
  for (const { path, name, node, directory } of walkTree(root, ({ lower }) => lower?.found ?? [])) {
    if (directory.entries.get(name) !== node) moved.set(node, [...(moved.get(node) ?? []), path]);
  }
  return moved;
}

/**
 * The names in the tree: `paths`, by node, of nodes that still have their lower
 * name in the same directory (wherever that is now), and `placed`, all others.
 */
function namesAbove(root: DirectoryNode): { paths: Map<Node, ByteString>; placed: [ByteString, Node][] } {
  const paths = new Map<Node, ByteString>([[root, ""]]);
  const placed: [ByteString, Node][] = [];
  for (const { path, name, node, directory } of walkTree(root, sortedEntries)) {
    if (!isInPlace(directory, name, node)) placed.push([path, node]);
    else if (!paths.has(node)) paths.set(node, path);
  }
  return { paths, placed };
}

/** Whether a node of the lower file system was changed, wherever it is now. */
export const isChanged = (node: Node): boolean =>
  node.isAtimSet || node.isMtimSet || (node.filetype === filetype.regular_file && !node.content.isUnchanged);

function entryOf(node: Node, read: (file: FileNode) => Iterable<Part>): ChangedEntry {
  const entry = { filetype: typeOf(node), mode: node.mode, ...timesOf(node) };
  if (node.filetype === filetype.symbolic_link)
    return node.lowerPath ? entry : { ...entry, target: node.target as string };
  if (node.filetype !== filetype.regular_file || (node.lowerPath && node.content.isUnchanged)) return entry;
  const { size, baseEnd } = node.content;
  return { ...entry, contents: { size, kept: baseEnd, parts: read(node) } };
}

function timesOf({ isAtimSet, isMtimSet, atim, mtim }: Node): { times?: NewTimes } {
  if (!isAtimSet && !isMtimSet) return {};
  return { times: { ...(isAtimSet && { atim }), ...(isMtimSet && { mtim }) } };
}
