import { errno } from "../abi/errno.ts";
import { lookupflags } from "../abi/flags.ts";
import type { Preview1 } from "../abi/functions.ts";
import { clockid, filetype } from "../abi/layouts.ts";
import { rights } from "../abi/rights.ts";
import type { ByteString, DirectoryHandle, Filestat } from "../fs/file-system.ts";
import { followLink, resolvePath } from "../path-resolution.ts";
import type { ResolvedPath } from "../path-resolution.ts";
import { WasiError } from "../wasi-error.ts";
import type { CallContext } from "./call-context.ts";
import { depthOf, requireDepth } from "./depth.ts";
import { writeFilestat } from "./filestat.ts";
import { makeName } from "./make-name.ts";
import { newTimes } from "./new-times.ts";
import { directoryAt } from "./require.ts";

type PathCalls = Omit<Pick<Preview1, Extract<keyof Preview1, `path_${string}`>>, "path_open">;

const needed = {
  createDirectory: rights("path_create_directory"),
  filestatGet: rights("path_filestat_get"),
  filestatSetTimes: rights("path_filestat_set_times"),
  linkSource: rights("path_link_source"),
  linkTarget: rights("path_link_target"),
  readlink: rights("path_readlink"),
  removeDirectory: rights("path_remove_directory"),
  renameSource: rights("path_rename_source"),
  renameTarget: rights("path_rename_target"),
  symlink: rights("path_symlink"),
  unlinkFile: rights("path_unlink_file"),
};

/**
 * The calls that take a path, except `path_open`.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#path_create_directory
 */
export function pathCalls({ memory, table, clock, abi }: CallContext): PathCalls {
  return {
    path_create_directory(fd, path, length) {
      const from = directoryAt(table, fd, needed.createDirectory);
      resolvePath(from, memory.path(path, length), "entry", ({ directory, name }) => {
        if (name === undefined) throw new WasiError("exist");
        makeName(from.preopen, () => directory.createDirectory(name));
      });
      return errno.success;
    },

    path_filestat_get(fd, flags, path, length, buffer) {
      const from = directoryAt(table, fd, needed.filestatGet);
      const stat = resolvePath(from, memory.path(path, length), "existing", ({ directory, name }) => {
        if (name === undefined) return directory.stat();
        const found = lookup(directory, name);
        return isLinkToFollow(found, flags) ? followLink : found;
      });
      writeFilestat(memory, abi, buffer, stat);
      return errno.success;
    },

    path_filestat_set_times(fd, flags, path, length, atim, mtim, which) {
      const from = directoryAt(table, fd, needed.filestatSetTimes);
      const times = newTimes(atim, mtim, which, () => clock.now(clockid.realtime));
      resolvePath(from, memory.path(path, length), "existing", ({ directory, name }) => {
        if (name === undefined) directory.setTimes(times);
        else if (isLinkToFollow(lookup(directory, name), flags)) return followLink;
        else directory.setTimesOf(name, times);
        return undefined;
      });
      return errno.success;
    },

    path_link(oldFd, flags, oldPath, oldLength, newFd, newPath, newLength) {
      const from = directoryAt(table, oldFd, needed.linkSource);
      const to = directoryAt(table, newFd, needed.linkTarget);
      const target = memory.path(newPath, newLength);
      resolvePath(from, memory.path(oldPath, oldLength), "existing", ({ directory, name }) => {
        if (name === undefined) throw new WasiError("perm");
        if (isLinkToFollow(lookup(directory, name), flags)) return followLink;
        return resolvePath(to, target, "entry", (link) => {
          const added = newName(link);
          makeName(to.preopen, () => directory.link(name, link.directory, added));
        });
      });
      return errno.success;
    },

    path_readlink(fd, path, length, buffer, size, used) {
      const from = directoryAt(table, fd, needed.readlink);
      const target = resolvePath(from, memory.path(path, length), "existing", ({ directory, name }) => {
        if (name === undefined) throw new WasiError("inval");
        return directory.readlink(name);
      });
      // If the buffer is too short, it gets the beginning, as POSIX has it.
      const bytes = memory.bytes(buffer, Math.min(target.length, size >>> 0));
      for (let i = 0; i < bytes.length; i++) bytes[i] = target.charCodeAt(i);
      memory.setU32(used, bytes.length);
      return errno.success;
    },

    path_remove_directory(fd, path, length) {
      const from = directoryAt(table, fd, needed.removeDirectory);
      resolvePath(from, memory.path(path, length), "entry", ({ directory, name }) => {
        if (name === undefined) throw new WasiError("inval");
        directory.removeDirectory(name);
      });
      return errno.success;
    },

    path_rename(oldFd, oldPath, oldLength, newFd, newPath, newLength) {
      const from = directoryAt(table, oldFd, needed.renameSource);
      const to = directoryAt(table, newFd, needed.renameTarget);
      const target = memory.path(newPath, newLength);
      resolvePath(from, memory.path(oldPath, oldLength), "entry", (old) => {
        const { directory, name } = old;
        if (name === undefined) throw new WasiError("busy");
        return resolvePath(to, target, "entry", (renamed) => {
          if (renamed.name === undefined) throw new WasiError("busy");
          if (old.hasSlash || renamed.hasSlash) requireDirectory(lookup(directory, name));
          const source = { preopen: from.preopen, path: old.path() };
          const moved = { preopen: to.preopen, path: renamed.path() };
          const { maxDepth } = to.preopen;
          const depth = depthOf(moved.path);
          if (maxDepth !== undefined && depth > depthOf(source.path)) requireDepth(directory, name, maxDepth - depth);
          directory.rename(name, renamed.directory, renamed.name);
          table.move(source, moved);
        });
      });
      return errno.success;
    },

    path_symlink(target, targetLength, fd, path, length) {
      const from = directoryAt(table, fd, needed.symlink);
      const text = memory.path(target, targetLength);
      resolvePath(from, memory.path(path, length), "entry", (link) => {
        // A target that leads outside does no harm: it is checked when it is followed. Absolute ones are of no use.
        if (text.startsWith("/")) throw new WasiError("notcapable");
        const added = newName(link);
        makeName(from.preopen, () => link.directory.symlink(text, added));
      });
      return errno.success;
    },

    path_unlink_file(fd, path, length) {
      const from = directoryAt(table, fd, needed.unlinkFile);
      resolvePath(from, memory.path(path, length), "entry", ({ directory, name, hasSlash }) => {
        if (name === undefined) throw new WasiError("isdir");
        if (hasSlash) {
          requireDirectory(lookup(directory, name));
          throw new WasiError("isdir");
        }
        directory.unlink(name);
      });
      return errno.success;
    },
  };
}

/** The attributes of a name. @throws WasiError `noent` */
function lookup(directory: DirectoryHandle, name: ByteString): Filestat {
  const found = directory.lookup(name);
  if (!found) throw new WasiError("noent");
  return found;
}

const isLinkToFollow = (stat: Filestat, flags: number): boolean =>
  (flags & lookupflags.symlink_follow) !== 0 && stat.filetype === filetype.symbolic_link;

/** @throws WasiError `notdir` */
function requireDirectory(stat: Filestat): void {
  if (stat.filetype !== filetype.directory) throw new WasiError("notdir");
}

/** The name of a link to create. With a slash after it, it would have to be a directory. */
function newName({ directory, name, hasSlash }: ResolvedPath): ByteString {
  if (name === undefined) throw new WasiError("exist");
  if (hasSlash) throw new WasiError(directory.lookup(name) ? "exist" : "noent");
  return name;
}
