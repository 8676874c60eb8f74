import { filetype } from "../abi/layouts.ts";
import { WasiError } from "../wasi-error.ts";
import { Content } from "./content.ts";
import { openFlags } from "./file-system.ts";
import type { ByteString, DirectoryHandle, FileHandle, FileSystem, Filestat } from "./file-system.ts";
import { DirectoryNode, FileNode, LinkNode, SpecialNode } from "./nodes.ts";
import type { Node, NodeAttributes, LowerPath } from "./nodes.ts";
import type { Lower, Tree } from "./tree.ts";

/** How many handles of the lower file system are kept open, so that not every use walks there from the root. */
const maxHandles = 32;

/**
 * The lower file system of a copy-on-write view. It is only read.
 *
 * Its handles are opened when they are needed, and the one that was used longest
 * ago is closed first: a guest with thousands of open directories keeps only a
 * few of the host's open. All of them come from one root, which frees them when
 * it is closed.
 */
export class LowerFileSystem implements Lower {
  readonly #fileSystem: FileSystem;
  #root: DirectoryHandle | undefined;
  #users = 0;
  /** The open handles, the most recently used one last. */
  readonly #handles = new Map<LowerPath, DirectoryHandle | FileHandle>();
  /** Files with several names, by `dev:ino`: one node for all names of a file. */
  readonly #linked = new Map<string, Node>();

  constructor(fileSystem: FileSystem) {
    this.#fileSystem = fileSystem;
  }

  /** Opens the root if it is not open. Each call needs a call of {@link close}. */
  open(): void {
    this.#root ??= this.#fileSystem.open();
    this.#users++;
  }

  close(): void {
    if (--this.#users > 0) return;
    this.#handles.clear();
    const root = this.#root;
    this.#root = undefined;
    root?.close();
  }

  /** The files with several names that were found. */
  linked(): Iterable<Node> {
    return this.#linked.values();
  }

  root(tree: Tree): DirectoryNode {
    return new DirectoryNode(attributes(tree, { parent: undefined, name: "" }, this.#openRoot.stat()));
  }

  find(tree: Tree, directory: DirectoryNode, lowerPath: LowerPath): Node | undefined {
    const stat = this.#directory(lowerPath.parent as LowerPath).lookup(lowerPath.name);
    if (!stat) return undefined;
    if (stat.filetype === filetype.directory) {
      const node = new DirectoryNode(attributes(tree, lowerPath, stat));
      node.parent = directory;
      return node;
    }
    if (stat.nlink < 2n) return this.#node(tree, lowerPath, stat);
    const identity = `${stat.dev}:${stat.ino}`;
    const node = this.#linked.get(identity) ?? this.#node(tree, lowerPath, stat);
    this.#linked.set(identity, node);
    return node;
  }

  #node(tree: Tree, lowerPath: LowerPath, stat: Filestat): Node {
    const own = attributes(tree, lowerPath, stat);
    const size = Number(stat.size);
    if (stat.filetype === filetype.symbolic_link) return new LinkNode(own, size);
    if (stat.filetype !== filetype.regular_file) return new SpecialNode(own, stat.filetype);
    const read = (into: Uint8Array, offset: number): number => this.#file(lowerPath).read([into], offset);
    return new FileNode(own, new Content(tree.space, { size, read }));
  }

  list(lowerPath: LowerPath): ReadonlyMap<ByteString, number> {
    return new Map(
      this.#directory(lowerPath)
        .list()
        .map((entry) => [entry.name, entry.filetype]),
    );
  }

  readlink(lowerPath: LowerPath): ByteString {
    return this.#directory(lowerPath.parent as LowerPath).readlink(lowerPath.name);
  }

  openFile(lowerPath: LowerPath): void {
    this.#file(lowerPath);
  }

  closeFile(lowerPath: LowerPath): void {
    const handle = this.#handles.get(lowerPath);
    this.#handles.delete(lowerPath);
    handle?.close();
  }

  get #openRoot(): DirectoryHandle {
    if (!this.#root) throw new Error("The root of the copy-on-write view was closed");
    return this.#root;
  }

  #directory(lowerPath: LowerPath): DirectoryHandle {
    const { parent, name } = lowerPath;
    if (!parent) return this.#openRoot;
    return this.#use(lowerPath, () => this.#directory(parent).openDirectory(name)) as DirectoryHandle;
  }

  #file(lowerPath: LowerPath): FileHandle {
    const { parent, name } = lowerPath;
    const handle = this.#use(lowerPath, () => this.#directory(parent as LowerPath).open(name, openFlags.read));
    // Something else has taken its place since it was looked up.
    if (handle.kind !== "file") throw new WasiError("io");
    return handle;
  }

  #use(lowerPath: LowerPath, open: () => DirectoryHandle | FileHandle): DirectoryHandle | FileHandle {
    const known = this.#handles.get(lowerPath);
    const handle = known ?? open();
    if (known) this.#handles.delete(lowerPath);
    this.#handles.set(lowerPath, handle);
    if (this.#handles.size > maxHandles) this.#closeOldest();
    return handle;
  }

  #closeOldest(): void {
    for (const [lowerPath, handle] of this.#handles) {
      this.#handles.delete(lowerPath);
      handle.close();
      return;
    }
  }
}

const attributes = (tree: Tree, lowerPath: LowerPath, stat: Filestat): NodeAttributes => ({
  ino: tree.nextIno(),
  nlink: Number(stat.nlink),
  mode: stat.mode ?? (stat.filetype === filetype.directory ? 0o755 : 0o644),
  atim: stat.atim,
  mtim: stat.mtim,
  ctim: stat.ctim,
  lowerPath,
});
