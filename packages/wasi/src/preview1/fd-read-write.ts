import { errno } from "../abi/errno.ts";
import { fdflags } from "../abi/flags.ts";
import type { Preview1 } from "../abi/functions.ts";
import { rights } from "../abi/rights.ts";
import type { OpenFile } from "../descriptor-table.ts";
import type { StdioStream } from "../stdio.ts";
import { WasiError } from "../wasi-error.ts";
import type { CallContext } from "./call-context.ts";
import { writeAtEnd, writeFrom } from "./file-writes.ts";
import { asOffset } from "./offset.ts";
import { fileAt, requireRights } from "./require.ts";

type ReadWriteCalls = Pick<Preview1, "fd_pread" | "fd_pwrite" | "fd_read" | "fd_write">;

const needed = {
  read: rights("fd_read"),
  write: rights("fd_write"),
  pread: rights("fd_read", "fd_seek"),
  pwrite: rights("fd_write", "fd_seek"),
};

/** @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#fd_read */
export function readWriteCalls({ memory, table, flushOthers }: CallContext): ReadWriteCalls {
  const readStream = (stream: StdioStream, buffers: readonly Uint8Array[]): number => {
    if (!stream.read) throw new WasiError("notcapable");
    flushOthers(stream);
    let total = 0;
    for (const buffer of buffers) {
      // Returns what has arrived instead of waiting for more.
      if (total > 0 && !stream.poll?.(0n)) break;
      const count = stream.read(buffer);
      total += count;
      if (count < buffer.length) break;
    }
    return total;
  };
  const writeStream = (stream: StdioStream, buffers: readonly Uint8Array[]): number => {
    if (!stream.write) throw new WasiError("notcapable");
    flushOthers(stream);
    let total = 0;
    for (const buffer of buffers) {
      const count = stream.write(buffer);
      total += count;
      if (count < buffer.length) break;
    }
    return total;
  };
  return {
    fd_read(fd, list, length, nread) {
      const descriptor = table.getOrThrow(fd);
      requireRights(descriptor, needed.read);
      if (descriptor.kind === "directory") return errno.isdir;
      const buffers = memory.buffers(list, length);
      memory.setU32(
        nread,
        descriptor.kind === "file" ? readFile(descriptor, buffers) : readStream(descriptor, buffers),
      );
      return errno.success;
    },
    fd_write(fd, list, length, nwritten) {
      const descriptor = table.getOrThrow(fd);
      requireRights(descriptor, needed.write);
      if (descriptor.kind === "directory") return errno.isdir;
      const buffers = memory.buffers(list, length);
      memory.setU32(
        nwritten,
        descriptor.kind === "file" ? writeFile(descriptor, buffers) : writeStream(descriptor, buffers),
      );
      return errno.success;
    },
    fd_pread(fd, list, length, offset, nread) {
      const { handle } = fileAt(table, fd, needed.pread, "spipe", "isdir");
      memory.setU32(nread, handle.read(memory.buffers(list, length), asOffset(offset, "inval")));
      return errno.success;
    },
    fd_pwrite(fd, list, length, offset, nwritten) {
      const file = fileAt(table, fd, needed.pwrite, "spipe", "isdir");
      const buffers = memory.buffers(list, length);
      const start = asOffset(offset, "fbig");
      // As on Linux, a file that appends ignores the offset.
      memory.setU32(nwritten, isAppending(file) ? writeAtEnd(file, buffers) : writeFrom(file, buffers, start));
      return errno.success;
    },
  };
}

const isAppending = ({ flags }: OpenFile): boolean => (flags & fdflags.append) !== 0;

function readFile(file: OpenFile, buffers: readonly Uint8Array[]): number {
  const count = file.handle.read(buffers, file.position);
  file.position += count;
  return count;
}

function writeFile(file: OpenFile, buffers: readonly Uint8Array[]): number {
  if (isAppending(file)) {
    const count = writeAtEnd(file, buffers);
    file.position = Number(file.handle.stat().size);
    return count;
  }
  const count = writeFrom(file, buffers, file.position);
  file.position += count;
  return count;
}
