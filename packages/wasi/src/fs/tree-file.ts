import { WasiError } from "../wasi-error.ts";
import { openFlags } from "./file-system.ts";
import type { FileHandle, Filestat, NewTimes } from "./file-system.ts";
import { filestatOf } from "./nodes.ts";
import type { FileNode } from "./nodes.ts";
import type { Tree } from "./tree.ts";

const statusFlags = openFlags.append | openFlags.dsync | openFlags.sync;

/** An open file of a tree. */
export class TreeFile implements FileHandle {
  readonly kind = "file";
  readonly #tree: Tree;
  readonly #node: FileNode;
  /** The open files of the same root, this one among them until it is closed. */
  readonly #open: Set<TreeFile>;
  #flags: number;

  constructor(tree: Tree, node: FileNode, flags: number, open: Set<TreeFile>) {
    this.#tree = tree;
    this.#node = node;
    this.#flags = flags;
    this.#open = open;
    tree.hold(node);
    open.add(this);
  }

  read(buffers: readonly Uint8Array[], offset: number): number {
    if (!(this.#flags & openFlags.read)) throw new WasiError("badf");
    return this.#node.content.read(buffers, offset);
  }

  /** As on Linux, a file that was opened to append is written at its end, not at the offset. */
  write(buffers: readonly Uint8Array[], offset: number): number {
    return this.#write(buffers, this.#flags & openFlags.append ? this.#node.content.size : offset);
  }

  append(buffers: readonly Uint8Array[]): number {
    return this.#write(buffers, this.#node.content.size);
  }

  #write(buffers: readonly Uint8Array[], offset: number): number {
    if (!(this.#flags & openFlags.write)) throw new WasiError("badf");
    const count = this.#node.content.write(buffers, offset);
    if (count > 0) this.#tree.touch(this.#node);
    return count;
  }

  stat(): Filestat {
    return filestatOf(this.#node, this.#tree.dev);
  }

  setSize(size: number): void {
    if (!(this.#flags & openFlags.write)) throw new WasiError("inval");
    this.#node.content.setSize(size);
    this.#tree.touch(this.#node);
  }

  setTimes(times: NewTimes): void {
    this.#tree.setTimes(this.#node, times);
  }

  setFlags(flags: number): void {
    this.#flags = (this.#flags & ~statusFlags) | (flags & statusFlags);
  }

  sync(): void {
    // There is no device.
  }

  datasync(): void {
    // There is no device.
  }

  close(): void {
    if (this.#open.delete(this)) this.#tree.release(this.#node);
  }
}
