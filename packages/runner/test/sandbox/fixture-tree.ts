import { isUtf8 } from "node:buffer";
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * A tree of files, path to content. A path that ends in `/` is a directory, a
 * content that begins with `-> ` is a symbolic link, one with `=> ` a hard link
 * to a path of the tree. In a link's target, `{fixture}` is the host's absolute
 * path of the tree.
 */
export type FixtureFiles = Readonly<Record<string, string>>;

/** What no guest may read: it is in every file outside. */
export const secret = "TOP-SECRET";

/** The name of files that are outside only: no guest may see it in a directory. */
export const outsideName = "only-outside";

/**
 * What every case finds: `root` is what the guest is granted, and the rest is
 * outside. `root-twin` is there for whoever compares paths as text.
 */
export const standardTree: FixtureFiles = {
  "outside/secret": secret,
  "outside/only-outside": secret,
  "outside/to-secret": "-> secret",
  "outside/empty/": "",
  "outside/dir/secret": secret,
  "outside/dir/only-outside": secret,
  "root-twin/secret": secret,
  "root-twin/only-outside": secret,
  "root/file": "inside",
  "root/empty/": "",
  "root/dir/file": "inside dir",
  "root/dir/sub/file": "inside sub",
};

/**
 * A file as the host has it: which one it is, and everything that a guest could
 * change about it. The time of the last change tells of what the rest does not
 * (a link made and removed again, a mode changed and changed back).
 */
interface FileState {
  inode: bigint;
  mode: bigint;
  links: bigint;
  modified: bigint;
  changed: bigint;
  /** A file's bytes, a link's target. */
  content: string;
}

/** Files by path. */
export type Snapshot = ReadonlyMap<string, FileState>;

/** A tree on disk, in a temporary directory of its own. */
export interface FixtureTree {
  /** The host's absolute path of a path in the tree; what is absolute already stays as it is. */
  path(relative: string): string;
  /** Puts the host's absolute path in place of `{fixture}`. */
  withHostPath(text: string): string;
  /**
   * Makes the tree (or what is under one of its directories) this one. Only
   * what differs is touched: to write and remove a tree takes longer than most
   * cases.
   */
  reset(tree: FixtureFiles, under?: string): void;
  /** Looks, each time that it is called, at all there is outside what are the granted directories now. */
  watchOutside(granted: readonly string[]): () => Snapshot;
  remove(): void;
}

/** Makes a place for trees, which is empty. */
export function createFixtureTree(): FixtureTree {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "wasi-kit-escape-")));
  // Some way down, so that a guest that does get out is still in what is compared and removed.
  const way = "some/way/down/fixture";
  const top = join(base, way);
  const withHostPath = (text: string): string => text.replaceAll("{fixture}", top);
  return {
    path: (relative) => resolve(top, relative),
    withHostPath,
    reset(tree, under) {
      if (under === undefined)
        resetDirectory(base, withParents(tree, `${way}/`), (target) => join(top, target), withHostPath);
      else resetDirectory(join(top, under), withParents(tree, ""), (target) => join(top, target), withHostPath);
    },
    watchOutside(granted) {
      // The guest may move them, and put a link in their place.
      const skip = new Set(granted.map((path) => realpathSync(resolve(top, path))));
      return () => snapshot(base, skip);
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** A tree in which every directory is named. */
function withParents(tree: FixtureFiles, prefix: string): Map<string, string> {
  const full = new Map<string, string>();
  for (const [path, content] of Object.entries(tree)) {
    const name = prefix + path;
    for (let slash = name.indexOf("/"); slash >= 0; slash = name.indexOf("/", slash + 1))
      full.set(name.slice(0, slash + 1), "");
    full.set(name, content);
  }
  return full;
}

function resetDirectory(
  directory: string,
  tree: Map<string, string>,
  hardLinkTarget: (path: string) => string,
  withHostPath: (text: string) => string,
): void {
  removeUnnameable(directory);
  const found = treeOf(directory);
  const isRight = (path: string, content: string): boolean =>
    found.get(path) === (content.startsWith("-> ") ? withHostPath(content) : content);
  for (const path of found.keys()) {
    const wanted = tree.get(path);
    if (wanted === undefined || !isRight(path, wanted)) rmSync(join(directory, path), { recursive: true, force: true });
  }
  for (const [path, content] of tree) {
    if (isRight(path, content)) continue;
    const place = join(directory, path);
    if (path.endsWith("/")) mkdirSync(place, { recursive: true });
    else if (content.startsWith("-> ")) symlinkSync(withHostPath(content.slice(3)), place);
    else if (content.startsWith("=> ")) linkSync(hardLinkTarget(content.slice(3)), place);
    else writeFileSync(place, content);
  }
}

/** Removes what has a name that is not UTF-8: no tree has it. */
function removeUnnameable(directory: string | Buffer): void {
  for (const entry of readdirSync(directory, { withFileTypes: true, encoding: "buffer" })) {
    const path = Buffer.concat([Buffer.from(directory), Buffer.from("/"), entry.name]);
    if (!isUtf8(entry.name)) rmSync(path, { recursive: true });
    else if (entry.isDirectory()) removeUnnameable(path);
  }
}

/** All there is in a directory: path to content, in the notation of a {@link FixtureFiles}. */
export function treeOf(directory: string | Buffer, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  // As bytes: a guest's names need not be UTF-8.
  for (const entry of readdirSync(directory, { withFileTypes: true, encoding: "buffer" })) {
    const path = Buffer.concat([Buffer.from(directory), Buffer.from("/"), entry.name]);
    const name = `${prefix}${entry.name.toString()}`;
    if (entry.isDirectory()) {
      found.set(`${name}/`, "");
      for (const [below, content] of treeOf(path, `${name}/`)) found.set(below, content);
    } else {
      found.set(name, entry.isSymbolicLink() ? `-> ${readlinkSync(path)}` : readFileSync(path, "utf8"));
    }
  }
  return found;
}

function snapshot(base: string, skip: ReadonlySet<string>): Snapshot {
  const found = new Map<string, FileState>();
  const visit = (path: string): void => {
    const stat = lstatSync(path, { bigint: true });
    const content = stat.isSymbolicLink() ? readlinkSync(path) : stat.isFile() ? readFileSync(path, "latin1") : "";
    found.set(path, {
      inode: stat.ino,
      mode: stat.mode,
      links: stat.nlink,
      modified: stat.mtimeNs,
      changed: stat.ctimeNs,
      content,
    });
    if (!stat.isDirectory()) return;
    for (const name of readdirSync(path)) {
      const child = `${path}/${name}`;
      if (!skip.has(child)) visit(child);
    }
  };
  // With the whole file system granted, nothing is outside.
  if (!skip.has("/")) visit(base);
  return found;
}

/** What differs between two snapshots, a line each. */
export function changes(before: Snapshot, after: Snapshot): string[] {
  const lines: string[] = [];
  for (const [path, was] of before) {
    const is = after.get(path);
    const fields = (Object.keys(was) as (keyof FileState)[]).filter((field) => was[field] !== is?.[field]);
    if (is === undefined) lines.push(`${path}: gone`);
    else if (fields.length > 0)
      lines.push(`${path}: ${fields.map((field) => `${field} ${was[field]} -> ${is[field]}`).join(", ")}`);
  }
  return [...lines, ...[...after.keys()].filter((path) => !before.has(path)).map((path) => `${path}: new`)];
}
