import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import type { Stats } from "node:fs";
import { ManifestError } from "./error.ts";

/** What can be in a directory that a run is granted. */
type Kind = "directory" | "link" | "file";

/** Something in a tree. */
export interface Node {
  kind: Kind;
  /** Its path for node:fs. Names are bytes, and not always text. */
  path: Buffer;
  stats: Stats;
}

/**
 * All that is below a directory, by its path relative to it. That is a string
 * with a character for each byte, so that sorting sorts by bytes.
 *
 * @throws ManifestError `E_MANIFEST` where there is something that no run is granted
 */
export function listTree(directory: string): Map<string, Node> {
  const found = new Map<string, Node>();
  const list = (path: string, prefix: string): void => {
    for (const name of readdirSync(bytes(path), "latin1")) {
      const node = nodeAt(`${path}/${name}`);
      found.set(`${prefix}${name}`, node);
      if (node.kind === "directory") list(`${path}/${name}`, `${prefix}${name}/`);
    }
  };
  list(byteString(directory), "");
  return found;
}

/**
 * Copies a directory with all that is below it: links as links, wherever they
 * lead; modes as they are.
 *
 * @throws ManifestError `E_MANIFEST` at the first thing that can't be copied
 */
export function copyTree(from: string, to: string): void {
  copy(byteString(from), byteString(to));
}

/** Removes a directory with all that is below it, whatever the modes in it forbid. One that is not there is gone already. */
export function removeTree(path: string): void {
  if (existsSync(path)) remove(byteString(path));
}

const byteString = (path: string): string => Buffer.from(path).toString("latin1");
const bytes = (path: string): Buffer => Buffer.from(path, "latin1");

function nodeAt(path: string): Node {
  const stats = lstatSync(bytes(path));
  return { kind: kindOf(stats, path), path: bytes(path), stats };
}

function kindOf(stats: Stats, path: string): Kind {
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "link";
  if (stats.isFile()) return "file";
  const what = stats.isFIFO() ? "a named pipe" : stats.isSocket() ? "a socket" : "a device";
  throw new ManifestError(
    `${bytes(path)} is ${what}. A run gets copies of its directories, and only files, directories and links can be copied.\n` +
      "Remove it, or grant a directory that does not hold it.",
  );
}

function copy(from: string, to: string): void {
  try {
    const node = nodeAt(from);
    if (node.kind === "directory") copyDirectory(from, to, node);
    else if (node.kind === "link") symlinkSync(readlinkSync(node.path, "buffer"), bytes(to));
    else copyFile(node, bytes(to));
  } catch (cause) {
    if (cause instanceof ManifestError) throw cause;
    throw new ManifestError(
      `${bytes(from)} can't be copied for a run (${(cause as NodeJS.ErrnoException).code ?? String(cause)}).`,
      { cause },
    );
  }
}

function copyDirectory(from: string, to: string, { path, stats }: Node): void {
  mkdirSync(bytes(to));
  for (const name of readdirSync(path, "latin1")) copy(`${from}/${name}`, `${to}/${name}`);
  // At last: it may forbid to make anything in it.
  chmodSync(bytes(to), stats.mode & 0o7777);
}

// On ext4 to remove a file that was copied inside the kernel takes a millisecond, and one that was written a fraction.
const small = 1 << 20;

function copyFile({ path, stats: { size, mode } }: Node, to: Buffer): void {
  if (size > small) return copyFileSync(path, to);
  writeFileSync(to, readFileSync(path));
  chmodSync(to, mode & 0o7777);
}

// Not rmSync, which stops at the first directory that forbids it.
function remove(directory: string): void {
  chmodSync(bytes(directory), 0o700);
  for (const name of readdirSync(bytes(directory), "latin1")) {
    const path = `${directory}/${name}`;
    if (lstatSync(bytes(path)).isDirectory()) remove(path);
    else unlinkSync(bytes(path));
  }
  rmdirSync(bytes(directory));
}
