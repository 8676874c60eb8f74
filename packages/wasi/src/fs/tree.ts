import { filetype } from "../abi/layouts.ts";
import { Content } from "./content.ts";
import type { ByteString, DirectoryEntry, NewTimes } from "./file-system.ts";
import { DirectoryNode, FileNode, LinkNode, typeOf } from "./nodes.ts";
import type { Node, NodeAttributes, Place } from "./nodes.ts";
import type { Space } from "./space.ts";

/** The file system under a tree, which is asked for what the tree has not got itself. */
export interface Below {
  /** Makes a node of the root. */
  root(tree: Tree): DirectoryNode;
  /** Makes a node of what is at a place, or gives the node that the same file already has. */
  find(tree: Tree, directory: DirectoryNode, place: Place): Node | undefined;
  /** The type of each name in a directory. */
  list(place: Place): ReadonlyMap<ByteString, number>;
  readlink(place: Place): ByteString;
  /** Opens a file, to find out whether it can be read. */
  openFile(place: Place): void;
  /** A file has no handle left. */
  closeFile(place: Place): void;
}

/** A clock that gives the time of changes, in nanoseconds since 1970. */
type Now = () => bigint;

let lastMs = 0;
let lastNs = 0n;

/** The time of the host, to the millisecond. */
export const now: Now = () => {
  const ms = Date.now();
  if (ms !== lastMs) {
    lastMs = ms;
    lastNs = BigInt(ms) * 1_000_000n;
  }
  return lastNs;
};

/** Beyond what hosts give their file systems. */
let nextDev = 1n << 48n;

/** What a name and what it leads to take in memory, about, besides text and content. In bytes. */
const nameBytes = 512;

/**
 * A tree of files in memory. Nodes that are in the file system below are made
 * when they are first asked for, and stay: from then on the tree is what counts.
 *
 * It keeps names, links and times consistent. What is allowed is checked by the handles.
 */
export class Tree {
  readonly dev: bigint = nextDev++;
  readonly space: Space;
  readonly root: DirectoryNode;
  readonly #now: Now;
  readonly #below: Below | undefined;
  #nextIno = 1n;

  constructor(space: Space, clock: Now, below?: Below) {
    this.space = space;
    this.#now = clock;
    this.#below = below;
    this.root = below ? below.root(this) : this.createDirectory();
  }

  nextIno(): bigint {
    return this.#nextIno++;
  }

  /** A node that has this name, or `undefined` if there is nothing. */
  find(directory: DirectoryNode, name: ByteString): Node | undefined {
    const known = directory.entries.get(name);
    const { below } = directory;
    if (known || !below || !this.#below) return known;
    if (below.found.has(name) || (below.names && !below.names.has(name))) return undefined;
    const found = this.#below.find(this, directory, { parent: below.place, name });
    if (!found) return undefined;
    below.found.set(name, found);
    directory.entries.set(name, found);
    return found;
  }

  /** All names in a directory, in the order of their bytes. */
  list(directory: DirectoryNode): readonly DirectoryEntry[] {
    const entries: DirectoryEntry[] = [];
    for (const [name, node] of directory.entries) entries.push({ name, filetype: typeOf(node), ino: node.ino });
    const { below } = directory;
    if (below && this.#below) {
      below.names ??= this.#below.list(below.place);
      for (const [name, type] of below.names) if (!below.found.has(name)) entries.push({ name, filetype: type });
    }
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  isEmpty(directory: DirectoryNode): boolean {
    return directory.entries.size === 0 && (!directory.below || this.list(directory).length === 0);
  }

  targetOf(link: LinkNode): ByteString {
    link.target ??= (this.#below as Below).readlink(link.place as Place);
    return link.target;
  }

  createFile(): FileNode {
    return new FileNode(this.#attributes(1, 0o644), new Content(this.space));
  }

  createDirectory(): DirectoryNode {
    return new DirectoryNode(this.#attributes(2, 0o755));
  }

  createLink(target: ByteString): LinkNode {
    return new LinkNode(this.#attributes(1, 0o777), target.length, target);
  }

  #attributes(nlink: number, mode: number): NodeAttributes {
    const time = this.#now();
    return { ino: this.nextIno(), nlink, mode, atim: time, mtim: time, ctim: time, place: undefined };
  }

  /** Gives a node a name that is free. @throws WasiError `nospc` */
  add(directory: DirectoryNode, name: ByteString, node: Node): void {
    this.space.require(costOf(name, node));
    this.#attach(directory, name, node);
  }

  /** Gives a file one more name. @throws WasiError `nospc` */
  link(directory: DirectoryNode, name: ByteString, node: Node): void {
    this.add(directory, name, node);
    node.nlink++;
    node.ctim = this.#now();
  }

  /** Takes a name away, and frees what has none left. */
  remove(directory: DirectoryNode, name: ByteString, node: Node): void {
    this.#detach(directory, name, node);
    node.ctim = this.#now();
    if (node.filetype === filetype.directory) node.isRemoved = true;
    else node.nlink--;
    if (node.filetype === filetype.regular_file) this.#freeUnused(node);
  }

  /** Moves a node to a name that is free. */
  move(directory: DirectoryNode, name: ByteString, node: Node, to: DirectoryNode, newName: ByteString): void {
    this.#detach(directory, name, node);
    this.#attach(to, newName, node);
    node.ctim = this.#now();
  }

  #attach(directory: DirectoryNode, name: ByteString, node: Node): void {
    directory.entries.set(name, node);
    if (!isInPlace(directory, name, node)) this.space.add(costOf(name, node));
    if (node.filetype === filetype.directory) {
      node.parent = directory;
      directory.nlink++;
    }
    this.touch(directory);
  }

  #detach(directory: DirectoryNode, name: ByteString, node: Node): void {
    directory.entries.delete(name);
    if (!isInPlace(directory, name, node)) this.space.add(-costOf(name, node));
    if (node.filetype === filetype.directory) directory.nlink--;
    this.touch(directory);
  }

  /** Counts a handle of a file. @throws WasiError what the file system below says to opening it */
  hold(file: FileNode): void {
    // Opened below at once: a guest expects from here, not from a read, to hear that it may not.
    if (file.place && file.content.baseEnd > 0) this.#below?.openFile(file.place);
    file.handles++;
  }

  release(file: FileNode): void {
    file.handles--;
    if (file.handles > 0) return;
    if (file.place) this.#below?.closeFile(file.place);
    this.#freeUnused(file);
  }

  #freeUnused(file: FileNode): void {
    if (file.nlink === 0 && file.handles === 0) file.content.setSize(0);
  }

  /** The content was changed just now. */
  touch(node: Node): void {
    node.mtim = this.#now();
    node.ctim = node.mtim;
    node.isMtimSet = false;
  }

  setTimes(node: Node, { atim, mtim }: NewTimes): void {
    if (atim !== undefined) {
      node.atim = atim;
      node.isAtimSet = true;
    }
    if (mtim !== undefined) {
      node.mtim = mtim;
      node.isMtimSet = true;
    }
    node.ctim = this.#now();
  }
}

const costOf = (name: ByteString, node: Node): number =>
  nameBytes + name.length + (node.filetype === filetype.symbolic_link ? node.size : 0);

/** Whether a name leads to what it leads to below. */
export const isInPlace = (directory: DirectoryNode, name: ByteString, node: Node): boolean =>
  directory.below?.found.get(name) === node;
