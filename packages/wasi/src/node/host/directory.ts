import {
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import type { Dirent } from "node:fs";
import { filetype } from "../../abi/layouts.ts";
import { openFlags } from "../../fs/file-system.ts";
import type {
  ByteString,
  DirectoryEntry,
  DirectoryHandle,
  FileHandle,
  Filestat,
  NewTimes,
} from "../../fs/file-system.ts";
import { WasiError } from "../../wasi-error.ts";
import { onHost } from "./error.ts";
import { HostFile } from "./file.ts";
import type { HostRoot } from "./file.ts";
import { hostFlags, reopenFlags } from "./flags.ts";
import type { OpenDescriptor } from "./open-descriptors.ts";
import { filestatOfStats, filetypeOf } from "./stat.ts";

const lookupOptions = { bigint: true, throwIfNoEntry: false } as const;

/**
 * An open directory of the host. The host's path of a name in it depends on whether
 * the host has paths for descriptors, which the subclasses know.
 */
export abstract class HostDirectory implements DirectoryHandle {
  readonly kind = "directory";
  protected readonly root: HostRoot;
  readonly #isRoot: boolean;

  constructor(root: HostRoot, isRoot: boolean) {
    this.root = root;
    this.#isRoot = isRoot;
  }

  /** The host's path of a name in this directory. @throws WasiError `noent` if the directory can't be reached any more */
  protected abstract pathOf(name: ByteString): string | Buffer;
  /** The host's path of this directory. */
  protected abstract ownPath(): string | Buffer;
  /** Creates a handle from a descriptor that turned out to be a directory. */
  protected abstract fromDescriptor(place: OpenDescriptor, name: ByteString): HostDirectory;

  abstract openDirectory(name: ByteString): DirectoryHandle;
  abstract reopen(): DirectoryHandle;
  abstract stat(): Filestat;
  abstract setTimes(times: NewTimes): void;
  /** Frees what this handle holds. */
  protected abstract release(): void;

  close(): void {
    if (this.#isRoot) this.root.descriptors.closeAll();
    else this.release();
  }

  open(name: ByteString, flags: number): FileHandle | DirectoryHandle {
    if ((flags & ~openFlags.read) === openFlags.directory) return this.openDirectory(name);
    const path = this.pathOf(name);
    const { descriptors } = this.root;
    const place = descriptors.open(() => openSync(path, hostFlags(flags)));
    const type = filetypeOf(fstatSync(place.fd).mode);
    if (type === filetype.regular_file) return new HostFile(this.root, place, flags);
    if (type === filetype.directory) return this.fromDescriptor(place, name);
    // A named pipe may have no other end, and a device can do anything.
    descriptors.close(place);
    throw new WasiError("nxio");
  }

  lookup(name: ByteString): Filestat | undefined {
    const found = this.look(this.pathOf(name));
    return found && this.root.times.correct(found);
  }

  protected look(path: string | Buffer): Filestat | undefined {
    const stats = onHost(() => lstatSync(path, lookupOptions));
    return stats && filestatOfStats(stats);
  }

  list(): readonly DirectoryEntry[] {
    const path = this.ownPath();
    return onHost(() => readdirSync(path, { withFileTypes: true, encoding: "latin1" }))
      .map((entry) => ({ name: entry.name, filetype: entryType(entry) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  readlink(name: ByteString): ByteString {
    const path = this.pathOf(name);
    return onHost(() => readlinkSync(path, "latin1"));
  }

  createDirectory(name: ByteString): void {
    const path = this.pathOf(name);
    onHost(() => mkdirSync(path));
  }

  removeDirectory(name: ByteString): void {
    const path = this.pathOf(name);
    onHost(() => rmdirSync(path));
  }

  unlink(name: ByteString): void {
    const path = this.pathOf(name);
    onHost(() => unlinkSync(path));
  }

  rename(name: ByteString, to: DirectoryHandle, newName: ByteString): void {
    const path = this.pathOf(name);
    const newPath = onTheHost(to).pathOf(newName);
    onHost(() => renameSync(path, newPath));
  }

  link(name: ByteString, to: DirectoryHandle, newName: ByteString): void {
    const path = this.pathOf(name);
    const newPath = onTheHost(to).pathOf(newName);
    // Linux gives a link itself a second name; other systems may follow it, wherever it leads.
    if (process.platform !== "linux" && this.look(path)?.filetype === filetype.symbolic_link) {
      throw new WasiError("notsup");
    }
    onHost(() => linkSync(path, newPath));
  }

  symlink(target: ByteString, name: ByteString): void {
    const path = this.pathOf(name);
    onHost(() => symlinkSync(hostPath(target), path));
  }

  setTimesOf(name: ByteString, times: NewTimes): void {
    const path = this.pathOf(name);
    const look = (): Filestat => {
      const found = this.look(path);
      if (!found) throw new WasiError("noent");
      return found;
    };
    this.root.times.set(times, look, (atime, mtime) => onHost(() => lutimesSync(path, atime, mtime)));
  }

  sync(): void {
    const { descriptors } = this.root;
    const path = this.ownPath();
    // Opened again, since the handle itself (`O_PATH`) can't be synchronized.
    const place = descriptors.open(() => openSync(path, reopenFlags(openFlags.read | openFlags.directory)));
    try {
      onHost(() => fsyncSync(place.fd));
    } finally {
      descriptors.close(place);
    }
  }
}

const isAscii = /^[\0-\x7f]*$/;

/** A path as `node:fs` takes it: a string would be encoded as UTF-8, so other bytes than ASCII go as bytes. */
export function hostPath(path: ByteString): string | Buffer {
  return isAscii.test(path) ? path : Buffer.from(path, "latin1");
}

const kinds: readonly (readonly [keyof Dirent & `is${string}`, number])[] = [
  ["isFile", filetype.regular_file],
  ["isDirectory", filetype.directory],
  ["isSymbolicLink", filetype.symbolic_link],
  ["isCharacterDevice", filetype.character_device],
  ["isBlockDevice", filetype.block_device],
  ["isSocket", filetype.socket_stream],
];

const entryType = (entry: Dirent): number =>
  kinds.find(([is]) => (entry[is] as () => boolean)())?.[1] ?? filetype.unknown;

/** @throws WasiError `xdev` for a directory of another file system */
function onTheHost(directory: DirectoryHandle): HostDirectory {
  if (directory instanceof HostDirectory) return directory;
  throw new WasiError("xdev");
}
