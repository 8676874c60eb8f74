import { filetype } from "../abi/layouts.ts";
import type { Content } from "./content.ts";
import type { ByteString, Filestat } from "./file-system.ts";

/** Where something is in the file system below, whatever happened to it above. The root has no parent. */
export interface Place {
  readonly parent: Place | undefined;
  readonly name: ByteString;
}

/** What is known of a node when it is made. */
export interface NodeAttributes {
  readonly ino: bigint;
  readonly nlink: number;
  readonly mode: number;
  /** In nanoseconds since 1970. */
  readonly atim: bigint;
  readonly mtim: bigint;
  readonly ctim: bigint;
  /** Where it was found below. A file with several names there has the one that was found first. */
  readonly place: Place | undefined;
}

/** What all nodes have. They are classes because V8 as of Node 20 takes ten times as long to spread such objects. */
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
  readonly place: Place | undefined;

  constructor({ ino, nlink, mode, atim, mtim, ctim, place }: NodeAttributes) {
    this.ino = ino;
    this.nlink = nlink;
    this.mode = mode;
    this.atim = atim;
    this.mtim = mtim;
    this.ctim = ctim;
    this.place = place;
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
  /** Its target. If there is none, it is still to be read below. */
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
  /** The names that are known. Those that have never been asked for may be below only. */
  readonly entries: Map<ByteString, Node> = new Map();
  parent: DirectoryNode | undefined = undefined;
  isRemoved = false;
  /** What is known of the directory below that this one begins as. */
  readonly below: DirectoryBelow | undefined;

  constructor(attributes: NodeAttributes) {
    super(attributes);
    const { place } = attributes;
    this.below = place && { place, found: new Map(), names: undefined };
  }
}

/** A named pipe, a device or a socket below. It can be looked at, moved and removed, but not opened. */
export class SpecialNode extends NodeBase {
  readonly filetype: typeof filetype.unknown = filetype.unknown;
  /** One of `filetype`. */
  readonly kind: number;

  constructor(attributes: NodeAttributes, kind: number) {
    super(attributes);
    this.kind = kind;
  }
}

/** What a tree is made of. A node with several names is the same object at each of them. */
export type Node = FileNode | LinkNode | DirectoryNode | SpecialNode;

/** What is known of a directory below. */
interface DirectoryBelow {
  readonly place: Place;
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

/** As ext4 has it for a small directory, in bytes. */
const directorySize = 4096n;

/** What a file system says of a node. */
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
