import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readlinkSync, readSync } from "node:fs";
import { quote } from "./quote.ts";
import { listTree } from "./tree.ts";
import type { Node } from "./tree.ts";

/** What lies at a path. Times and most of the mode are left out: they are not the same on two machines. */
export type Entry = Directory | Link | File;

interface Directory {
  kind: "directory";
}

interface Link {
  kind: "link";
  /** Where it leads, as it says. */
  to: string;
}

interface File {
  kind: "file";
  bytes: number;
  /** Whether its owner may execute it. */
  executable: boolean;
  /** Its content's, in hexadecimal; undefined above 64 MiB. */
  sha256?: string | undefined;
  /** What it holds; undefined above 64 KiB. */
  content?: Uint8Array | undefined;
}

/** Something in a directory. */
export interface Found {
  /** Its path, relative to the directory. */
  path: string;
  entry: Entry;
}

/** Something in a directory that is not as it was. What is of another kind now was removed, and something else added. */
export interface Change {
  /** Its path, relative to the directory. */
  path: string;
  /** What was there; undefined where something was added. */
  before?: Entry | undefined;
  /** What is there now; undefined where something was removed. */
  after?: Entry | undefined;
  /** Of a file that holds something else: the offset of the first byte that is different. */
  differsAt?: number | undefined;
}

const mostHashed = 64 << 20;
const mostKept = 64 << 10;

/**
 * All that is in a directory, sorted by path.
 *
 * @throws ManifestError `E_MANIFEST` where it holds something that no run is granted
 */
export function listEntries(directory: string): Found[] {
  const found = [...listTree(directory)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return found.map(([name, node]) => ({ path: textOf(name), entry: entryOf(node) }));
}

/**
 * What is different in one directory from another, as it was before, sorted by
 * path; byte for byte, whatever the times are.
 *
 * @throws ManifestError `E_MANIFEST` where one holds something that no run is granted
 */
export function compareTrees(before: string, after: string): Change[] {
  const [old, now] = [listTree(before), listTree(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].toSorted();
  return names.flatMap((name) => compare(textOf(name), old.get(name), now.get(name)));
}

const textOf = (name: string): string => Buffer.from(name, "latin1").toString();

function compare(path: string, was: Node | undefined, is: Node | undefined): Change[] {
  if (was?.kind !== is?.kind) {
    return [...(was ? [{ path, before: entryOf(was) }] : []), ...(is ? [{ path, after: entryOf(is) }] : [])];
  }
  const [old, now] = [was as Node, is as Node];
  const differsAt = old.kind === "file" ? firstDifference(old, now) : undefined;
  if (differsAt === undefined && traits(old) === traits(now)) return [];
  return [{ path, before: entryOf(old), after: entryOf(now), differsAt }];
}

/** What there is to compare without reading a file. */
function traits(node: Node): string | boolean {
  if (node.kind === "link") return readlinkSync(node.path, "latin1");
  return node.kind === "file" && isExecutable(node);
}

const isExecutable = ({ stats }: Node): boolean => (stats.mode & 0o100) !== 0;

function entryOf(node: Node): Entry {
  if (node.kind === "directory") return { kind: "directory" };
  if (node.kind === "link") return { kind: "link", to: readlinkSync(node.path) };
  const { size } = node.stats;
  const content = size <= mostHashed ? readFileSync(node.path) : undefined;
  return {
    kind: "file",
    bytes: size,
    executable: isExecutable(node),
    sha256: content && createHash("sha256").update(content).digest("hex"),
    content: size <= mostKept ? content : undefined,
  };
}

const chunk = 1 << 16;
const [chunkOfOne, chunkOfOther] = [Buffer.allocUnsafe(chunk), Buffer.allocUnsafe(chunk)];

/** Where two files begin to differ; undefined where they don't. */
function firstDifference(one: Node, other: Node): number | undefined {
  const files = [one, other].map(({ path }) => openSync(path, "r")) as [number, number];
  try {
    for (let at = 0; ;) {
      const sizes = [readSync(files[0], chunkOfOne, 0, chunk, at), readSync(files[1], chunkOfOther, 0, chunk, at)];
      const size = Math.min(...sizes);
      if (size === 0) return one.stats.size === other.stats.size ? undefined : at;
      if (chunkOfOne.compare(chunkOfOther, 0, size, 0, size) !== 0)
        return at + chunkOfOne.findIndex((byte, i) => byte !== chunkOfOther[i]);
      at += size;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** What lies at a path as a person reads it, in a line: `file.txt: 9 bytes`. */
export function describeEntry(path: string, entry: Entry): string {
  const name = quote(path);
  if (entry.kind === "directory") return `${name} (directory)`;
  if (entry.kind === "link") return `${name} -> ${quote(entry.to)}`;
  const size = `${entry.bytes} ${entry.bytes === 1 ? "byte" : "bytes"}`;
  return `${name}: ${size}${entry.executable ? ", executable" : ""}`;
}

/**
 * A change as a person reads it, in a line: `changed file.txt: 9 bytes, was 48`.
 *
 * @param prefix - stands before the path
 */
export function describeChange({ path, before, after }: Change, prefix = ""): string {
  const whole = prefix + path;
  if (!after) return `removed ${describeEntry(whole, before as Entry)}`;
  if (!before) return `added   ${describeEntry(whole, after)}`;
  if (before.kind === "link") return `changed ${describeEntry(whole, after)}, was -> ${quote(before.to)}`;
  const [was, is] = [before as File, after as File];
  const size = was.bytes === is.bytes ? "" : `, was ${was.bytes}`;
  const mode = was.executable === is.executable ? "" : `, ${is.executable ? "now" : "no longer"} executable`;
  return `changed ${describeEntry(whole, { ...is, executable: false })}${size}${mode}`;
}
