import type { Rights } from "./abi/rights.ts";
import type { ByteString, DirectoryEntry, DirectoryHandle, FileHandle } from "./fs/file-system.ts";
import type { StdioStream } from "./stdio.ts";
import { WasiError } from "./wasi-error.ts";

/** A directory that the guest is granted. */
export interface PreopenedDirectory {
  /** Its guest path. */
  readonly name: string;
  /** The directory that its paths start from and never leave. */
  readonly root: DirectoryHandle;
  readonly isReadOnly: boolean;
}

/** What files and directories have in common. */
interface Opened {
  rightsBase: Rights;
  rightsInheriting: Rights;
  /** A set of `fdflags`. */
  flags: number;
  /** The preopen that it was reached through. */
  readonly preopen: PreopenedDirectory;
  /** Its path relative to the preopen, without links and dots: `"a/b"`. Empty for the preopen itself. */
  readonly path: ByteString;
}

/** An open file. */
export interface OpenFile extends Opened {
  readonly kind: "file";
  readonly handle: FileHandle;
  /** The offset of the next read or write, in bytes. */
  position: number;
}

/** An open directory. */
export interface OpenDirectory extends Opened {
  readonly kind: "directory";
  readonly handle: DirectoryHandle;
  /** The entries when `fd_readdir` was last called with cookie 0, so that a cookie means the same in each call. */
  listing?: readonly DirectoryEntry[];
}

/** What a descriptor of the guest refers to. */
export type Descriptor = StdioStream | OpenFile | OpenDirectory;

/** A guest's descriptors by number. A new one gets the lowest free number, as in POSIX. */
export interface DescriptorTable {
  get(fd: number): Descriptor | undefined;
  /** @throws WasiError `badf` */
  getOrThrow(fd: number): Descriptor;
  /** @throws WasiError `mfile` if no number is free */
  add(descriptor: Descriptor): number;
  /** Frees a number, and returns its descriptor. @throws WasiError `badf` */
  remove(fd: number): Descriptor;
  /** Moves a descriptor to a number that is in use, and returns the descriptor that it replaced. @throws WasiError `badf` */
  renumber(from: number, to: number): Descriptor | undefined;
  all(): Descriptor[];
}

/** The largest number of open descriptors of a guest. Files in memory take no descriptors of the host, whose limit is lower. */
const maxDescriptors = 65_536;

/** Creates an empty table. */
export function createDescriptorTable(): DescriptorTable {
  // An array, not a map: every call looks a number up.
  const table: (Descriptor | undefined)[] = [];
  /** All numbers below it are in use. */
  let firstFree = 0;
  const getOrThrow = (fd: number): Descriptor => {
    const found = table[fd];
    if (found === undefined) throw new WasiError("badf");
    return found;
  };
  const free = (fd: number): void => {
    table[fd] = undefined;
    firstFree = Math.min(firstFree, fd);
  };

  return {
    get: (fd) => table[fd],
    getOrThrow,
    add(descriptor) {
      while (table[firstFree] !== undefined) firstFree++;
      if (firstFree >= maxDescriptors) throw new WasiError("mfile");
      table[firstFree] = descriptor;
      return firstFree++;
    },
    remove(fd) {
      const found = getOrThrow(fd);
      free(fd);
      return found;
    },
    renumber(from, to) {
      const moving = getOrThrow(from);
      const replaced = getOrThrow(to);
      if (from === to) return undefined;
      table[to] = moving;
      free(from);
      return replaced;
    },
    all: () => table.filter((it) => it !== undefined),
  };
}
