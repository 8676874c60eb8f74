import type { Rights } from "./abi/rights.ts";
import type { Budget } from "./budget.ts";
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
  /** How many names deep below it a path may lead. Absent: any number. */
  readonly maxDepth?: number | undefined;
  /** How many bytes may still be written below it. Absent: any number. */
  readonly writtenBytes?: Budget | undefined;
  /** How many names may still be made below it. Absent: any number. */
  readonly files?: Budget | undefined;
}

/** What files and directories have in common. */
interface Opened {
  rightsBase: Rights;
  rightsInheriting: Rights;
  /** A set of `fdflags`. */
  flags: number;
  /** The preopen that it was reached through, or that the guest moved it to. */
  preopen: PreopenedDirectory;
  /** Its path relative to the preopen, without links and dots: `"a/b"`. Empty for the preopen itself. */
  path: ByteString;
}

/** Where something is. */
type Place = Pick<Opened, "preopen" | "path">;

/** An open file. */
export interface OpenFile extends Opened {
  readonly kind: "file";
  readonly handle: FileHandle;
  /** The offset of the next read or write, in bytes. */
  position: number;
  /** How large it is known to be, in bytes: it may be larger. */
  extent: number;
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
  requireFree(): void;
  /** Gives a descriptor the lowest free number. @throws WasiError `mfile` */
  add(descriptor: Descriptor): number;
  /** Frees a number, and returns its descriptor. @throws WasiError `badf` */
  remove(fd: number): Descriptor;
  /** Moves a descriptor to a number that is in use, and returns the descriptor that it replaced. @throws WasiError `badf` */
  renumber(from: number, to: number): Descriptor | undefined;
  /** Has the descriptors of what was moved, and of all below it, say where they are now. */
  move(from: Place, to: Place): void;
  all(): Descriptor[];
}

/** The largest number of open descriptors of a guest. Files in memory take no descriptors of the host, whose limit is lower. */
const maxDescriptors = 65_536;

/**
 * Creates an empty table.
 *
 * @param limit - how many descriptors it may have
 */
export function createDescriptorTable(limit: number = maxDescriptors): DescriptorTable {
  const most = Math.min(limit, maxDescriptors);
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

  const requireFree = (): void => {
    while (table[firstFree] !== undefined) firstFree++;
    if (firstFree >= most) throw new WasiError("mfile", "maxDescriptors");
  };

  return {
    get: (fd) => table[fd],
    getOrThrow,
    requireFree,
    add(descriptor) {
      requireFree();
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
    move(from, to) {
      for (const it of table) {
        if (it === undefined || it.kind === "stream" || it.preopen !== from.preopen) continue;
        if (it.path !== from.path && !it.path.startsWith(`${from.path}/`)) continue;
        it.path = to.path + it.path.slice(from.path.length);
        it.preopen = to.preopen;
      }
    },
    all: () => table.filter((it) => it !== undefined),
  };
}
