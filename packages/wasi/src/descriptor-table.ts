import type { Rights } from "./abi/rights.ts";
import type { ByteString, DirectoryEntry, DirectoryHandle, FileHandle } from "./fs/file-system.ts";
import type { StdioStream } from "./stdio.ts";
import { WasiError } from "./wasi-error.ts";

/** A directory that the guest is granted. */
export interface Preopen {
  /** Its guest path. */
  readonly name: string;
  /** Where paths from it begin, and what none of them leaves. */
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
  readonly preopen: Preopen;
  /** The path from the preopen on that it was opened by, without links and dots: `"a/b"`; empty for the preopen itself. */
  readonly path: ByteString;
}

/** An open file. */
export interface OpenFile extends Opened {
  readonly kind: "file";
  readonly handle: FileHandle;
  /** Where the next read or write begins, in bytes. */
  position: number;
}

/** An open directory. */
export interface OpenDirectory extends Opened {
  readonly kind: "directory";
  readonly handle: DirectoryHandle;
  /** The entries since `fd_readdir` began at its start, so that a cookie means the same from call to call. */
  listing?: readonly DirectoryEntry[];
}

/** What a descriptor of the guest refers to. */
export type Descriptor = StdioStream | OpenFile | OpenDirectory;

/** A guest's descriptors by number: the lowest free number is given out, as POSIX has it. */
export interface DescriptorTable {
  get(fd: number): Descriptor | undefined;
  /** @throws WasiError `badf` */
  getOrThrow(fd: number): Descriptor;
  /** @throws WasiError `mfile` if no number is free */
  add(descriptor: Descriptor): number;
  /** Frees a number, and gives what it referred to. @throws WasiError `badf` */
  remove(fd: number): Descriptor;
  /** Moves a descriptor to a number that is in use, and gives what that referred to. @throws WasiError `badf` */
  renumber(from: number, to: number): Descriptor | undefined;
  all(): Descriptor[];
}

/** How many descriptors a guest can have open. A file in memory takes none of the host's, which would end it sooner. */
const maxDescriptors = 65_536;

/** An empty table. */
export function createDescriptorTable(): DescriptorTable {
  // An array, not a map: every call looks a number up.
  const table: (Descriptor | undefined)[] = [];
  /** No number below it is free. */
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
