import { errno } from "../abi/errno.ts";
import type { Preview1 } from "../abi/functions.ts";
import { advice, clockid, fdstat, filetype, prestat, whence } from "../abi/layouts.ts";
import { directoryRights, fileRights, rights } from "../abi/rights.ts";
import type { Rights } from "../abi/rights.ts";
import type { Descriptor, DescriptorTable, OpenDirectory, OpenFile } from "../descriptor-table.ts";
import type { Filestat } from "../fs/file-system.ts";
import { endStream } from "../stdio.ts";
import type { StdioStream } from "../stdio.ts";
import { WasiError } from "../wasi-error.ts";
import type { CallContext } from "./call-context.ts";
import { resize } from "./file-writes.ts";
import { writeFilestat } from "./filestat.ts";
import { newTimes } from "./new-times.ts";
import { asOffset } from "./offset.ts";
import { fileAt, requireRights } from "./require.ts";
import { statusFlagsOf } from "./status-flags.ts";

type FdCalls = Omit<
  Pick<Preview1, Extract<keyof Preview1, `fd_${string}`>>,
  "fd_pread" | "fd_pwrite" | "fd_read" | "fd_readdir" | "fd_write"
>;

const needed = {
  advise: rights("fd_advise"),
  allocate: rights("fd_allocate"),
  datasync: rights("fd_datasync"),
  filestatGet: rights("fd_filestat_get"),
  seek: rights("fd_seek"),
  setFlags: rights("fd_fdstat_set_flags"),
  setSize: rights("fd_filestat_set_size"),
  setTimes: rights("fd_filestat_set_times"),
  sync: rights("fd_sync"),
  tell: rights("fd_tell"),
};
const lastAdvice = advice.noreuse;

/** @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#fd_advise */
export function fdCalls({ memory, table, clock, abi }: CallContext): FdCalls {
  /** A file or a directory. */
  const openedAt = (fd: number, right: Rights): OpenDirectory | OpenFile => {
    const found = table.getOrThrow(fd);
    if (found.kind === "stream") throw new WasiError("inval");
    requireRights(found, right);
    return found;
  };
  const sync = (fd: number, right: Rights, how: "datasync" | "sync"): number => {
    const found = table.getOrThrow(fd);
    if (found.kind === "stream") found.flush?.();
    else {
      requireRights(found, right);
      if (found.kind === "file") found.handle[how]();
      else found.handle.sync();
    }
    return errno.success;
  };

  return {
    // Advice is checked and ignored: no file system here can use it.
    fd_advise(fd, _offset, _length, how) {
      const found = table.getOrThrow(fd);
      if (found.kind === "stream") return errno.spipe;
      requireRights(found, needed.advise);
      return how >>> 0 > lastAdvice ? errno.inval : errno.success;
    },
    fd_allocate(fd, offset, length) {
      const file = fileAt(table, fd, needed.allocate, "spipe", "badf");
      if (length === 0n) return errno.inval;
      const end = asOffset(offset, "fbig") + asOffset(length, "fbig");
      if (!Number.isSafeInteger(end)) return errno.fbig;
      if (file.handle.stat().size < end) resize(file, end);
      return errno.success;
    },
    fd_close(fd) {
      closeDescriptor(table.remove(fd));
      return errno.success;
    },
    fd_renumber(from, to) {
      const replaced = table.renumber(from, to);
      if (replaced) closeDescriptor(replaced);
      return errno.success;
    },
    fd_datasync: (fd) => sync(fd, needed.datasync, "datasync"),
    fd_sync: (fd) => sync(fd, needed.sync, "sync"),

    fd_fdstat_get(fd, stat) {
      const found = table.getOrThrow(fd);
      memory.bytes(stat, fdstat.size).fill(0);
      memory.setU8(stat + fdstat.fs_filetype, filetypeOf(found));
      memory.setU16(stat + fdstat.fs_flags, found.flags);
      memory.setU64(stat + fdstat.fs_rights_base, BigInt(found.rightsBase & possibleRights[found.kind]));
      if (found.kind === "directory") memory.setU64(stat + fdstat.fs_rights_inheriting, BigInt(found.rightsInheriting));
      return errno.success;
    },
    fd_fdstat_set_flags(fd, flags) {
      const found = table.getOrThrow(fd);
      requireRights(found, needed.setFlags);
      const status = statusFlagsOf(flags);
      if (found.kind === "file") found.handle.setFlags(status);
      found.flags = flags;
      return errno.success;
    },
    fd_fdstat_set_rights(fd, base, inheriting) {
      const found = table.getOrThrow(fd);
      const inherited = found.kind === "stream" ? 0 : found.rightsInheriting;
      if (!isSubset(base, found.rightsBase) || !isSubset(inheriting, inherited)) return errno.notcapable;
      found.rightsBase = Number(base);
      if (found.kind !== "stream") found.rightsInheriting = Number(inheriting);
      return errno.success;
    },

    fd_filestat_get(fd, stat) {
      const found = table.getOrThrow(fd);
      requireRights(found, needed.filestatGet);
      writeFilestat(memory, abi, stat, found.kind === "stream" ? streamStat(found) : found.handle.stat());
      return errno.success;
    },
    fd_filestat_set_size(fd, size) {
      resize(fileAt(table, fd, needed.setSize, "inval", "badf"), asOffset(size, "fbig"));
      return errno.success;
    },
    fd_filestat_set_times(fd, atim, mtim, flags) {
      const { handle } = openedAt(fd, needed.setTimes);
      handle.setTimes(newTimes(atim, mtim, flags, () => clock.now(clockid.realtime)));
      return errno.success;
    },

    fd_prestat_get(fd, stat) {
      const { length } = preopenName(table, fd);
      memory.bytes(stat, prestat.size).fill(0);
      memory.setU32(stat + prestat.pr_name_len, length);
      return errno.success;
    },
    fd_prestat_dir_name(fd, path, length) {
      const name = preopenName(table, fd);
      if (length >>> 0 < name.length) return errno.nametoolong;
      memory.bytes(path, name.length).set(name);
      return errno.success;
    },

    fd_seek(fd, offset, from, newOffset) {
      const file = fileAt(table, fd, needed.seek, "spipe", "badf");
      const position = startOfSeek(file, abi.whence[from]) + offset;
      if (position < 0n || position > BigInt(Number.MAX_SAFE_INTEGER)) return errno.inval;
      memory.setU64(newOffset, position);
      file.position = Number(position);
      return errno.success;
    },
    fd_tell(fd, offset) {
      memory.setU64(offset, BigInt(fileAt(table, fd, needed.tell, "spipe", "badf").position));
      return errno.success;
    },
  };
}

/** The rights that apply to each kind of descriptor. A guest is shown no others. */
const possibleRights: Record<Descriptor["kind"], Rights> = {
  directory: directoryRights,
  file: fileRights,
  stream: fileRights,
};

const isSubset = (set: bigint, of: Rights): boolean => (BigInt.asUintN(64, set) & ~BigInt(of)) === 0n;

function startOfSeek({ position, handle }: OpenFile, from: number | undefined): bigint {
  if (from === whence.set) return 0n;
  if (from === whence.cur) return BigInt(position);
  if (from === whence.end) return handle.stat().size;
  throw new WasiError("inval");
}

/** Closes a descriptor. The directory of a preopen stays open, since other descriptors were opened through it. */
function closeDescriptor(descriptor: Descriptor): void {
  if (descriptor.kind === "stream") endStream(descriptor);
  else if (descriptor.handle !== descriptor.preopen.root) descriptor.handle.close();
}

/** The guest path of a preopen, as UTF-8. @throws WasiError `badf` if the descriptor is not a preopen */
function preopenName(table: DescriptorTable, fd: number): Uint8Array {
  const found = table.getOrThrow(fd);
  if (found.kind !== "directory" || found.handle !== found.preopen.root) throw new WasiError("badf");
  return new TextEncoder().encode(found.preopen.name);
}

function filetypeOf(descriptor: Descriptor): number {
  if (descriptor.kind === "stream") return descriptor.isTerminal() ? filetype.character_device : filetype.unknown;
  return descriptor.kind === "file" ? filetype.regular_file : filetype.directory;
}

/** A stream's attributes: only its type is known. */
const streamStat = (stream: StdioStream): Filestat => ({
  dev: 0n,
  ino: 0n,
  filetype: filetypeOf(stream),
  nlink: 0n,
  size: 0n,
  atim: 0n,
  mtim: 0n,
  ctim: 0n,
});
