import { filetype } from "../abi/layouts.ts";
import { bytesOf } from "../bytes.ts";
import { byteStringOf, textOf } from "./byte-string.ts";
import { maxNameBytes } from "./file-system.ts";
import type { FileSystem } from "./file-system.ts";
import type { DirectoryNode, FileNode, LinkNode, Node } from "./nodes.ts";
import { Space } from "./space.ts";
import { maxTargetBytes, openRoot } from "./tree-directory.ts";
import { now, Tree } from "./tree.ts";
import { requireOptions, method, size } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";
import { WasiError } from "../wasi-error.ts";

/** A symbolic link in a {@link MemoryTree}, made by {@link symlink}. Its key has a slash, which no file name has. */
export interface MemorySymlink {
  readonly "/symlink": string;
}

/**
 * The entries of a directory by name: a file's contents as text (in UTF-8) or bytes,
 * a symbolic link, or another directory. It is plain data, which can be posted to another thread.
 */
export interface MemoryTree {
  readonly [name: string]: string | Uint8Array | MemorySymlink | MemoryTree;
}

export interface MemoryOptions {
  /**
   * The most that it can hold, in bytes: contents in use, and about 500 for each name.
   * A write beyond that fails with `nospc`. Default: 1 GiB.
   */
  readonly maxBytes?: number;
  /** The time of changes, in nanoseconds since 1970. Default: the host's time, to the millisecond. */
  readonly now?: () => bigint;
}

/** What each option of {@link memory} may be. */
export const memoryOptionRules: OptionRules<MemoryOptions> = { maxBytes: size, now: method };

/** A tree of files in memory. It keeps what a run changed: a second run starts with that. */
export interface MemoryFileSystem extends FileSystem {
  /**
   * The current contents of a file.
   *
   * @param path - from the root on, without links: `"out/log.txt"`
   * @throws Error if there is no such file
   */
  readFile(path: string): Uint8Array;
  /** The current tree, files as bytes. In names, bytes that are not UTF-8 become U+FFFD. */
  tree(): MemoryTree;
}

/** One GiB. */
const defaultMaxBytes = 2 ** 30;

/** A symbolic link for a {@link MemoryTree}. @param target - a path from the directory that the link is in */
export const symlink = (target: string): MemorySymlink => ({ "/symlink": target });

/**
 * A file system in memory.
 *
 * @example
 * const files = memory({ "in.txt": "Hello", out: {} });
 * await run(module, { preopens: { "/data": files } });
 * files.readFile("out/result.bin");
 * @param content - the initial files. They are copied.
 * @throws OptionError `E_OPTION`
 * @throws TypeError for a name that no file can have
 * @throws RangeError if the files take more than `maxBytes`
 */
export function memory(content: MemoryTree = {}, options: MemoryOptions = {}): MemoryFileSystem {
  requireOptions(options, memoryOptionRules, "memory()");
  const { maxBytes = defaultMaxBytes } = options;
  const tree = new Tree(new Space({ maxBytes }), options.now ?? now);
  try {
    fill(tree, tree.root, content, "");
  } catch (error) {
    if (!(error instanceof WasiError)) throw error;
    throw new RangeError(`The files take more than the ${maxBytes} bytes of maxBytes`);
  }
  return {
    open: () => openRoot(tree),
    readFile: (path) => contentOf(fileAt(tree, path)),
    tree: () => treeOf(tree, tree.root),
  };
}

function fill(tree: Tree, directory: DirectoryNode, content: MemoryTree, path: string): void {
  for (const [name, value] of Object.entries(content)) {
    const entryPath = `${path}${name}`;
    const bytes = byteStringOf(name);
    const fault = faultOf(name, bytes.length);
    if (fault) throw new TypeError(`${JSON.stringify(entryPath)}: a name ${fault}`);
    const node = createNode(tree, value, entryPath);
    tree.add(directory, bytes, node);
    if (node.filetype === filetype.directory) fill(tree, node, value as MemoryTree, `${entryPath}/`);
  }
}

function createNode(tree: Tree, value: MemoryTree[string], path: string): Node {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : bytesOf(value);
  if (bytes) {
    const file = tree.createFile();
    if (file.content.write([bytes], 0) < bytes.length)
      throw new RangeError(`${JSON.stringify(path)} has no space left`);
    return file;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`${JSON.stringify(path)}: text, bytes, symlink(…) or an object of names was expected`);
  }
  const target = (value as MemoryTree)["/symlink"];
  if (typeof target !== "string") return tree.createDirectory();
  const encoded = byteStringOf(target);
  if (target === "" || target.includes("\0") || encoded.length > maxTargetBytes) {
    throw new TypeError(
      `${JSON.stringify(path)}: a link's target can't be empty, hold a NUL, or have more than ${maxTargetBytes} bytes`,
    );
  }
  return tree.createLink(encoded);
}

/** Why a name is invalid, or `undefined` if it is valid. */
function faultOf(name: string, byteLength: number): string | undefined {
  if (name === "") return "can't be empty";
  if (name === "." || name === "..") return `can't be "${name}"`;
  if (name.includes("/")) return 'can\'t hold a "/": nest an object for each directory';
  if (name.includes("\0")) return "can't hold a NUL";
  return byteLength > maxNameBytes ? `can't have more than ${maxNameBytes} bytes` : undefined;
}

function fileAt(tree: Tree, path: string): FileNode {
  let node: Node | undefined = tree.root;
  for (const name of path.split("/")) {
    node = node?.filetype === filetype.directory ? tree.find(node, byteStringOf(name)) : undefined;
  }
  if (!node) throw new Error(`There is nothing at ${JSON.stringify(path)}`);
  if (node.filetype === filetype.regular_file) return node;
  const what =
    node.filetype === filetype.symbolic_link ? `link to ${JSON.stringify(targetOf(tree, node))}` : "directory";
  throw new Error(`${JSON.stringify(path)} is a ${what}, not a file`);
}

const targetOf = (tree: Tree, link: LinkNode): string => textOf(tree.targetOf(link));

function contentOf({ content }: FileNode): Uint8Array {
  const bytes = new Uint8Array(content.size);
  content.read([bytes], 0);
  return bytes;
}

function treeOf(tree: Tree, directory: DirectoryNode): MemoryTree {
  return Object.fromEntries(
    tree.list(directory).map(({ name }) => [textOf(name), valueOf(tree, directory.entries.get(name) as Node)]),
  );
}

function valueOf(tree: Tree, node: Node): MemoryTree[string] {
  if (node.filetype === filetype.directory) return treeOf(tree, node);
  if (node.filetype === filetype.symbolic_link) return symlink(targetOf(tree, node));
  return contentOf(node as FileNode);
}
