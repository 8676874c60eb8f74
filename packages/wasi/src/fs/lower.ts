import { filetype } from "../abi/layouts.ts";
import { WasiError } from "../wasi-error.ts";
import { Content } from "./content.ts";
import { openFlags } from "./file-system.ts";
import type { ByteString, DirectoryHandle, FileHandle, FileSystem, Filestat } from "./file-system.ts";
import { DirectoryNode, FileNode, LinkNode, SpecialNode } from "./nodes.ts";
import type { Node, NodeAttributes, Place } from "./nodes.ts";
import type { Below, Tree } from "./tree.ts";

/** How many handles are kept open below, so that not each use has to walk there from the root. */
const maxHandles = 32;

/**
 * The file system under a copy-on-write view. It is only read.
 *
 * Its handles are opened when they are needed and closed after those that were
 * used since: a guest that holds thousands of directories holds none of the
 * host's. All of them come from one root, which frees them when it is closed.
 */
export class Lower implements Below {
  readonly #fileSystem: FileSystem;
  #root: DirectoryHandle | undefined;
  #users = 0;
  /** The open handles, the one that was used last at the end. */
  readonly #handles = new Map<Place, DirectoryHandle | FileHandle>();
  /** What has several names, by `dev:ino`: the same file above as well. */
  readonly #linked = new Map<string, Node>();

  constructor(fileSystem: FileSystem) {
    this.#fileSystem = fileSystem;
  }

  /** Opens it, unless it is. Each call needs one of {@link close}. */
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

  /** What was found and has several names below. */
  linked(): Iterable<Node> {
    return this.#linked.values();
  }

  root(tree: Tree): DirectoryNode {
    return new DirectoryNode(attributes(tree, { parent: undefined, name: "" }, this.#openRoot.stat()));
  }

  find(tree: Tree, directory: DirectoryNode, place: Place): Node | undefined {
    const stat = this.#directory(place.parent as Place).lookup(place.name);
    if (!stat) return undefined;
    if (stat.filetype === filetype.directory) {
      const node = new DirectoryNode(attributes(tree, place, stat));
      node.parent = directory;
      return node;
    }
    if (stat.nlink < 2n) return this.#node(tree, place, stat);
    const identity = `${stat.dev}:${stat.ino}`;
    const node = this.#linked.get(identity) ?? this.#node(tree, place, stat);
    this.#linked.set(identity, node);
    return node;
  }

  #node(tree: Tree, place: Place, stat: Filestat): Node {
    const own = attributes(tree, place, stat);
    const size = Number(stat.size);
    if (stat.filetype === filetype.symbolic_link) return new LinkNode(own, size);
    if (stat.filetype !== filetype.regular_file) return new SpecialNode(own, stat.filetype);
    const read = (into: Uint8Array, offset: number): number => this.#file(place).read([into], offset);
    return new FileNode(own, new Content(tree.space, { size, read }));
  }

  list(place: Place): ReadonlyMap<ByteString, number> {
    return new Map(
      this.#directory(place)
        .list()
        .map((entry) => [entry.name, entry.filetype]),
    );
  }

  readlink(place: Place): ByteString {
    return this.#directory(place.parent as Place).readlink(place.name);
  }

  openFile(place: Place): void {
    this.#file(place);
  }

  closeFile(place: Place): void {
    const handle = this.#handles.get(place);
    this.#handles.delete(place);
    handle?.close();
  }

  get #openRoot(): DirectoryHandle {
    if (!this.#root) throw new Error("The root of the copy-on-write view was closed");
    return this.#root;
  }

  #directory(place: Place): DirectoryHandle {
    const { parent, name } = place;
    if (!parent) return this.#openRoot;
    return this.#use(place, () => this.#directory(parent).openDirectory(name)) as DirectoryHandle;
  }

  #file(place: Place): FileHandle {
    const { parent, name } = place;
    const handle = this.#use(place, () => this.#directory(parent as Place).open(name, openFlags.read));
    // Something else was put there since.
    if (handle.kind !== "file") throw new WasiError("io");
    return handle;
  }

  #use(place: Place, open: () => DirectoryHandle | FileHandle): DirectoryHandle | FileHandle {
    const known = this.#handles.get(place);
    const handle = known ?? open();
    if (known) this.#handles.delete(place);
    this.#handles.set(place, handle);
    if (this.#handles.size > maxHandles) this.#closeOldest();
    return handle;
  }

  #closeOldest(): void {
    for (const [place, handle] of this.#handles) {
      this.#handles.delete(place);
      handle.close();
      return;
    }
  }
}

const attributes = (tree: Tree, place: Place, stat: Filestat): NodeAttributes => ({
  ino: tree.nextIno(),
  nlink: Number(stat.nlink),
  mode: stat.mode ?? (stat.filetype === filetype.directory ? 0o755 : 0o644),
  atim: stat.atim,
  mtim: stat.mtim,
  ctim: stat.ctim,
  place,
});
