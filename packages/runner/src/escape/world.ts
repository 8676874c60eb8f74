import { linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * A tree of files, path to content. A path that ends in `/` is a directory, a
 * content that begins with `-> ` is a symbolic link, one with `=> ` a hard link
 * to a path of the tree. In a link's target, `{world}` is the host's absolute
 * path of the tree.
 */
export type Tree = Readonly<Record<string, string>>;

/** What no guest may read: it is in every file outside. */
export const secret = "TOP-SECRET";

/** The name of files that are outside only: no guest may see it in a directory. */
export const outsideName = "only-outside";

/**
 * What every probe finds: `root` is what the guest is granted, and the rest is
 * outside. `root-twin` is there for whoever compares paths as text.
 */
export const standardTree: Tree = {
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

/** Files by path: which file it is, and everything that a guest could change about it. */
export type Snapshot = ReadonlyMap<string, { inode: bigint; state: string }>;

/** A tree on disk, in a directory of its own. */
export interface World {
  /** The host's absolute path of a path in the tree. */
  path(relative: string): string;
  /** All there is outside the granted directories, by path. */
  outside(granted: readonly string[]): Snapshot;
  /** Puts the host's absolute path in place of `{world}`. */
  named(text: string): string;
  remove(): void;
}

/** Writes a tree into a new temporary directory. */
export function createWorld(tree: Tree): World {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "wasi-kit-escape-")));
  const top = join(base, "world");
  const named = (text: string): string => text.replaceAll("{world}", top);
  const made = new Set<string>();
  const makeDirectory = (path: string): void => {
    if (made.has(path)) return;
    mkdirSync(path, { recursive: true });
    made.add(path);
  };
  for (const [name, content] of Object.entries(tree)) {
    const path = join(top, name);
    if (name.endsWith("/")) {
      makeDirectory(path);
      continue;
    }
    makeDirectory(dirname(path));
    if (content.startsWith("-> ")) symlinkSync(named(content.slice(3)), path);
    else if (content.startsWith("=> ")) linkSync(join(top, content.slice(3)), path);
    else writeFileSync(path, content);
  }
  return {
    path: (relative) => join(top, relative),
    outside: (granted) => snapshot(base, new Set(granted.map((path) => realpathSync(join(top, path))))),
    named,
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

// The change time tells of whatever the other fields don't: times set to what
// they were, a link made and removed again, a mode changed and changed back.
function snapshot(base: string, skip: ReadonlySet<string>): Snapshot {
  const found = new Map<string, { inode: bigint; state: string }>();
  const visit = (path: string): void => {
    const stat = lstatSync(path, { bigint: true });
    const content = stat.isSymbolicLink() ? readlinkSync(path) : stat.isFile() ? readFileSync(path, "latin1") : "";
    const { ino: inode, mode, nlink, size, mtimeNs, ctimeNs } = stat;
    const state = `mode ${mode.toString(8)} links ${nlink} size ${size} mtime ${mtimeNs} ctime ${ctimeNs} ${JSON.stringify(content)}`;
    found.set(path, { inode, state });
    if (!stat.isDirectory()) return;
    for (const name of readdirSync(path).toSorted()) {
      const child = join(path, name);
      if (!skip.has(child)) visit(child);
    }
  };
  visit(base);
  return found;
}

/** What differs between two snapshots, a line each. */
export function changes(before: Snapshot, after: Snapshot): string[] {
  const state = (snapshot: Snapshot, path: string): string => {
    const found = snapshot.get(path);
    return found ? `inode ${found.inode} ${found.state}` : "not there";
  };
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => state(before, path) !== state(after, path))
    .map((path) => `${path}, which was ${state(before, path)}: ${state(after, path)}`);
}
