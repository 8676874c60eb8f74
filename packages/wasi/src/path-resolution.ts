import type { OpenDirectory } from "./descriptor-table.ts";
import type { ByteString, DirectoryHandle } from "./fs/file-system.ts";
import { isErrno, WasiError } from "./wasi-error.ts";

/** The largest number of symbolic links in a path, as on Linux. */
const maxLinks = 40;

/** Returned by the callback of {@link resolvePath} to have a symbolic link followed. */
export const followLink: unique symbol = Symbol("follow the link");

/** What a path was resolved to. */
export interface ResolvedPath {
  /** The directory that the last component is in, open until the callback returns. */
  readonly directory: DirectoryHandle;
  /**
   * The last component, which may or may not exist. `undefined` if the path
   * is `directory` itself: it ended in dots, or in a slash after a directory
   * that was to exist.
   */
  readonly name: ByteString | undefined;
  /** Whether the path ended in a slash. */
  readonly hasSlash: boolean;
  /** The path relative to the preopen, without links and dots: `"a/b"`. */
  path(): ByteString;
}

/**
 * What a path that ends in a slash refers to: with `existing`, the directory
 * itself (`dir/` is `dir/.`, and a link is followed); with `entry`, the name,
 * which is to be created, moved or removed.
 */
export type LastComponent = "existing" | "entry";

/**
 * Resolves a guest's path one component at a time, on a stack of open directory
 * handles. Each directory is opened from the one before it, `..` goes back to
 * that one, and a link is replaced by its target in the rest of the path. Handles
 * take single names only, so no change that another process makes in the meantime
 * can lead the walk outside.
 *
 * `..` never leaves the directory that the path starts from. A link can lead
 * further up, but not out of the preopen.
 *
 * @param use - is called with the last component. If it returns {@link followLink}, it is called again with the target
 * of the link
 * @throws WasiError `noent`, `notdir`, `loop`; `notcapable` for a path or link that is absolute or leads outside; and
 * what the file system and `use` throw
 */
export function resolvePath<T>(
  from: OpenDirectory,
  path: ByteString,
  last: LastComponent,
  use: (found: ResolvedPath) => T | typeof followLink,
): T {
  const walk = new Walk(from);
  try {
    return walk.follow(path, last, use);
  } finally {
    walk.close();
  }
}

class Walk {
  readonly #from: OpenDirectory;
  /** The directories on the way. The last one is the current one. */
  #stack: DirectoryHandle[];
  /** The names of all of them except the first, relative to the preopen. */
  #names: ByteString[];
  /** The remaining components, the next one last. */
  readonly #left: ByteString[] = [];
  #links = 0;
  #hasSlash = false;

  constructor(from: OpenDirectory) {
    this.#from = from;
    this.#stack = [from.handle];
    this.#names = from.path === "" ? [] : from.path.split("/");
  }

  follow<T>(path: ByteString, last: LastComponent, use: (found: ResolvedPath) => T | typeof followLink): T {
    this.#expand(path);
    for (let name = this.#left.pop(); name !== undefined; name = this.#left.pop()) {
      if (name === ".") continue;
      if (name === "..") this.#goUp();
      else if (this.#left.length > 0 || (this.#hasSlash && last === "existing")) this.#enter(name);
      else {
        this.#checkDepth();
        const result = use(this.#found(name));
        if (result !== followLink) return result;
        this.#followLink(name);
      }
    }
    // A directory is no link: there is nothing to follow.
    return use(this.#found(undefined)) as T;
  }

  /** Closes the directories that the walk opened. */
  close(): void {
    for (const handle of this.#stack) this.#release(handle);
  }

  get #here(): DirectoryHandle {
    return this.#stack.at(-1) as DirectoryHandle;
  }

  #found(name: ByteString | undefined): ResolvedPath {
    const names = this.#names;
    return {
      directory: this.#here,
      name,
      hasSlash: this.#hasSlash,
      path: () => (name === undefined ? names : [...names, name]).join("/"),
    };
  }

  #release(handle: DirectoryHandle): void {
    if (handle !== this.#from.handle && handle !== this.#from.preopen.root) handle.close();
  }

  /** Puts a path, or a link's target, before the remaining components. */
  #expand(path: ByteString): void {
    if (path === "") throw new WasiError("noent");
    if (path.startsWith("/")) throw new WasiError("notcapable");
    if (this.#left.length === 0) this.#hasSlash ||= path.endsWith("/");
    const components = path.split("/");
    for (let i = components.length - 1; i >= 0; i--) if (components[i] !== "") this.#left.push(components[i] as string);
  }

  /** @throws WasiError `nametoolong` if a name in the current directory is deeper than a path may lead */
  #checkDepth(): void {
    const { maxDepth = Infinity } = this.#from.preopen;
    if (this.#names.length >= maxDepth) throw new WasiError("nametoolong", "maxDepth");
  }

  #enter(name: ByteString): void {
    this.#checkDepth();
    let next: DirectoryHandle;
    try {
      next = this.#here.openDirectory(name);
    } catch (error) {
      if (!isErrno(error, "notdir")) throw error;
      return this.#followLink(name);
    }
    this.#stack.push(next);
    this.#names.push(name);
  }

  #followLink(name: ByteString): void {
    if (++this.#links > maxLinks) throw new WasiError("loop");
    let target: ByteString;
    try {
      target = this.#here.readlink(name);
    } catch (error) {
      throw isErrno(error, "inval") ? new WasiError("notdir") : error;
    }
    this.#expand(target);
  }

  #goUp(): void {
    if (this.#stack.length === 1) this.#goAboveStart();
    this.#release(this.#stack.pop() as DirectoryHandle);
    this.#names.pop();
  }

  /**
   * Puts the directories between the preopen and the start of the path on the
   * stack, before the start. A path can't leave its start, but a link can lead
   * anywhere in the preopen, since it may have been made for the whole tree.
   */
  #goAboveStart(): void {
    const { handle, preopen } = this.#from;
    if (this.#links === 0 || this.#names.length === 0) throw new WasiError("notcapable");
    const start = this.#stack;
    this.#stack = [preopen.root];
    try {
      for (const name of this.#names) this.#stack.push(this.#here.openDirectory(name));
    } catch (error) {
      throw isErrno(error, "noent") || isErrno(error, "notdir") ? new WasiError("notcapable") : error;
    }
    const [there, here] = [this.#here.stat(), handle.stat()];
    // The start was moved since it was opened: its parents are not known.
    if (there.dev !== here.dev || there.ino !== here.ino) throw new WasiError("notcapable");
    this.#release(this.#stack.pop() as DirectoryHandle);
    this.#stack.push(...start);
  }
}
