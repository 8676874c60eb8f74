import { errno } from "../abi/errno.ts";
import { lookupflags, oflags } from "../abi/flags.ts";
import type { Preview1 } from "../abi/functions.ts";
import { mutatingRights, rightNames, rights, writingRights } from "../abi/rights.ts";
import type { Rights } from "../abi/rights.ts";
import type { Descriptor, DescriptorTable, OpenDirectory } from "../descriptor-table.ts";
import { openFlags } from "../fs/file-system.ts";
import type { DirectoryHandle, FileHandle } from "../fs/file-system.ts";
import { followLink, resolvePath } from "../path-resolution.ts";
import type { ResolvedPath } from "../path-resolution.ts";
import { isErrno, WasiError } from "../wasi-error.ts";
import type { CallContext } from "./call-context.ts";
import { directoryAt, requirePathRights } from "./require.ts";
import { statusFlagsOf } from "./status-flags.ts";

const needed = {
  open: rights("path_open"),
  create: rights("path_create_file"),
  truncate: rights("path_filestat_set_size"),
};
const readingRights = rights("fd_read", "fd_readdir");

/** @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#path_open */
export function pathOpenCalls({ memory, table }: CallContext): Pick<Preview1, "path_open"> {
  return {
    path_open(fd, dirflags, path, length, how, base, inheriting, fdflags, opened) {
      const from = directoryAt(table, fd, needed.open);
      const { preopen } = from;
      const wanted = toRights(base);
      const passedOn = toRights(inheriting);
      // Rights that a read-only preopen lacks are dropped, not an error: libraries ask for more than they use.
      const possible = preopen.isReadOnly ? ~mutatingRights : ~0;
      if (((wanted | passedOn) & ~(from.rightsInheriting | ~possible)) !== 0) return errno.notcapable;
      requireOpening(from, how, wanted);
      const flags = openFlagsOf(how, wanted & possible) | statusFlagsOf(fdflags);
      const isFollowing = (dirflags & lookupflags.symlink_follow) !== 0;
      memory.bytes(opened, 4);

      const number = resolvePath(from, memory.path(path, length), "existing", (found) => {
        const handle = open(found, flags, preopen.isReadOnly, isFollowing);
        if (handle === followLink) return followLink;
        const descriptor = {
          rightsBase: wanted & possible,
          rightsInheriting: passedOn & possible,
          flags: fdflags,
          preopen,
          path: found.path(),
        };
        return addOrClose(
          table,
          // In this order: Node.js 20 takes longer than for all the rest if what is spread comes first.
          handle.kind === "file"
            ? { kind: "file", handle, position: 0, ...descriptor }
            : { kind: "directory", handle, ...descriptor },
        );
      });
      memory.setU32(opened, number);
      return errno.success;
    },
  };
}

/** A set of rights as a number. @throws WasiError `notcapable` for bits that are no right */
function toRights(set: bigint): Rights {
  const bits = BigInt.asUintN(64, set);
  if (bits >= 1n << BigInt(rightNames.length)) throw new WasiError("notcapable");
  return Number(bits);
}

/** @throws WasiError `inval`, `rofs`, `notcapable` */
function requireOpening(from: OpenDirectory, how: number, wanted: Rights): void {
  const { isReadOnly } = from.preopen;
  // Opening creates files only, not directories.
  if (how & oflags.creat && how & oflags.directory) throw new WasiError("inval");
  if (isReadOnly && (wanted & writingRights & mutatingRights) !== 0) throw new WasiError("rofs");
  if (how & oflags.trunc) requirePathRights(from, needed.truncate);
  // In a read-only preopen, existing files can be opened with `creat` all the same.
  if (how & oflags.creat && !isReadOnly) requirePathRights(from, needed.create);
}

const flagPairs: readonly (readonly [oflag: number, openFlag: number])[] = [
  [oflags.creat, openFlags.create],
  [oflags.directory, openFlags.directory],
  [oflags.excl, openFlags.exclusive],
  [oflags.trunc, openFlags.truncate | openFlags.write],
];

/** The `openFlags` for the guest's `oflags` and rights. */
function openFlagsOf(how: number, given: Rights): number {
  let flags = 0;
  if (given & readingRights) flags |= openFlags.read;
  if (given & writingRights & mutatingRights) flags |= openFlags.write;
  for (const [oflag, openFlag] of flagPairs) if (how & oflag) flags |= openFlag;
  return flags;
}

const has = (flags: number, flag: number): boolean => (flags & flag) !== 0;

/** Opens what a path was resolved to, unless it is a link to follow. */
function open(
  { directory, name }: ResolvedPath,
  flags: number,
  isReadOnly: boolean,
  isFollowing: boolean,
): FileHandle | DirectoryHandle | typeof followLink {
  if (name === undefined) {
    if (has(flags, openFlags.exclusive) && has(flags, openFlags.create)) throw new WasiError("exist");
    if (has(flags, openFlags.create | openFlags.write)) throw new WasiError("isdir");
    return directory.reopen();
  }
  let opening = flags;
  if (isReadOnly && has(flags, openFlags.create)) {
    if (!directory.lookup(name)) throw new WasiError("rofs");
    if (has(flags, openFlags.exclusive)) throw new WasiError("exist");
    opening &= ~openFlags.create;
  }
  try {
    return directory.open(name, opening);
  } catch (error) {
    // A link gives `notdir` if a directory was asked for. If it is no link, following it fails with `notdir` as well.
    const mayBeLink = isErrno(error, "loop") || isErrno(error, "notdir");
    if (isFollowing && mayBeLink) return followLink;
    throw error;
  }
}

/** Adds a descriptor to the table, or closes it if the table is full. */
function addOrClose(table: DescriptorTable, descriptor: Exclude<Descriptor, { kind: "stream" }>): number {
  try {
    return table.add(descriptor);
  } catch (error) {
    descriptor.handle.close();
    throw error;
  }
}
