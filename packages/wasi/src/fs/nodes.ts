import { filetype } from "../abi/layouts.ts";
import type { Content } from "./content.ts";
import type { ByteString, Filestat } from "./file-system.ts";

/** Where a node is in the lower file system, whatever happened to it in the tree. The root has no parent. */
export interface LowerPath {
  readonly parent: LowerPath | undefined;
  readonly name: ByteString;
}

/** The attributes that a node is created with. */
export interface NodeAttributes {
  readonly ino: bigint;
  readonly nlink: number;
  readonly mode: number;
  /** In nanoseconds since 1970. */
  readonly atim: bigint;
  readonly mtim: bigint;
  readonly ctim: bigint;
  /** Where it was found in the lower file system. Of a file with several names, the one that was found first. */
  readonly lowerPath: LowerPath | undefined;
}

/** What all nodes have. They are classes because spreading such objects takes ten times as long on Node 20. */
abstract class NodeBase implements NodeAttributes {
  readonly ino: bigint;
  /** How many names it has. Of a directory: 2, and one for each directory in it. */
  nlink: number;
  readonly mode: number;
  atim: bigint;
  mtim: bigint;
  ctim: bigint;
  /** Whether `atim` was set by a call, rather than by the clock; and `mtim`, with no change of the content since. */
  isAtimSet = false;
  isMtimSet = false;
  readonly lowerPath: LowerPath | undefined;

  constructor({ ino, nlink, mode, atim, mtim, ctim, lowerPath }: NodeAttributes) {
    this.ino = ino;
    this.nlink = nlink;
    this.mode = mode;
    this.atim = atim;
    this.mtim = mtim;
    this.ctim = ctim;
    this.lowerPath = lowerPath;
  }
}

export class FileNode extends NodeBase {
  readonly filetype: typeof filetype.regular_file = filetype.regular_file;
  readonly content: Content;
  /** How many handles it has. A file that has no name left is kept until it has no handle either. */
  handles = 0;

  constructor(attributes: NodeAttributes, content: Content) {
    super(attributes);
    this.content = content;
  }
}

export class LinkNode extends NodeBase {
  readonly filetype: typeof filetype.symbolic_link = filetype.symbolic_link;
  /** Its target; `undefined` until it is read from the lower file system. */
  target: ByteString | undefined;
  /** The length of the target. */
  readonly size: number;

  constructor(attributes: NodeAttributes, size: number, target?: ByteString) {
    super(attributes);
    this.size = size;
    this.target = target;
  }
}

export class DirectoryNode extends NodeBase {
  readonly filetype: typeof filetype.directory = filetype.directory;
  /** The names that are known. Names that were never looked up may be in the lower file system only. */
  readonly entries: Map<ByteString, Node> = new Map();
  parent: DirectoryNode | undefined = undefined;
  isRemoved = false;
  /** The lower directory that this one started as. */
  readonly lower: LowerDirectory | undefined;

  constructor(attributes: NodeAttributes) {
    super(attributes);
    const { lowerPath } = attributes;
    this.lower = lowerPath && { lowerPath, found: new Map(), names: undefined };
  }
}

/** A named pipe, a device or a socket of the lower file system. It can be looked up, moved and removed, but not opened. */
export class SpecialNode extends NodeBase {
  readonly filetype: typeof filetype.unknown = filetype.unknown;
  /** One of `filetype`. */
  readonly kind: number;

  constructor(attributes: NodeAttributes, kind: number) {
    super(attributes);
    this.kind = kind;
  }
}

/** A node of a tree. A file with several names is the same object at each of them. */
export type Node = FileNode | LinkNode | DirectoryNode | SpecialNode;

/** What is known of a lower directory. */
interface LowerDirectory {
  readonly lowerPath: LowerPath;
  /**
   * What was found there, by its name there. If the same name leads to the same
   * node above, it is still where it was; otherwise it was moved or removed.
   */
  readonly found: Map<ByteString, Node>;
  /** The type of each name there, once it has been listed. */
  names: ReadonlyMap<ByteString, number> | undefined;
}

/** The ABI's `filetype` of a node. */
export const typeOf = (node: Node): number => (node.filetype === filetype.unknown ? node.kind : node.filetype);

/** The size that ext4 reports for a small directory, in bytes. */
const directorySize = 4096n;

/** The attributes of a node, as a file system reports them. */
export function filestatOf(node: Node, dev: bigint): Filestat {
  return {
    dev,
    ino: node.ino,
    filetype: typeOf(node),
    nlink: BigInt(node.nlink),
    size: sizeOf(node),
    atim: node.atim,
    mtim: node.mtim,
    ctim: node.ctim,
    mode: node.mode,
  };
}

function sizeOf(node: Node): bigint {
  if (node.filetype === filetype.regular_file) return BigInt(node.content.size);
  if (node.filetype === filetype.symbolic_link) return BigInt(node.size);
  return node.filetype === filetype.directory ? directorySize : 0n;
}
