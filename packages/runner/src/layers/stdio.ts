import type { Captures } from "../capture.ts";
import type { Descriptors, Stream } from "../descriptors.ts";
import type { SyncRunOptions } from "../options.ts";
import { limitOutput } from "../output-limit.ts";
import { errno } from "../preview1/errno.ts";
import type { Preview1 } from "../preview1/functions.ts";
import { fdstat, filetype } from "../preview1/layouts.ts";
import { input, output, streamRights } from "../streams.ts";
import type { Layer } from "./layer.ts";

/** The most that is captured, unless a run says otherwise: a guest that floods its output must not fill our memory. */
const mostCaptured = 64 * 1024 * 1024;

/** Puts the streams that a run was granted into its table, as 0, 1 and 2, and gives them. */
export function addStreams(
  descriptors: Descriptors,
  { stdin = "", stdout = "capture", stderr = "capture", maxOutputBytes }: SyncRunOptions,
  captures: Captures,
  native: Preview1,
): readonly [stdin: Stream, stdout: Stream, stderr: Stream] {
  const streams = [output("stdout", stdout, captures[0]), output("stderr", stderr, captures[1])] as const;
  const captured = streams.filter((_, i) => [stdout, stderr][i] === "capture");
  if (maxOutputBytes === undefined) limitOutput(mostCaptured, captured);
  else limitOutput(maxOutputBytes, streams);
  const all = [input(stdin, native), ...streams] as const;
  for (const stream of all) descriptors.add(stream);
  return all;
}

/** The calls on standard streams, which live in memory or pass bytes on. */
export function stdioLayer(descriptors: Descriptors): Layer {
  return (next, guest) => {
    // What one stream holds back goes out before another one moves, so that
    // both may lead to one file, and an answer never comes before its question.
    let last: Stream | undefined;
    const flushBefore = (stream: Stream | undefined): void => {
      if (stream === last) return;
      last?.flush?.();
      last = stream;
    };

    // Moves bytes through a list of buffers until one is not filled or emptied.
    const transfer = (list: number, count: number, done: number, move: (buffer: Uint8Array) => number): number => {
      let total = 0;
      for (const buffer of guest.buffers(list, count)) {
        const moved = move(buffer);
        total += moved;
        if (moved < buffer.length) break;
      }
      guest.setU32(done, total);
      return errno.success;
    };

    return {
      fd_read(fd, list, count, nread) {
        const stream = streamAt(descriptors, fd);
        if (!stream) return next.fd_read(fd, list, count, nread);
        if (!stream.read || !(stream.base & streamRights.read & ~streamRights.write)) return errno.notcapable;
        flushBefore(stream);
        return transfer(list, count, nread, stream.read);
      },
      fd_write(fd, list, count, nwritten) {
        const stream = streamAt(descriptors, fd);
        if (!stream) return next.fd_write(fd, list, count, nwritten);
        if (!stream.write || !(stream.base & streamRights.write & ~streamRights.read)) return errno.notcapable;
        flushBefore(stream);
        return transfer(list, count, nwritten, stream.write);
      },
      fd_fdstat_get(fd, stat) {
        const stream = streamAt(descriptors, fd);
        if (!stream) return next.fd_fdstat_get(fd, stat);
        guest.bytes(stat, fdstat.size).fill(0);
        guest.setU8(stat + fdstat.fs_filetype, streamType(stream));
        guest.setU16(stat + fdstat.fs_flags, stream.flags);
        guest.setU64(stat + fdstat.fs_rights_base, BigInt(stream.base));
        return errno.success;
      },
      fd_fdstat_set_flags(fd, flags) {
        const stream = streamAt(descriptors, fd);
        if (!stream) return next.fd_fdstat_set_flags(fd, flags);
        stream.flags = flags;
        return errno.success;
      },
      fd_fdstat_set_rights(fd, base, inheriting) {
        const stream = streamAt(descriptors, fd);
        if (!stream) return next.fd_fdstat_set_rights(fd, base, inheriting);
        if (BigInt.asUintN(64, base) & ~BigInt(stream.base) || inheriting !== 0n) return errno.notcapable;
        stream.base = Number(base);
        return errno.success;
      },
      fd_filestat_get(fd, stat) {
        const stream = streamAt(descriptors, fd);
        if (!stream) return next.fd_filestat_get(fd, stat);
        const { filestat } = guest.abi;
        guest.bytes(stat, filestat.size).fill(0);
        guest.setU8(stat + filestat.filetype, streamType(stream));
        return errno.success;
      },
      poll_oneoff(...call) {
        flushBefore(undefined);
        return next.poll_oneoff(...call);
      },
      fd_sync: sync(descriptors, next.fd_sync),
      fd_datasync: sync(descriptors, next.fd_datasync),
      fd_seek: refuse(descriptors, errno.spipe, next.fd_seek),
      fd_tell: refuse(descriptors, errno.spipe, next.fd_tell),
      fd_pread: refuse(descriptors, errno.spipe, next.fd_pread),
      fd_pwrite: refuse(descriptors, errno.spipe, next.fd_pwrite),
      fd_advise: refuse(descriptors, errno.spipe, next.fd_advise),
      fd_allocate: refuse(descriptors, errno.spipe, next.fd_allocate),
      fd_filestat_set_size: refuse(descriptors, errno.inval, next.fd_filestat_set_size),
      fd_filestat_set_times: refuse(descriptors, errno.inval, next.fd_filestat_set_times),
      fd_readdir: refuse(descriptors, errno.notdir, next.fd_readdir),
    };
  };
}

function streamAt(descriptors: Descriptors, fd: number): Stream | undefined {
  const found = descriptors.get(fd);
  return found?.kind === "stream" ? found : undefined;
}

/** Wraps a call that a stream can't answer: it gets the errno that a pipe gives. */
function refuse<Rest extends unknown[]>(
  descriptors: Descriptors,
  code: number,
  below: (fd: number, ...rest: Rest) => number,
): (fd: number, ...rest: Rest) => number {
  return (fd, ...rest) => (streamAt(descriptors, fd) ? code : below(fd, ...rest));
}

function sync(descriptors: Descriptors, below: (fd: number) => number): (fd: number) => number {
  return (fd) => {
    const stream = streamAt(descriptors, fd);
    if (!stream) return below(fd);
    stream.flush?.();
    return errno.success;
  };
}

const streamType = (stream: Stream): number => (stream.isTerminal() ? filetype.character_device : filetype.unknown);
