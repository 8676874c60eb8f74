import { readSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { CallError } from "../guest.ts";
import type { Output, RunOptions } from "../options.ts";
import { errno } from "../preview1/errno.ts";
import { fdstat, filestat, filetype, iovec } from "../preview1/layouts.ts";
import { rights } from "../preview1/rights.ts";
import type { Layer } from "./layer.ts";

/** Standard streams that live in memory, or pass bytes on to descriptors of the host. */
export interface Stdio {
  layer: Layer;
  /** What was written to stdout so far, where it is captured. */
  stdout(): Uint8Array;
  /** What was written to stderr so far, where it is captured. */
  stderr(): Uint8Array;
}

/** One of descriptors 0, 1 and 2. Each function moves some bytes and says how many. */
interface Stream {
  read?(into: Uint8Array): number;
  write?(from: Uint8Array): number;
  /** A terminal is a character device, and libraries flush each line to one. */
  isTerminal: boolean;
}

const streamRights = {
  read: rights("fd_read", "fd_fdstat_set_flags", "fd_filestat_get", "poll_fd_readwrite"),
  write: rights("fd_write", "fd_fdstat_set_flags", "fd_filestat_get", "fd_sync", "fd_datasync", "poll_fd_readwrite"),
};

/** Makes the streams that a run was granted. */
export function createStdio({ stdin = "", stdout = "capture", stderr = "capture" }: RunOptions): Stdio {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const streams = new Map<number, Stream>([
    [0, typeof stdin === "object" && "fd" in stdin ? hostInput(stdin.fd) : memoryInput(stdin)],
    [1, output(stdout, out)],
    [2, output(stderr, err)],
  ]);
  return { layer: stdioLayer(streams), stdout: () => Buffer.concat(out), stderr: () => Buffer.concat(err) };
}

function stdioLayer(streams: Map<number, Stream>): Layer {
  return (next, guest) => {
    // Moves bytes through a list of buffers until one is not filled or emptied.
    const transfer = (list: number, count: number, done: number, move: (buffer: Uint8Array) => number): number => {
      let total = 0;
      for (let i = 0; i < count >>> 0; i++) {
        const entry = list + i * iovec.size;
        const buffer = guest.bytes(guest.u32(entry + iovec.buf), guest.u32(entry + iovec.buf_len));
        if (buffer.length === 0) continue;
        const moved = move(buffer);
        total += moved;
        if (moved < buffer.length) break;
      }
      guest.setU32(done, total);
      return errno.success;
    };

    /** For the calls that a stream can't answer: the errno that a pipe gives. */
    const refuse =
      <Call extends unknown[]>(code: number, below: (fd: number, ...rest: Call) => number) =>
      (fd: number, ...rest: Call): number =>
        streams.has(fd) ? code : below(fd, ...rest);

    return {
      ...next,
      fd_read(fd, list, count, nread) {
        const stream = streams.get(fd);
        if (!stream) return next.fd_read(fd, list, count, nread);
        if (!stream.read) return errno.notcapable;
        return transfer(list, count, nread, (buffer) => stream.read!(buffer));
      },
      fd_write(fd, list, count, nwritten) {
        const stream = streams.get(fd);
        if (!stream) return next.fd_write(fd, list, count, nwritten);
        if (!stream.write) return errno.notcapable;
        return transfer(list, count, nwritten, (buffer) => stream.write!(buffer));
      },
      fd_close(fd) {
        return streams.delete(fd) ? errno.success : next.fd_close(fd);
      },
      fd_renumber(from, to) {
        const stream = streams.get(from);
        if (stream && streams.has(to)) {
          streams.delete(from);
          streams.set(to, stream);
          return errno.success;
        }
        return stream || streams.has(to) ? errno.notsup : next.fd_renumber(from, to);
      },
      fd_fdstat_get(fd, stat) {
        const stream = streams.get(fd);
        if (!stream) return next.fd_fdstat_get(fd, stat);
        guest.bytes(stat, fdstat.size).fill(0);
        guest.setU8(stat + fdstat.fs_filetype, streamType(stream));
        guest.setU64(stat + fdstat.fs_rights_base, stream.read ? streamRights.read : streamRights.write);
        return errno.success;
      },
      fd_filestat_get(fd, stat) {
        const stream = streams.get(fd);
        if (!stream) return next.fd_filestat_get(fd, stat);
        guest.bytes(stat, filestat.size).fill(0);
        guest.setU8(stat + filestat.filetype, streamType(stream));
        return errno.success;
      },
      fd_fdstat_set_flags: refuse(errno.success, next.fd_fdstat_set_flags),
      fd_fdstat_set_rights: refuse(errno.success, next.fd_fdstat_set_rights),
      fd_sync: refuse(errno.success, next.fd_sync),
      fd_datasync: refuse(errno.success, next.fd_datasync),
      fd_seek: refuse(errno.spipe, next.fd_seek),
      fd_tell: refuse(errno.spipe, next.fd_tell),
      fd_pread: refuse(errno.spipe, next.fd_pread),
      fd_pwrite: refuse(errno.spipe, next.fd_pwrite),
      fd_advise: refuse(errno.spipe, next.fd_advise),
      fd_allocate: refuse(errno.spipe, next.fd_allocate),
      fd_filestat_set_size: refuse(errno.inval, next.fd_filestat_set_size),
      fd_filestat_set_times: refuse(errno.inval, next.fd_filestat_set_times),
      fd_readdir: refuse(errno.notdir, next.fd_readdir),
    };
  };
}

const streamType = (stream: Stream): number => (stream.isTerminal ? filetype.character_device : filetype.unknown);

function memoryInput(content: string | Uint8Array): Stream {
  let rest = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    isTerminal: false,
    read(into) {
      const chunk = rest.subarray(0, into.length);
      into.set(chunk);
      rest = rest.subarray(chunk.length);
      return chunk.length;
    },
  };
}

function output(where: Output, captured: Uint8Array[]): Stream {
  if (where !== "capture") return hostOutput(where.fd);
  return {
    isTerminal: false,
    write(from) {
      captured.push(from.slice());
      return from.length;
    },
  };
}

function hostInput(fd: number): Stream {
  return { isTerminal: isatty(fd), read: (into) => retry(() => readSync(fd, into)) };
}

function hostOutput(fd: number): Stream {
  return { isTerminal: isatty(fd), write: (from) => retry(() => writeSync(fd, from)) };
}

// A descriptor that the parent shares may be non-blocking (a pipe or a terminal
// often is); the guest's call blocks, so wait a little and ask again.
function retry(move: () => number): number {
  for (;;) {
    try {
      return move();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0; // Windows: the end of a pipe
      if (code !== "EAGAIN") throw new CallError(code === "EPIPE" ? errno.pipe : errno.io);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
