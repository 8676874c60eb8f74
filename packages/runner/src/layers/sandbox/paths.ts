import { symlinkSync } from "node:fs";
import type { Descriptors, OpenFile, Root } from "../../descriptors.ts";
import { CallError } from "../../guest.ts";
import type { Guest } from "../../guest.ts";
import { errno } from "../../preview1/errno.ts";
import { lookupflags, oflags } from "../../preview1/flags.ts";
import type { Preview1 } from "../../preview1/functions.ts";
import { filestat, filetype } from "../../preview1/layouts.ts";
import { changingRights, fileRights, rights, writingRights } from "../../preview1/rights.ts";
import { scratch } from "../../scratch.ts";
import type { FileTable } from "./files.ts";
import { giveFilestat } from "./filestat.ts";
import { readLink, resolve } from "./resolve.ts";
import type { Found, LastLink } from "./resolve.ts";
import { allowed, hostPath } from "./roots.ts";
import { attempt } from "./times.ts";
import type { Times } from "./times.ts";

type PathCalls = Pick<Preview1, Extract<keyof Preview1, `path_${string}`>>;

const needed = {
  open: rights("path_open"),
  createFile: rights("path_create_file"),
  truncate: rights("path_filestat_set_size"),
  createDirectory: rights("path_create_directory"),
  linkSource: rights("path_link_source"),
  linkTarget: rights("path_link_target"),
  readlink: rights("path_readlink"),
  renameSource: rights("path_rename_source"),
  renameTarget: rights("path_rename_target"),
  filestatGet: rights("path_filestat_get"),
  filestatSetTimes: rights("path_filestat_set_times"),
  symlink: rights("path_symlink"),
  removeDirectory: rights("path_remove_directory"),
  unlinkFile: rights("path_unlink_file"),
};
const rightsInUse = 30;
const readingRights = rights("fd_read", "fd_readdir");

/** What a file is opened for in node:wasi: the guest's own rights are in our table. */
const passive = fileRights & ~writingRights & ~readingRights;
const modes = {
  neither: BigInt(passive),
  read: BigInt(passive | readingRights),
  write: BigInt(passive | writingRights),
  readWrite: BigInt(passive | readingRights | writingRights),
};

/**
 * The calls that take a path: each resolves it, and hands node:wasi the
 * preopen's descriptor and a path without links.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#-path_createdirectoryfd-fd-path-string---result-errno
 */
export function pathCalls(
  native: Preview1,
  guest: Guest,
  descriptors: Descriptors,
  files: FileTable,
  times: Times,
): PathCalls {
  /** The directory that a call starts from. */
  const directory = (fd: number, right: number): OpenFile & { path: string } => {
    const found = files.need(fd, 0);
    if (files.typeOf(found) !== filetype.directory) throw new CallError(errno.notdir);
    if ((right & changingRights) !== 0) writable(found.root);
    if ((found.base & right) !== right) throw new CallError(errno.notcapable);
    if (found.path === undefined) throw new CallError(errno.noent);
    return found as OpenFile & { path: string };
  };
  const find = (from: OpenFile & { path: string }, address: number, size: number, last: LastLink, place = 0): Found =>
    resolve(native, from.root, from.path, guest.path(address, size), last, place);
  /** Finds what is to be removed or renamed; `dots` is what it gets that has no name of its own. */
  const entry = (from: OpenFile & { path: string }, address: number, size: number, dots: number, place = 0): Found => {
    const found = find(from, address, size, "entry", place);
    if (found.isDots) throw new CallError(dots);
    return found;
  };
  /** Finds where something is to be created. */
  const vacancy = (from: OpenFile & { path: string }, address: number, size: number, place = 0): Found => {
    const found = find(from, address, size, "new", place);
    if (found.isDots) throw new CallError(errno.exist);
    return found;
  };

  return {
    path_open(fd, dirflags, path, size, how, base, inheriting, fdflags, opened) {
      const from = directory(fd, needed.open);
      const { root } = from;
      const wanted = asRights(base);
      const passed = asRights(inheriting);
      // What a read-only preopen can't give is left out, not refused: libraries
      // ask for more than they use.
      if ((wanted | passed) & ~(from.inheriting | ~allowed(root))) throw new CallError(errno.notcapable);
      const isNew = (how & oflags.creat) !== 0 && (how & oflags.excl) !== 0;
      const found = find(from, path, size, isNew ? "keep" : follows(dirflags));
      if (found.isLink) throw new CallError(isNew ? errno.exist : errno.loop);
      let flags = how;
      if (wanted & writingRights & changingRights || how & oflags.trunc) writable(root);
      if (how & oflags.creat) {
        if (!root.isReadOnly || !found.isThere) require(from, needed.createFile);
        else if (isNew) throw new CallError(errno.exist);
        else flags &= ~oflags.creat;
      }
      if (how & oflags.trunc) require(from, needed.truncate);
      guest.bytes(opened, 4);

      const isRead = (wanted & readingRights) !== 0;
      const isWrite = (wanted & writingRights) !== 0 && !root.isReadOnly;
      const mode = isRead ? (isWrite ? modes.readWrite : modes.read) : isWrite ? modes.write : modes.neither;
      const code = native.path_open(root.host, 0, found.address, found.size, flags, mode, 0n, fdflags, scratch.out);
      if (code !== errno.success) return code;
      const file: OpenFile = {
        kind: "file",
        base: wanted & allowed(root),
        inheriting: passed & allowed(root),
        flags: fdflags,
        host: scratch.view.getUint32(scratch.out, true),
        root,
        path: withoutSlash(found.path),
      };
      if (how & oflags.directory) file.filetype = filetype.directory;
      guest.setU32(opened, descriptors.add(file));
      return errno.success;
    },

    path_filestat_get(fd, flags, path, size, buf) {
      const from = directory(fd, needed.filestatGet);
      const text = guest.path(path, size);
      const stat = (last: LastLink): number => {
        const found = resolve(native, from.root, from.path, text, last);
        return native.path_filestat_get(found.root.host, 0, found.address, found.size, scratch.out);
      };
      // What it is tells a link as well, so that it need not be looked at twice.
      let code = stat("leave");
      if (code === errno.success && follows(flags) === "follow" && isLinkInScratch()) code = stat("follow");
      if (code !== errno.success) return code;
      times.correct();
      giveFilestat(guest, buf);
      return errno.success;
    },

    path_filestat_set_times(fd, flags, path, size, atim, mtim, which) {
      const found = find(directory(fd, needed.filestatSetTimes), path, size, follows(flags));
      const { root, address } = found;
      const stat = (): number => native.path_filestat_get(root.host, 0, address, found.size, scratch.out);
      return times.set(atim, mtim, which, stat, hostPath(root, found.path), () => errno.notsup);
    },

    path_readlink(fd, path, size, buf, length, used) {
      const found = find(directory(fd, needed.readlink), path, size, "keep");
      if (!found.isLink) return found.isThere ? errno.inval : errno.noent;
      const text = readLink(native, found.root, found.address, found.size);
      // Too short a buffer gets the beginning, as POSIX has it; node:wasi gives an error.
      const given = Math.min(text.length, length >>> 0);
      guest.bytes(buf, length).set(scratch.bytes.subarray(scratch.data, scratch.data + given));
      guest.setU32(used, given);
      return errno.success;
    },

    path_create_directory(fd, path, size) {
      const found = vacancy(directory(fd, needed.createDirectory), path, size);
      return native.path_create_directory(found.root.host, found.address, found.size);
    },

    path_remove_directory(fd, path, size) {
      const found = entry(directory(fd, needed.removeDirectory), path, size, errno.inval);
      const code = native.path_remove_directory(found.root.host, found.address, found.size);
      if (code === errno.success) files.removed(found);
      return code;
    },

    path_unlink_file(fd, path, size) {
      const found = entry(directory(fd, needed.unlinkFile), path, size, errno.isdir);
      const code = native.path_unlink_file(found.root.host, found.address, found.size);
      if (code === errno.success) files.removed(found);
      return code;
    },

    path_rename(oldFd, oldPath, oldSize, newFd, newPath, newSize) {
      const from = entry(directory(oldFd, needed.renameSource), oldPath, oldSize, errno.busy, 0);
      const to = entry(directory(newFd, needed.renameTarget), newPath, newSize, errno.busy, 1);
      const code = native.path_rename(from.root.host, from.address, from.size, to.root.host, to.address, to.size);
      if (code === errno.success) files.moved(from, to);
      return code;
    },

    path_link(oldFd, flags, oldPath, oldSize, newFd, newPath, newSize) {
      const from = find(directory(oldFd, needed.linkSource), oldPath, oldSize, follows(flags), 0);
      const to = vacancy(directory(newFd, needed.linkTarget), newPath, newSize, 1);
      // Linux gives the link itself a second name; macOS would follow it, wherever it leads.
      if (from.isLink && process.platform !== "linux") return errno.notsup;
      return native.path_link(from.root.host, 0, from.address, from.size, to.root.host, to.address, to.size);
    },

    // Not through node:wasi, which compares the link's text with the preopen's
    // name, and refuses some that stay inside. A text that leads out does no
    // harm: it is resolved when it is used.
    path_symlink(text, textSize, fd, path, size) {
      const target = guest.path(text, textSize);
      const found = vacancy(directory(fd, needed.symlink), path, size);
      if (target === "") return errno.noent;
      if (target.startsWith("/")) return errno.notcapable;
      return attempt(() => symlinkSync(Buffer.from(target, "latin1"), hostPath(found.root, found.path)));
    },
  };
}

function writable(root: Root): void {
  if (root.isReadOnly) throw new CallError(errno.rofs);
}

function require(from: OpenFile, right: number): void {
  if ((right & changingRights) !== 0) writable(from.root);
  if ((from.base & right) !== right) throw new CallError(errno.notcapable);
}

/** A set of rights as the guest passes it. Bits that no right has are refused as `notcapable`. */
function asRights(set: bigint): number {
  if (set === 0n) return 0;
  const bits = Number(BigInt.asUintN(64, set));
  if (bits >= 2 ** rightsInUse) throw new CallError(errno.notcapable);
  return bits;
}

const follows = (flags: number): LastLink => (flags & lookupflags.symlink_follow ? "follow" : "keep");

const isLinkInScratch = (): boolean =>
  scratch.view.getUint8(scratch.out + filestat.filetype) === filetype.symbolic_link;

const withoutSlash = (path: string): string => (path.endsWith("/") ? path.slice(0, -1) : path);
