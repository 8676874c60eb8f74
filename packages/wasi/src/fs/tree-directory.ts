import type { ErrnoName } from "../abi/errno.ts";
import { filetype } from "../abi/layouts.ts";
import { WasiError } from "../wasi-error.ts";
import { maxNameBytes, openFlags } from "./file-system.ts";
import type { ByteString, DirectoryEntry, DirectoryHandle, FileHandle, Filestat, NewTimes } from "./file-system.ts";
import { filestatOf } from "./nodes.ts";
import type { DirectoryNode, Node } from "./nodes.ts";
import { TreeFile } from "./tree-file.ts";
import type { Tree } from "./tree.ts";

/** The largest number of bytes of a link's target, as on Linux. */
export const maxTargetBytes = 4095;

/** An open directory of a tree. It has no resources to free. */
class TreeDirectory implements DirectoryHandle {
  readonly kind = "directory";
  readonly #tree: Tree;
  readonly #node: DirectoryNode;
  /** The files that are open below the same root. */
  readonly #open: Set<TreeFile>;

  constructor(tree: Tree, node: DirectoryNode, open: Set<TreeFile>) {
    this.#tree = tree;
    this.#node = node;
    this.#open = open;
  }

  openDirectory(name: ByteString): DirectoryHandle {
    const node = this.#get(name);
    if (node.filetype !== filetype.directory) throw new WasiError("notdir");
    return new TreeDirectory(this.#tree, node, this.#open);
  }

  reopen(): DirectoryHandle {
    return new TreeDirectory(this.#tree, this.#node, this.#open);
  }

  open(name: ByteString, flags: number): FileHandle | DirectoryHandle {
    if (flags & openFlags.create && flags & openFlags.directory) throw new WasiError("inval");
    const found = this.#find(name);
    if (!found) {
      if (!(flags & openFlags.create)) throw new WasiError("noent");
      const file = this.#tree.createFile();
      this.#add(name, file);
      return new TreeFile(this.#tree, file, flags, this.#open);
    }
    if (flags & openFlags.create && flags & openFlags.exclusive) throw new WasiError("exist");
    if (found.filetype === filetype.directory) {
      if (flags & (openFlags.write | openFlags.create | openFlags.truncate)) throw new WasiError("isdir");
      return new TreeDirectory(this.#tree, found, this.#open);
    }
    if (flags & openFlags.directory) throw new WasiError("notdir");
    if (found.filetype !== filetype.regular_file) throw new WasiError(openErrorOf(found));
    if (flags & openFlags.truncate) {
      found.content.setSize(0);
      this.#tree.touch(found);
    }
    return new TreeFile(this.#tree, found, flags, this.#open);
  }

  lookup(name: ByteString): Filestat | undefined {
    const node = this.#find(name);
    return node && filestatOf(node, this.#tree.dev);
  }

  stat(): Filestat {
    return filestatOf(this.#node, this.#tree.dev);
  }

  list(): readonly DirectoryEntry[] {
    return this.#tree.list(this.#node);
  }

  readlink(name: ByteString): ByteString {
    const node = this.#get(name);
    if (node.filetype !== filetype.symbolic_link) throw new WasiError("inval");
    return this.#tree.targetOf(node);
  }

  createDirectory(name: ByteString): void {
    this.#checkFree(name);
    this.#add(name, this.#tree.createDirectory());
  }

  symlink(target: ByteString, name: ByteString): void {
    if (target === "") throw new WasiError("noent");
    if (target.length > maxTargetBytes) throw new WasiError("nametoolong");
    this.#checkFree(name);
    this.#add(name, this.#tree.createLink(target));
  }

  link(name: ByteString, to: DirectoryHandle, newName: ByteString): void {
    const target = this.#sameTree(to);
    const node = this.#get(name);
    target.#checkFree(newName);
    if (node.filetype === filetype.directory) throw new WasiError("perm");
    if (target.#node.isRemoved) throw new WasiError("noent");
    this.#tree.link(target.#node, newName, node);
  }

  removeDirectory(name: ByteString): void {
    const node = this.#get(name);
    if (node.filetype !== filetype.directory) throw new WasiError("notdir");
    if (!this.#tree.isEmpty(node)) throw new WasiError("notempty");
    this.#tree.remove(this.#node, name, node);
  }

  unlink(name: ByteString): void {
    const node = this.#get(name);
    if (node.filetype === filetype.directory) throw new WasiError("isdir");
    this.#tree.remove(this.#node, name, node);
  }

  rename(name: ByteString, to: DirectoryHandle, newName: ByteString): void {
    const target = this.#sameTree(to);
    const node = this.#get(name);
    const replaced = target.#find(newName);
    if (target.#node.isRemoved) throw new WasiError("noent");
    if (isIn(target.#node, node)) throw new WasiError("inval");
    if (replaced && isIn(this.#node, replaced)) throw new WasiError("notempty");
    // Two names of one file: POSIX leaves both.
    if (replaced === node) return;
    if (replaced) {
      this.#checkReplaces(node, replaced);
      this.#tree.remove(target.#node, newName, replaced);
    }
    this.#tree.move(this.#node, name, node, target.#node, newName);
  }

  #checkReplaces(node: Node, replaced: Node): void {
    if (node.filetype !== filetype.directory) {
      if (replaced.filetype === filetype.directory) throw new WasiError("isdir");
      return;
    }
    if (replaced.filetype !== filetype.directory) throw new WasiError("notdir");
    if (!this.#tree.isEmpty(replaced)) throw new WasiError("notempty");
  }

  setTimes(times: NewTimes): void {
    this.#tree.setTimes(this.#node, times);
  }

  setTimesOf(name: ByteString, times: NewTimes): void {
    this.#tree.setTimes(this.#get(name), times);
  }

  sync(): void {
    // There is no device.
  }

  close(): void {
    // There is nothing to free.
  }

  #find(name: ByteString): Node | undefined {
    if (name.length > maxNameBytes) throw new WasiError("nametoolong");
    return this.#tree.find(this.#node, name);
  }

  #get(name: ByteString): Node {
    const node = this.#find(name);
    if (!node) throw new WasiError("noent");
    return node;
  }

  #checkFree(name: ByteString): void {
    if (this.#find(name)) throw new WasiError("exist");
  }

  #add(name: ByteString, node: Node): void {
    if (this.#node.isRemoved) throw new WasiError("noent");
    this.#tree.add(this.#node, name, node);
  }

  /** @throws WasiError `xdev` for a directory of another file system */
  #sameTree(directory: DirectoryHandle): TreeDirectory {
    if (directory instanceof TreeDirectory && directory.#tree === this.#tree) return directory;
    throw new WasiError("xdev");
  }
}

/** The errno of opening what is neither a file nor a directory. */
function openErrorOf(node: Node): ErrnoName {
  return node.filetype === filetype.symbolic_link ? "loop" : "nxio";
}

/** Whether a directory is another node or a descendant of it. */
function isIn(directory: DirectoryNode, other: Node): boolean {
  for (let at: DirectoryNode | undefined = directory; at; at = at.parent) if (at === other) return true;
  return false;
}

/** Opens the root of a tree. Closing it closes all files that were opened through it, then calls `onClosed` once. */
export function openRoot(tree: Tree, onClosed?: () => void): DirectoryHandle {
  let isOpen = true;
  const open = new Set<TreeFile>();
  const root = new TreeDirectory(tree, tree.root, open);
  root.close = () => {
    for (const file of open) file.close();
    if (isOpen) onClosed?.();
    isOpen = false;
  };
  return root;
}
