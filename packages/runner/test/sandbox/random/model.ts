import type { ErrnoName } from "@wasi-kit/wasi/abi";
import type { CallResult, Call, GuestPath } from "../guest-calls.ts";
import type { FixtureFiles } from "../fixture-tree.ts";

/** A directory, file or link of the model. A file or link may be in several directories. */
type ModelNode = Directory | File | Link;

interface Directory {
  kind: "directory";
  entries: Map<string, ModelNode>;
  /** The directories that it is in; none, once it was removed. */
  parent: Directory | undefined;
}

interface File {
  kind: "file";
  content: string;
}

interface Link {
  kind: "link";
  target: string;
}

/** What a number stands for. */
interface ModelDescriptor {
  node: Directory | File;
  /** The number of its preopen. */
  preopen: number;
  /** The directory of its preopen, which no path from it leaves. */
  root: Directory;
  /** The names from there on, as far as the guest itself moved it since it was opened. */
  names: readonly string[];
  mayWrite: boolean;
  appends: boolean;
  position: number;
}

/**
 * What a call shall give: success (and what the guest then gets), one of some
 * errors, or a failure of any kind. `undefined` where the model has no opinion;
 * such a call changes nothing.
 */
export type ModelVerdict = { text?: string } | { errnos: readonly ErrnoName[] } | "fails" | undefined;

/** Thrown to end a call with one of some errors. */
class Failure {
  readonly errnos: readonly ErrnoName[] | undefined;

  constructor(...errnos: ErrnoName[]) {
    this.errnos = errnos.length > 0 ? errnos : undefined;
  }
}

/** Thrown to end a call that the model has no opinion of. */
const noOpinion = Symbol("no opinion");

/** Where a path leads. */
interface ResolvedPath {
  directory: Directory;
  name: string;
  node: ModelNode | undefined;
  /** A slash stood at the end. */
  wantsDirectory: boolean;
  /** The path ended in dots, so that there is no name to make, move or remove. */
  isDots: boolean;
  /** The names from the preopen on, of the directory and of what has the name. */
  names: readonly string[];
}

const maxLinks = 40;

/**
 * An independent account of what preview1 calls do in a preopen: a tree in
 * memory, and a walk that has nothing to protect. It knows only one rule of the
 * sandbox: above the preopen's directory there is nothing.
 */
export class Model {
  readonly root: Directory;
  readonly #table: Map<number, ModelDescriptor> = new Map();
  readonly #numbers: Map<string, number> = new Map();
  readonly #first: string;

  /** A model of a tree, whose preopens are guest path to the path of a directory in it. */
  constructor(tree: FixtureFiles, preopens: Readonly<Record<string, string>>) {
    this.root = buildTree(tree);
    this.#first = Object.keys(preopens)[0]!;
    for (const [i, [name, path]] of Object.entries(preopens).entries()) {
      const node = path === "" ? this.root : this.#find(path);
      this.#table.set(3 + i, {
        node,
        preopen: 3 + i,
        root: node,
        names: [],
        mayWrite: false,
        appends: false,
        position: 0,
      });
      this.#numbers.set(name, 3 + i);
    }
  }

  /** What a call shall give; the model is then as the tree is after it. */
  judge(call: Call, result: CallResult): ModelVerdict {
    try {
      return this.#apply(call, result);
    } catch (error) {
      if (error === noOpinion) return undefined;
      if (!(error instanceof Failure)) throw error;
      return error.errnos ? { errnos: error.errnos } : "fails";
    }
  }

  #apply([name, ...args]: Call, result: CallResult): ModelVerdict {
    switch (name) {
      case "open":
        return this.#open(...(args as [GuestPath, string?, string?]), result);
      case "stat": {
        const { node } = this.#existing(args[0] as GuestPath, ending(args[1]));
        return { text: describe(node) };
      }
      case "times":
        this.#existing(args[0] as GuestPath, ending(args[1]));
        return {};
      case "mkdir": {
        const resolved = this.#vacant(args[0] as GuestPath);
        resolved.directory.entries.set(resolved.name, {
          kind: "directory",
          entries: new Map(),
          parent: resolved.directory,
        });
        return {};
      }
      case "rmdir": {
        const { node, directory, name: last, isDots } = this.#existing(args[0] as GuestPath, "entry");
        if (isDots) throw new Failure();
        if (node.kind !== "directory") throw new Failure("notdir");
        if (node.entries.size > 0) throw new Failure("notempty");
        directory.entries.delete(last);
        node.parent = undefined;
        return {};
      }
      case "unlink": {
        const { node, directory, name: last, isDots, wantsDirectory } = this.#existing(args[0] as GuestPath, "entry");
        if (isDots || node.kind === "directory" || wantsDirectory) throw new Failure();
        directory.entries.delete(last);
        return {};
      }
      case "readlink": {
        const { node } = this.#existing(args[0] as GuestPath, "keep");
        if (node.kind !== "link") throw new Failure("inval");
        return { text: node.target };
      }
      case "rename":
        return this.#rename(args[0] as GuestPath, args[1] as GuestPath);
      case "link": {
        const [node, to] = both(
          () => this.#linkable(args[0] as GuestPath, ending(args[2])),
          () => this.#vacant(args[1] as GuestPath),
        );
        if (to.wantsDirectory) throw new Failure();
        to.directory.entries.set(to.name, node);
        return {};
      }
      case "symlink": {
        const to = this.#vacant(args[1] as GuestPath);
        if ((args[0] as string).startsWith("/")) throw new Failure("notcapable");
        if (to.wantsDirectory || args[0] === "") throw new Failure();
        to.directory.entries.set(to.name, { kind: "link", target: args[0] as string });
        return {};
      }
      case "read": {
        const { node } = this.#opened(args[0] as string);
        if (node.kind !== "file") throw new Failure();
        return { text: node.content };
      }
      case "write": {
        const open = this.#writable(args[0] as string);
        const text = args[1] as string;
        const { content } = open.node;
        const start = open.appends ? content.length : open.position;
        open.node.content = content.slice(0, start).padEnd(start, "\0") + text + content.slice(start + text.length);
        open.position = start + text.length;
        return {};
      }
      case "truncate": {
        const { node } = this.#writable(args[0] as string);
        node.content = node.content.slice(0, args[1] as number).padEnd(args[1] as number, "\0");
        return {};
      }
      case "fstat": {
        const { node } = this.#opened(args[0] as string);
        return this.#isRemoved(node) ? undefined : { text: describe(node) };
      }
      case "readdir": {
        const { node } = this.#opened(args[0] as string);
        if (node.kind !== "directory") throw new Failure("notdir");
        return this.#isRemoved(node) ? undefined : { text: [...node.entries.keys()].toSorted().join(",") };
      }
      case "close":
        this.#opened(args[0] as string);
        this.#table.delete(this.#numbers.get(args[0] as string)!);
        return {};
      case "renumber": {
        const from = this.#opened(args[0] as string);
        this.#opened(args[1] as string);
        this.#table.delete(this.#numbers.get(args[0] as string)!);
        this.#table.set(this.#numbers.get(args[1] as string)!, from);
        return {};
      }
      default:
        this.#opened(args[0] as string);
        return undefined;
    }
  }

  #open(place: GuestPath, flags = "", as: string | undefined, result: CallResult): ModelVerdict {
    const has = (flag: string): boolean => flags.split(" ").includes(flag);
    const changes = has("write") || has("trunc");
    const isNew = has("creat") && has("excl");
    const { preopen, root } = this.#base(place);
    if (has("creat") && has("directory")) throw new Failure();
    const resolved = this.#walk(place, has("follow") && !isNew ? "follow" : "keep");
    let { node } = resolved;
    if (node === undefined) {
      if (!has("creat")) throw new Failure("noent");
      if (resolved.wantsDirectory) throw new Failure();
      node = { kind: "file", content: "" };
      resolved.directory.entries.set(resolved.name, node);
    } else {
      if (isNew) throw new Failure("exist", ...(node.kind === "file" ? ["notdir" as const] : ["isdir" as const]));
      if (node.kind === "link") throw new Failure("loop", ...(has("directory") ? ["notdir" as const] : []));
      if (node.kind === "file" && (has("directory") || resolved.wantsDirectory)) throw new Failure("notdir", "isdir");
      if (node.kind === "directory" && (changes || has("creat"))) throw new Failure("isdir", "inval", "notdir");
      if (node.kind === "file" && has("trunc")) node.content = "";
    }
    if (as !== undefined && result.fd !== undefined) {
      if (this.#table.has(result.fd)) throw new Error(`descriptor ${result.fd} was given out twice`);
      this.#table.set(result.fd, {
        node,
        preopen,
        root,
        names: resolved.names,
        mayWrite: has("write"),
        appends: has("append"),
        position: 0,
      });
      this.#numbers.set(as, result.fd);
    }
    return {};
  }

  #rename(fromPlace: GuestPath, toPlace: GuestPath): ModelVerdict {
    const [from, to] = both(
      () => this.#movable(fromPlace),
      () => this.#movable(toPlace),
    );
    const { node } = from;
    if (node === undefined) throw new Failure();
    if (node.kind !== "directory" && (from.wantsDirectory || to.wantsDirectory)) throw new Failure();
    if (node.kind === "directory" && isWithin(to.directory, node)) throw new Failure();
    if (to.node === node) return {};
    if (to.node) {
      if ((to.node.kind === "directory") !== (node.kind === "directory")) throw new Failure();
      if (to.node.kind === "directory") {
        if (to.node.entries.size > 0) throw new Failure();
        to.node.parent = undefined;
      }
    }
    from.directory.entries.delete(from.name);
    to.directory.entries.set(to.name, node);
    if (node.kind === "directory") node.parent = to.directory;
    const [source, target] = [this.#base(fromPlace), this.#base(toPlace)];
    for (const open of this.#table.values()) {
      if (open.preopen !== source.preopen || from.names.some((it, i) => it !== open.names[i])) continue;
      open.names = [...to.names, ...open.names.slice(from.names.length)];
      open.preopen = target.preopen;
      open.root = target.root;
    }
    return {};
  }

  #opened(name: string): ModelDescriptor {
    const open = this.#table.get(this.#numbers.get(name) ?? -1);
    if (!open) throw new Failure("badf");
    return open;
  }

  #writable(name: string): ModelDescriptor & { node: File } {
    const open = this.#opened(name);
    if (open.node.kind !== "file" || !open.mayWrite) throw new Failure();
    return open as ModelDescriptor & { node: File };
  }

  #base(place: GuestPath): ModelDescriptor {
    return this.#opened(typeof place === "string" ? this.#first : place[0]);
  }

  #existing(place: GuestPath, last: "follow" | "keep" | "entry"): ResolvedPath & { node: ModelNode } {
    const resolved = this.#walk(place, last);
    if (!resolved.node) throw new Failure("noent");
    return resolved as ResolvedPath & { node: ModelNode };
  }

  #movable(place: GuestPath): ResolvedPath {
    const resolved = this.#walk(place, "entry");
    if (resolved.isDots) throw new Failure();
    return resolved;
  }

  #linkable(place: GuestPath, last: "follow" | "keep"): File | Link {
    const { node } = this.#existing(place, last);
    if (node.kind === "directory") throw new Failure();
    return node;
  }

  #vacant(place: GuestPath): ResolvedPath {
    const resolved = this.#walk(place, "entry");
    if (resolved.node) throw new Failure();
    return resolved;
  }

  /** Follows a path. A link at its end is followed, kept, or taken as an entry (then no slash may come after it). */
  #walk(place: GuestPath, last: "follow" | "keep" | "entry"): ResolvedPath {
    const { node: start, root, names: recorded } = this.#base(place);
    const path = typeof place === "string" ? place : place[1];
    if (start.kind !== "directory") throw new Failure("notdir");
    if (path === "") throw new Failure("noent", "inval");
    if (path.startsWith("/")) throw new Failure("notcapable");
    if (this.#isRemoved(start)) throw noOpinion;

    let current = start;
    let name = ".";
    let pending = path.split("/");
    let links = 0;
    const names = [...recorded];
    for (;;) {
      const next = pending.shift();
      if (next === undefined) break;
      if (next === "") continue;
      if (next === ".") {
        name = next;
        continue;
      }
      if (next === "..") {
        // A descriptor gives what is below it. A link is judged by the preopen: it may be there for the tree's sake.
        if (names.length === 0 || (current === start && links === 0)) throw new Failure("notcapable");
        // What is above a directory is not known if it was moved through another preopen since it was opened.
        if (current === start && at(root, recorded) !== start) throw new Failure();
        current = current.parent!;
        names.pop();
        name = next;
        continue;
      }
      const isLast = pending.every((it) => it === "");
      const wantsDirectory = pending.length > 0;
      const node = current.entries.get(next);
      if (node === undefined) {
        if (!isLast) throw new Failure("noent");
        return { directory: current, name: next, node, wantsDirectory, isDots: false, names: [...names, next] };
      }
      if (node.kind === "link") {
        if (isLast && !wantsDirectory && last !== "follow")
          return { directory: current, name: next, node, wantsDirectory, isDots: false, names: [...names, next] };
        if (isLast && last === "entry") throw new Failure();
        if (++links > maxLinks) throw new Failure("loop");
        if (node.target.startsWith("/")) throw new Failure("notcapable");
        pending = [...node.target.split("/"), ...pending];
        name = ".";
        continue;
      }
      if (node.kind === "file" && wantsDirectory) {
        // What ends in dots can't be made or removed anyway; Linux says isdir of
        // `file/` to creat; and inval is as true to readlink.
        if (last === "entry" && /^\.{1,2}$/.test(pending.findLast((it) => it !== "") ?? "")) throw new Failure();
        if (!isLast && pending.some((it) => it !== "" && it !== ".")) throw new Failure("notdir");
        if (last !== "entry") throw new Failure("notdir", "isdir", "inval");
      }
      if (isLast || node.kind === "file")
        return { directory: current, name: next, node, wantsDirectory, isDots: false, names: [...names, next] };
      current = node;
      names.push(next);
    }
    return { directory: current, name, node: current, wantsDirectory: false, isDots: true, names };
  }

  /** Whether a directory was removed, so that nothing leads to it any more. */
  #isRemoved(node: Directory | File): boolean {
    return node.kind === "directory" && !isWithin(node, this.root);
  }

  #find(path: string): Directory {
    return path.split("/").reduce((node, name) => node.entries.get(name) as Directory, this.root);
  }
}

/** If both ends of a call are wrong, either may be the one that is reported. */
function both<A, B>(first: () => A, second: () => B): [A, B] {
  const failures: Failure[] = [];
  const attempt = <T>(end: () => T): T | undefined => {
    try {
      return end();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
      return undefined;
    }
  };
  const ends = [attempt(first), attempt(second)];
  if (failures.length > 0)
    throw new Failure(...(failures.every(({ errnos }) => errnos) ? failures.flatMap(({ errnos }) => errnos!) : []));
  return ends as [A, B];
}

const ending = (flags: unknown): "follow" | "keep" => (flags === "follow" ? "follow" : "keep");

/** What names lead to, from a directory on and without links. */
function at(directory: Directory, names: readonly string[]): ModelNode | undefined {
  let current: ModelNode | undefined = directory;
  for (const name of names) current = current?.kind === "directory" ? current.entries.get(name) : undefined;
  return current;
}

function isWithin(node: Directory, ancestor: Directory): boolean {
  for (let it: Directory | undefined = node; it; it = it.parent) if (it === ancestor) return true;
  return false;
}

function describe(node: ModelNode): string {
  return { directory: "directory", link: "symbolic_link", file: `regular_file ${(node as File).content?.length}` }[
    node.kind
  ];
}

function buildTree(tree: FixtureFiles): Directory {
  const root: Directory = { kind: "directory", entries: new Map(), parent: undefined };
  for (const [path, content] of Object.entries(tree)) {
    const names = path.replace(/\/$/, "").split("/");
    const last = path.endsWith("/") ? undefined : names.pop();
    let current = root;
    for (const name of names) {
      if (!current.entries.has(name))
        current.entries.set(name, { kind: "directory", entries: new Map(), parent: current });
      current = current.entries.get(name) as Directory;
    }
    if (last === undefined) continue;
    current.entries.set(
      last,
      content.startsWith("-> ") ? { kind: "link", target: content.slice(3) } : { kind: "file", content },
    );
  }
  return root;
}

/** All there is in a directory of the model: path to content, in the notation of a {@link FixtureFiles}. */
export function treeOfModel(directory: Directory, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [entry, node] of directory.entries) {
    const name = `${prefix}${entry}`;
    if (node.kind === "directory") {
      found.set(`${name}/`, "");
      for (const [below, content] of treeOfModel(node, `${name}/`)) found.set(below, content);
    } else {
      found.set(name, node.kind === "link" ? `-> ${node.target}` : node.content);
    }
  }
  return found;
}
