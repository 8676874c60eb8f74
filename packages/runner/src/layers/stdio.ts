import { readFileSync, readSync, writeSync } from "node:fs";
import { WasiKitError } from "../error.ts";
import { CallError } from "../guest.ts";
import type { Input, Output, RunOptions } from "../options.ts";
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
  isTerminal(): boolean;
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
    [0, input(stdin)],
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
      fd_fdstat_set_flags: decline(streams, errno.success, next.fd_fdstat_set_flags),
      fd_fdstat_set_rights: decline(streams, errno.success, next.fd_fdstat_set_rights),
      fd_sync: decline(streams, errno.success, next.fd_sync),
      fd_datasync: decline(streams, errno.success, next.fd_datasync),
      fd_seek: decline(streams, errno.spipe, next.fd_seek),
      fd_tell: decline(streams, errno.spipe, next.fd_tell),
      fd_pread: decline(streams, errno.spipe, next.fd_pread),
      fd_pwrite: decline(streams, errno.spipe, next.fd_pwrite),
      fd_advise: decline(streams, errno.spipe, next.fd_advise),
      fd_allocate: decline(streams, errno.spipe, next.fd_allocate),
      fd_filestat_set_size: decline(streams, errno.inval, next.fd_filestat_set_size),
      fd_filestat_set_times: decline(streams, errno.inval, next.fd_filestat_set_times),
      fd_readdir: decline(streams, errno.notdir, next.fd_readdir),
    };
  };
}

/** Wraps a call that a stream can't answer: it gets the errno that a pipe gives. */
function decline<Rest extends unknown[]>(
  streams: Map<number, Stream>,
  code: number,
  below: (fd: number, ...rest: Rest) => number,
): (fd: number, ...rest: Rest) => number {
  return (fd, ...rest) => (streams.has(fd) ? code : below(fd, ...rest));
}

const streamType = (stream: Stream): number => (stream.isTerminal() ? filetype.character_device : filetype.unknown);

function input(from: Input): Stream {
  if (typeof from === "string" || from instanceof Uint8Array) return memoryInput(from);
  return "fd" in from ? hostInput(from.fd) : memoryInput(readInput(from.file));
}

function readInput(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new WasiKitError("E_STDIN", `The file ${file}, which is to be stdin, can't be read (${code}).`, { cause });
  }
}

function memoryInput(content: string | Uint8Array): Stream {
  let rest = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    isTerminal: () => false,
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
    isTerminal: () => false,
    write(from) {
      captured.push(from.slice());
      return from.length;
    },
  };
}

// node:tty brings the network along, which doubles what a short run costs to
// start; most guests never ask.
const isTerminal = (fd: number): boolean => process.getBuiltinModule("node:tty").isatty(fd);

function hostInput(fd: number): Stream {
  return { isTerminal: () => isTerminal(fd), read: (into) => retry(() => readSync(fd, into)) };
}

function hostOutput(fd: number): Stream {
  return { isTerminal: () => isTerminal(fd), write: (from) => retry(() => writeSync(fd, from)) };
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
