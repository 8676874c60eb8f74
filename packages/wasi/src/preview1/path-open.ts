import { errno } from "../abi/errno.ts";
import { lookupflags, oflags } from "../abi/flags.ts";
import type { Preview1 } from "../abi/functions.ts";
import { mutatingRights, rightNames, rights, writingRights } from "../abi/rights.ts";
import type { Rights } from "../abi/rights.ts";
import type { OpenDirectory, PreopenedDirectory } from "../descriptor-table.ts";
import { openFlags } from "../fs/file-system.ts";
import type { DirectoryHandle, FileHandle } from "../fs/file-system.ts";
import { followLink, resolvePath } from "../path-resolution.ts";
import type { ResolvedPath } from "../path-resolution.ts";
import { isErrno, WasiError } from "../wasi-error.ts";
import type { CallContext } from "./call-context.ts";
import { makeName } from "./make-name.ts";
import { directoryAt, requirePathRights } from "./require.ts";
import { statusFlagsOf } from "./status-flags.ts";

const needed = {
  open: rights("path_open"),
  create: rights("path_create_file"),
  truncate: rights("path_filestat_set_size"),
};
const readingRights = rights("fd_read", "fd_readdir");
const sizeRight = rights("fd_filestat_set_size");
/** Whoever can open a file with these can empty it, so it may be empty from the start: Go's `os.Root` counts on that. */
const emptyingRights = rights("fd_write", "fd_filestat_set_size");
const openingRight = rights("path_open");
const contentRights = rights("fd_read", "fd_write");

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
      const given = wanted & possible & (has(flags, openFlags.write) ? ~0 : ~sizeRight);
      const isFollowing = (dirflags & lookupflags.symlink_follow) !== 0;
      memory.bytes(opened, 4);
      // First, so that nothing is opened, or created, that then has no number.
      table.requireFree();

      const number = resolvePath(from, memory.path(path, length), "existing", (found) => {
        const handle = open(found, flags, preopen, isFollowing);
        if (handle === followLink) return followLink;
        const descriptor = {
          rightsBase: given,
          rightsInheriting: passedOn & possible,
          flags: fdflags,
          preopen,
          path: found.path(),
        };
        return table.add(
          // In this order: Node.js 20 takes longer than for all the rest if what is spread comes first.
          handle.kind === "file"
            ? { kind: "file", handle, position: 0, extent: 0, ...descriptor }
            : { kind: "directory", handle, ...descriptor, rightsInheriting: inheritedBy(passedOn, from) & possible },
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

/**
 * What a directory passes on. Zig's library gives up the content of all files below when it opens a directory, and then
 * opens them: other runtimes do not look at these rights, so that it never noticed. Such a set counts as that of the
 * directory above, of which the guest could have it.
 */
const inheritedBy = (passedOn: Rights, { rightsInheriting }: OpenDirectory): Rights =>
  has(passedOn, openingRight) && !has(passedOn, contentRights) ? rightsInheriting : passedOn;

/** @throws WasiError `inval`, `rofs`, `notcapable` */
function requireOpening(from: OpenDirectory, how: number, wanted: Rights): void {
  const { isReadOnly } = from.preopen;
  // Opening creates files only, not directories.
  if (how & oflags.creat && how & oflags.directory) throw new WasiError("inval");
  if (isReadOnly && (wanted & writingRights) !== 0) throw new WasiError("rofs");
  const canEmpty = !isReadOnly && (from.rightsInheriting & emptyingRights) === emptyingRights;
  if (how & oflags.trunc && !canEmpty) requirePathRights(from, needed.truncate);
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
  if (given & writingRights) flags |= openFlags.write;
  for (const [oflag, openFlag] of flagPairs) if (how & oflag) flags |= openFlag;
  return flags;
}

const has = (flags: number, flag: number): boolean => (flags & flag) !== 0;

/** Opens what a path was resolved to, unless it is a link to follow. */
function open(
  { directory, name }: ResolvedPath,
  flags: number,
  preopen: PreopenedDirectory,
  isFollowing: boolean,
): FileHandle | DirectoryHandle | typeof followLink {
  if (name === undefined) {
    if (has(flags, openFlags.exclusive) && has(flags, openFlags.create)) throw new WasiError("exist");
    if (has(flags, openFlags.create | openFlags.write)) throw new WasiError("isdir");
    return directory.reopen();
  }
  let opening = flags;
  if (preopen.isReadOnly && has(flags, openFlags.create)) {
    if (!directory.lookup(name)) throw new WasiError("rofs");
    if (has(flags, openFlags.exclusive)) throw new WasiError("exist");
    opening &= ~openFlags.create;
  }
  const openNow = (): FileHandle | DirectoryHandle => directory.open(name, opening);
  try {
    const isMade = preopen.files !== undefined && has(opening, openFlags.create) && !directory.lookup(name);
    return isMade ? makeName(preopen, openNow) : openNow();
  } catch (error) {
    // A link gives `notdir` if a directory was asked for. If it is no link, following it fails with `notdir` as well.
    const mayBeLink = isErrno(error, "loop") || isErrno(error, "notdir");
    if (isFollowing && mayBeLink) return followLink;
    throw error;
  }
}
