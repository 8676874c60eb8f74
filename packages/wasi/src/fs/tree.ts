import { filetype } from "../abi/layouts.ts";
import { Content } from "./content.ts";
import type { ByteString, DirectoryEntry, NewTimes } from "./file-system.ts";
import { DirectoryNode, FileNode, LinkNode, typeOf } from "./nodes.ts";
import type { Node, NodeAttributes, LowerPath } from "./nodes.ts";
import type { Space } from "./space.ts";

/** The lower file system of a tree, which is asked for what the tree does not have itself. */
export interface Lower {
  /** Creates the node of the root. */
  root(tree: Tree): DirectoryNode;
  /** Creates the node of what is at a path, or returns the node that the same file already has. */
  find(tree: Tree, directory: DirectoryNode, lowerPath: LowerPath): Node | undefined;
  /** The type of each name in a directory. */
  list(lowerPath: LowerPath): ReadonlyMap<ByteString, number>;
  readlink(lowerPath: LowerPath): ByteString;
  /** Opens a file, to find out whether it can be read. */
  openFile(lowerPath: LowerPath): void;
  /** Closes a file: the tree has no handle of it left. */
  closeFile(lowerPath: LowerPath): void;
}

/** The time of changes, in nanoseconds since 1970. */
type Now = () => bigint;

let lastMs = 0;
let lastNs = 0n;

/** The host's time, to the millisecond. */
export const now: Now = () => {
  const ms = Date.now();
  if (ms !== lastMs) {
    lastMs = ms;
    lastNs = BigInt(ms) * 1_000_000n;
  }
  return lastNs;
};

/** Above the device numbers of hosts. */
let nextDev = 1n << 48n;

/** About what a name and its node take in memory, without text and content. In bytes. */
const nameBytes = 512;

/**
 * A tree of files in memory. A node of the lower file system is created when it
 * is first looked up. From then on the tree decides, not the lower file system.
 *
 * The tree keeps names, links and times consistent. Its handles check what is allowed.
 */
export class Tree {
  readonly dev: bigint = nextDev++;
  readonly space: Space;
  readonly root: DirectoryNode;
  readonly #now: Now;
  readonly #lower: Lower | undefined;
  #nextIno = 1n;

  constructor(space: Space, clock: Now, lower?: Lower) {
    this.space = space;
    this.#now = clock;
    this.#lower = lower;
    this.root = lower ? lower.root(this) : this.createDirectory();
  }

  nextIno(): bigint {
    return this.#nextIno++;
  }

  /** The node of a name, or `undefined` if there is none. */
  find(directory: DirectoryNode, name: ByteString): Node | undefined {
    const known = directory.entries.get(name);
    const { lower } = directory;
    if (known || !lower || !this.#lower) return known;
    if (lower.found.has(name) || (lower.names && !lower.names.has(name))) return undefined;
    const found = this.#lower.find(this, directory, { parent: lower.lowerPath, name });
    if (!found) return undefined;
    lower.found.set(name, found);
    directory.entries.set(name, found);
    return found;
  }

  /** All names in a directory, in the order of their bytes. */
  list(directory: DirectoryNode): readonly DirectoryEntry[] {
    const entries: DirectoryEntry[] = [];
    for (const [name, node] of directory.entries) entries.push({ name, filetype: typeOf(node), ino: node.ino });
    const { lower } = directory;
    if (lower && this.#lower) {
      lower.names ??= this.#lower.list(lower.lowerPath);
      for (const [name, type] of lower.names) if (!lower.found.has(name)) entries.push({ name, filetype: type });
    }
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  isEmpty(directory: DirectoryNode): boolean {
    return directory.entries.size === 0 && (!directory.lower || this.list(directory).length === 0);
  }

  targetOf(link: LinkNode): ByteString {
    link.target ??= (this.#lower as Lower).readlink(link.lowerPath as LowerPath);
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
    return { ino: this.nextIno(), nlink, mode, atim: time, mtim: time, ctim: time, lowerPath: undefined };
  }

  /** Adds a node under a name that is free. @throws WasiError `nospc` */
  add(directory: DirectoryNode, name: ByteString, node: Node): void {
    this.space.require(costOf(name, node));
    this.#attach(directory, name, node);
  }

  /** Adds a name to a file. @throws WasiError `nospc` */
  link(directory: DirectoryNode, name: ByteString, node: Node): void {
    this.add(directory, name, node);
    node.nlink++;
    node.ctim = this.#now();
  }

  /** Removes a name, and frees a file that has no name left. */
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

  /** Counts a handle of a file. @throws WasiError if the lower file system fails to open it */
  hold(file: FileNode): void {
    // Opened in the lower file system now: a guest expects that opening fails, not reading.
    if (file.lowerPath && file.content.baseEnd > 0) this.#lower?.openFile(file.lowerPath);
    file.handles++;
  }

  release(file: FileNode): void {
    file.handles--;
    if (file.handles > 0) return;
    if (file.lowerPath) this.#lower?.closeFile(file.lowerPath);
    this.#freeUnused(file);
  }

  #freeUnused(file: FileNode): void {
    if (file.nlink === 0 && file.handles === 0) file.content.setSize(0);
  }

  /** Records that the content was changed now. */
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

/** Whether a name has the node that it has in the lower file system. */
export const isInPlace = (directory: DirectoryNode, name: ByteString, node: Node): boolean =>
  directory.lower?.found.get(name) === node;
