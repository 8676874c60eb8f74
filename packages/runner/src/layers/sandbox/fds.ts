import { endStream } from "../../descriptors.ts";
import type { Descriptors, OpenFile } from "../../descriptors.ts";
import type { Guest } from "../../guest.ts";
import { errno } from "../../preview1/errno.ts";
import { fdflags } from "../../preview1/flags.ts";
import type { Preview1 } from "../../preview1/functions.ts";
import { fdstat, filestat, filetype, iovec, prestat } from "../../preview1/layouts.ts";
import { directoryRights, fileRights, rights } from "../../preview1/rights.ts";
import type { Rights } from "../../preview1/rights.ts";
import { scratch } from "../../scratch.ts";
import { listDirectory } from "./readdir.ts";
import type { FileTable } from "./files.ts";
import { giveFilestat } from "./filestat.ts";
import { resolve } from "./resolve.ts";
import { hostPath } from "./roots.ts";
import type { Times } from "./times.ts";

type FdCalls = Pick<Preview1, Extract<keyof Preview1, `fd_${string}` | `sock_${string}`>>;

const needed = {
  read: rights("fd_read"),
  write: rights("fd_write"),
  readAt: rights("fd_read", "fd_seek"),
  writeAt: rights("fd_write", "fd_seek"),
  seek: rights("fd_seek"),
  tell: rights("fd_tell"),
  sync: rights("fd_sync"),
  datasync: rights("fd_datasync"),
  advise: rights("fd_advise"),
  allocate: rights("fd_allocate"),
  readdir: rights("fd_readdir"),
  filestatGet: rights("fd_filestat_get"),
  setSize: rights("fd_filestat_set_size"),
  setTimes: rights("fd_filestat_set_times"),
  setFlags: rights("fd_fdstat_set_flags"),
};
const allFlags = Object.values(fdflags).reduce((set, flag) => set | flag, 0);

/** The calls that take an open file or directory, and those that manage descriptors of any kind. */
export function fdCalls(
  native: Preview1,
  guest: Guest,
  descriptors: Descriptors,
  files: FileTable,
  times: Times,
): FdCalls {
  const { view, bytes, out, data, dataSize } = scratch;

  /** Moves bytes through scratch until a call moves fewer than it was asked to. */
  const move = (
    buffers: Uint8Array[],
    done: number,
    isRead: boolean,
    call: (list: number, moved: bigint) => number,
  ): number => {
    let total = 0;
    view.setUint32(scratch.iovec + iovec.buf, data, true);
    for (let [i, start] = [0, 0]; ;) {
      // As much as has room: many small buffers are one call, as they are with node:wasi.
      const parts: Uint8Array[] = [];
      let size = 0;
      for (; i < buffers.length && size < dataSize;) {
        const part = buffers[i]!.subarray(start, start + dataSize - size);
        if (!isRead) bytes.set(part, data + size);
        parts.push(part);
        size += part.length;
        start += part.length;
        if (start === buffers[i]!.length) [i, start] = [i + 1, 0];
      }
      view.setUint32(scratch.iovec + iovec.buf_len, size, true);
      const code = call(scratch.iovec, BigInt(total));
      if (code !== errno.success) {
        if (total === 0) return code;
        break;
      }
      const moved = view.getUint32(out, true);
      if (isRead) {
        for (let [from, part] = [0, 0]; from < moved; part++) {
          const into = parts[part]!;
          into.set(bytes.subarray(data + from, data + Math.min(from + into.length, moved)));
          from += into.length;
        }
      }
      total += moved;
      if (moved < size || i === buffers.length) break;
    }
    guest.setU32(done, total);
    return errno.success;
  };

  const socket = (fd: number): number => {
    descriptors.need(fd);
    return errno.notsock;
  };
  const close = (fd: number): number => closeDescriptor(native, descriptors.remove(fd));

  return {
    fd_read(fd, list, count, done) {
      const { host } = files.need(fd, needed.read);
      return move(guest.buffers(list, count), done, true, (iovs) => native.fd_read(host, iovs, 1, out));
    },
    fd_write(fd, list, count, done) {
      const { host } = files.need(fd, needed.write);
      return move(guest.buffers(list, count), done, false, (iovs) => native.fd_write(host, iovs, 1, out));
    },
    fd_pread(fd, list, count, offset, done) {
      const { host } = files.need(fd, needed.readAt);
      return move(guest.buffers(list, count), done, true, (iovs, moved) =>
        native.fd_pread(host, iovs, 1, offset + moved, out),
      );
    },
    fd_pwrite(fd, list, count, offset, done) {
      const { host } = files.need(fd, needed.writeAt);
      return move(guest.buffers(list, count), done, false, (iovs, moved) =>
        native.fd_pwrite(host, iovs, 1, offset + moved, out),
      );
    },
    fd_seek(fd, offset, whence, newoffset) {
      const from = guest.abi.whence[whence];
      const { host } = files.need(fd, needed.seek);
      if (from === undefined) return errno.inval;
      const code = native.fd_seek(host, offset, from, out);
      if (code === errno.success) guest.setU64(newoffset, view.getBigUint64(out, true));
      return code;
    },
    fd_tell(fd, offset) {
      const code = native.fd_tell(files.need(fd, needed.tell).host, out);
      if (code === errno.success) guest.setU64(offset, view.getBigUint64(out, true));
      return code;
    },
    fd_sync: (fd) => native.fd_sync(files.need(fd, needed.sync).host),
    fd_datasync: (fd) => native.fd_datasync(files.need(fd, needed.datasync).host),
    fd_advise: (fd, offset, length, advice) =>
      native.fd_advise(files.need(fd, needed.advise).host, offset, length, advice),
    fd_allocate: (fd, offset, length) => native.fd_allocate(files.need(fd, needed.allocate).host, offset, length),
    fd_filestat_set_size: (fd, size) => native.fd_filestat_set_size(files.need(fd, needed.setSize).host, size),

    fd_close: close,
    fd_renumber(from, to) {
      const replaced = descriptors.renumber(from, to);
      return replaced ? closeDescriptor(native, replaced) : errno.success;
    },

    fd_fdstat_get(fd, stat) {
      const file = files.need(fd, 0);
      const type = files.typeOf(file);
      const isDirectory = type === filetype.directory;
      guest.bytes(stat, fdstat.size).fill(0);
      guest.setU8(stat + fdstat.fs_filetype, type);
      guest.setU16(stat + fdstat.fs_flags, file.flags);
      guest.setU64(stat + fdstat.fs_rights_base, BigInt(file.base & (isDirectory ? directoryRights : fileRights)));
      guest.setU64(stat + fdstat.fs_rights_inheriting, BigInt(isDirectory ? file.inheriting : 0));
      return errno.success;
    },
    fd_fdstat_set_flags(fd, flags) {
      const file = files.need(fd, needed.setFlags);
      if (flags & ~allFlags) return errno.inval;
      const code = native.fd_fdstat_set_flags(file.host, flags);
      if (code === errno.success) file.flags = flags;
      return code;
    },
    fd_fdstat_set_rights(fd, base, inheriting) {
      const file = files.need(fd, 0);
      if (!holds(file.base, base) || !holds(file.inheriting, inheriting)) return errno.notcapable;
      file.base = Number(base);
      file.inheriting = Number(inheriting);
      return errno.success;
    },

    fd_filestat_get(fd, stat) {
      const code = native.fd_filestat_get(files.need(fd, needed.filestatGet).host, out);
      if (code !== errno.success) return code;
      times.correct();
      giveFilestat(guest, stat);
      return errno.success;
    },
    fd_filestat_set_times(fd, atim, mtim, flags) {
      const file = files.need(fd, needed.setTimes);
      const stat = (): number => native.fd_filestat_get(file.host, out);
      const [a, m] = [atim, mtim].map((time) => BigInt.asUintN(64, time)) as [bigint, bigint];
      const fallback = (): number => native.fd_filestat_set_times(file.host, a, m, flags);
      return times.set(a, m, flags, stat, currentPath(native, file), fallback);
    },

    fd_prestat_get(fd, stat) {
      const file = descriptors.need(fd);
      if (file.kind !== "file" || !file.preopen) return errno.badf;
      guest.bytes(stat, prestat.size).fill(0);
      guest.setU32(stat + prestat.pr_name_len, file.preopen.length);
      return errno.success;
    },
    fd_prestat_dir_name(fd, path, length) {
      const file = descriptors.need(fd);
      if (file.kind !== "file" || !file.preopen) return errno.badf;
      if (length >>> 0 < file.preopen.length) return errno.nametoolong;
      guest.bytes(path, file.preopen.length).set(file.preopen);
      return errno.success;
    },

    fd_readdir(fd, buf, length, cookie, used) {
      const directory = files.need(fd, needed.readdir);
      if (files.typeOf(directory) !== filetype.directory) return errno.notdir;
      return listDirectory(native, guest, directory, buf, length, cookie, used);
    },

    // There are no sockets to accept on; node:wasi has the call only to say so.
    sock_accept(fd) {
      descriptors.need(fd);
      return errno.notsup;
    },
    sock_recv: socket,
    sock_send: socket,
    sock_shutdown: socket,
  };
}

/** Ends what a descriptor stood for. A preopen's directory stays open below: others were reached through it. */
function closeDescriptor(native: Preview1, descriptor: NonNullable<ReturnType<Descriptors["get"]>>): number {
  if (descriptor.kind === "file") return descriptor.preopen ? errno.success : native.fd_close(descriptor.host);
  endStream(descriptor);
  return errno.success;
}

const holds = (given: Rights, set: bigint): boolean => (BigInt.asUintN(64, set) & ~BigInt(given)) === 0n;

/** What tells one file from another, of the attributes in scratch. */
const identity = (): string =>
  scratch.bytes.toString("latin1", scratch.out + filestat.dev, scratch.out + filestat.ino + 8);

/** Where an open file is now, if the name that it was opened by still means it. */
function currentPath(native: Preview1, file: OpenFile): Buffer | undefined {
  if (file.path === undefined) return undefined;
  if (native.fd_filestat_get(file.host, scratch.out) !== errno.success) return undefined;
  const open = identity();
  try {
    const found = resolve(native, file.root, file.path, ".", "keep");
    const name = found.path.replace(/\/$/, "");
    if (native.path_filestat_get(file.root.host, 0, found.address, name.length || 1, scratch.out) !== errno.success)
      return undefined;
    return identity() === open ? hostPath(file.root, name) : undefined;
  } catch {
    return undefined;
  }
}
