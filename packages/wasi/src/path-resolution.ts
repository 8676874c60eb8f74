import type { OpenDirectory } from "./descriptor-table.ts";
import type { ByteString, DirectoryHandle } from "./fs/file-system.ts";
import { isErrno, WasiError } from "./wasi-error.ts";

/** How many links a path may lead through, as Linux has it. */
const maxLinks = 40;

/** What the callback of {@link resolvePath} returns for a link that is to be followed. */
export const followLink: unique symbol = Symbol("follow the link");

/** Where a path led. */
export interface ResolvedPath {
  /** The directory that the last component is in, open until the callback returns. */
  readonly directory: DirectoryHandle;
  /**
   * The last component, which may or may not exist. `undefined` if the path
   * means `directory` itself: it ended in dots, or in a slash after something
   * that exists.
   */
  readonly name: ByteString | undefined;
  /** Whether a slash came after `name`. */
  readonly hasSlash: boolean;
  /** The path from the preopen on, without links and dots: `"a/b"`. */
  path(): ByteString;
}

/**
 * Which name a path that ends in a slash means: what `existing` name is behind
 * it (`dir/` is `dir/.`, and a link is followed), or the name itself, which is
 * about to be made, moved or removed (`entry`).
 */
export type LastComponent = "existing" | "entry";

/**
 * Resolves a guest's path one component at a time, over a stack of open
 * directory handles: a directory is opened in the one before it, `..` goes back
 * to that, and a link's target takes the link's place in what is left of the
 * path. A handle is asked for single names only, so nothing that another
 * process changes in the meantime can lead the walk outside.
 *
 * `..` never leaves the directory that the path starts from. A link may lead
 * further up, but not out of the preopen.
 *
 * @param use - does what is to be done with the last component, or returns
 * {@link followLink} if that is a link to be followed; it is called again with where the link leads
 * @throws WasiError `noent`, `notdir`, `loop`; `notcapable` for a path or link that is absolute or leads out; and what
 * the file system and `use` throw
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
  /** The directories on the way; the last one is where the walk stands. */
  #stack: DirectoryHandle[];
  /** The names of all but the first of them, from the preopen on. */
  #names: ByteString[];
  /** The components that are left, the next one last. */
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
        const result = use(this.#found(name));
        if (result !== followLink) return result;
        this.#followLink(name);
      }
    }
    // A directory is no link: there is nothing to follow.
    return use(this.#found(undefined)) as T;
  }

  /** Closes what the walk opened. */
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

  /** Puts a path, or a link's target, before what is left. */
  #expand(path: ByteString): void {
    if (path === "") throw new WasiError("noent");
    if (path.startsWith("/")) throw new WasiError("notcapable");
    if (this.#left.length === 0) this.#hasSlash ||= path.endsWith("/");
    const components = path.split("/");
    for (let i = components.length - 1; i >= 0; i--) if (components[i] !== "") this.#left.push(components[i] as string);
  }

  #enter(name: ByteString): void {
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
   * Puts the directories between the preopen and the start of the path below
   * the start. A descriptor gives what is below it; a link is judged by the
   * preopen alone, since it may have been made for the whole tree.
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
    // The start was moved since it was opened: what is above it now is not known.
    if (there.dev !== here.dev || there.ino !== here.ino) throw new WasiError("notcapable");
    this.#release(this.#stack.pop() as DirectoryHandle);
    this.#stack.push(...start);
  }
}
