import { utimesSync } from "node:fs";
import type { ErrnoName } from "../../abi/errno.ts";
import { filetype } from "../../abi/layouts.ts";
import { openFlags } from "../../fs/file-system.ts";
import type { ByteString, DirectoryHandle, FileHandle, Filestat, NewTimes } from "../../fs/file-system.ts";
import { WasiError } from "../../wasi-error.ts";
import { HostDirectory, hostPath } from "./directory.ts";
import { onHost } from "./error.ts";
import type { HostRoot } from "./file.ts";
import type { OpenDescriptor } from "./open-descriptors.ts";

/** The errno of opening a file of a type. Other types give `nxio`. */
const openErrors = new Map<number, ErrnoName>([
  [filetype.regular_file, "success"],
  [filetype.directory, "success"],
  [filetype.symbolic_link, "loop"],
]);

/**
 * A directory that is held by its path, for systems that have no paths for
 * descriptors. Each use first checks whether the path still leads to the same
 * directory. Another process can replace it by a link between the check and the
 * use, so races are possible.
 */
export class DirectoryByPath extends HostDirectory {
  readonly #path: ByteString;
  readonly #identity: Pick<Filestat, "dev" | "ino">;

  /** @param path - an absolute path without links, and without a slash at its end: that of the host's root is empty */
  constructor(root: HostRoot, path: ByteString, identity: Pick<Filestat, "dev" | "ino">, isRoot = false) {
    super(root, isRoot);
    this.#path = path;
    this.#identity = identity;
  }

  protected override pathOf(name: ByteString): string | Buffer {
    this.#check();
    return hostPath(`${this.#path}/${name}`);
  }

  protected override ownPath(): string | Buffer {
    this.#check();
    return hostPath(this.#path || "/");
  }

  #check(): Filestat {
    const found = this.look(hostPath(this.#path || "/"));
    // What replaced a removed directory can have its inode number.
    const isDirectory = found?.filetype === filetype.directory;
    if (isDirectory && found.ino === this.#identity.ino && found.dev === this.#identity.dev) return found;
    throw new WasiError("noent");
  }

  protected override fromDescriptor(place: OpenDescriptor, name: ByteString): HostDirectory {
    this.root.descriptors.close(place);
    return this.openDirectory(name);
  }

  /** Not every system has an `open` that refuses links and does not wait for named pipes, so it is looked at first. */
  override open(name: ByteString, flags: number): FileHandle | DirectoryHandle {
    const found = this.lookup(name);
    if (found && !(flags & openFlags.exclusive)) {
      const openError = openErrors.get(found.filetype) ?? "nxio";
      if (openError !== "success") throw new WasiError(flags & openFlags.directory ? "notdir" : openError);
    }
    return super.open(name, flags);
  }

  override openDirectory(name: ByteString): HostDirectory {
    const found = this.look(this.pathOf(name));
    if (!found) throw new WasiError("noent");
    if (found.filetype !== filetype.directory) throw new WasiError("notdir");
    return new DirectoryByPath(this.root, name === "." ? this.#path : `${this.#path}/${name}`, found);
  }

  override reopen(): DirectoryHandle {
    return new DirectoryByPath(this.root, this.#path, this.#identity);
  }

  override stat(): Filestat {
    return this.root.times.correct(this.#check());
  }

  override setTimes(times: NewTimes): void {
    this.root.times.set(
      times,
      () => this.#check(),
      (atime, mtime) => onHost(() => utimesSync(hostPath(this.#path || "/"), atime, mtime)),
    );
  }

  protected override release(): void {
    // Nothing is open.
  }
}
