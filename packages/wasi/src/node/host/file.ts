import {
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  openSync,
  readSync,
  readvSync,
  writeSync,
  writevSync,
} from "node:fs";
import { openFlags } from "../../fs/file-system.ts";
import type { FileHandle, Filestat, NewTimes } from "../../fs/file-system.ts";
import { onHost } from "./error.ts";
import type { ExactTimes } from "./exact-times.ts";
import { reopenFlags } from "./flags.ts";
import type { OpenDescriptor, OpenDescriptors } from "./open-descriptors.ts";
import { filestatOfStats } from "./stat.ts";

const bigint = { bigint: true } as const;
const statusFlags = openFlags.append | openFlags.dsync | openFlags.sync;
const accessFlags = openFlags.read | openFlags.write;

/** What all handles of one root share. */
export interface HostRoot {
  readonly descriptors: OpenDescriptors;
  readonly times: ExactTimes;
  /** Whether a descriptor has a path in `/proc`, by which it can be opened again. */
  readonly hasProc: boolean;
}

/** An open regular file of the host. */
export class HostFile implements FileHandle {
  readonly kind = "file";
  readonly #root: HostRoot;
  #place: OpenDescriptor;
  /** The `openFlags` that it is open with now. */
  #flags: number;

  constructor(root: HostRoot, place: OpenDescriptor, flags: number) {
    this.#root = root;
    this.#place = place;
    this.#flags = flags & (accessFlags | statusFlags);
  }

  read(buffers: readonly Uint8Array[], offset: number): number {
    const { fd } = this.#place;
    const [first] = buffers;
    if (first === undefined) return 0;
    return onHost(() =>
      buffers.length === 1 ? readSync(fd, first, 0, first.length, offset) : readvSync(fd, buffers, offset),
    );
  }

  write(buffers: readonly Uint8Array[], offset: number): number {
    return this.#write(buffers, offset);
  }

  append(buffers: readonly Uint8Array[]): number {
    // Without /proc, setFlags can't change the host's descriptor to one that appends.
    return this.#write(buffers, this.#root.hasProc ? undefined : fstatSync(this.#place.fd).size);
  }

  #write(buffers: readonly Uint8Array[], offset: number | undefined): number {
    const { fd } = this.#place;
    const [first] = buffers;
    if (first === undefined) return 0;
    return onHost(() =>
      buffers.length === 1 ? writeSync(fd, first, 0, first.length, offset) : writevSync(fd, buffers, offset),
    );
  }

  stat(): Filestat {
    return this.#root.times.correct(this.#look());
  }

  #look(): Filestat {
    return onHost(() => filestatOfStats(fstatSync(this.#place.fd, bigint)));
  }

  setSize(size: number): void {
    onHost(() => ftruncateSync(this.#place.fd, size));
  }

  setTimes(times: NewTimes): void {
    this.#root.times.set(
      times,
      () => this.#look(),
      (atime, mtime) => onHost(() => futimesSync(this.#place.fd, atime, mtime)),
    );
  }

  /** Node can't change the flags of a descriptor, so the file is opened again with the new ones. */
  setFlags(flags: number): void {
    const wanted = (this.#flags & accessFlags) | (flags & statusFlags);
    if (wanted === this.#flags) return;
    if (this.#root.hasProc) {
      const { descriptors } = this.#root;
      const old = this.#place;
      this.#place = descriptors.open(() => openSync(`/proc/self/fd/${old.fd}`, reopenFlags(wanted)));
      descriptors.close(old);
    }
    this.#flags = wanted;
  }

  sync(): void {
    onHost(() => fsyncSync(this.#place.fd));
  }

  datasync(): void {
    onHost(() => fdatasyncSync(this.#place.fd));
  }

  close(): void {
    this.#root.descriptors.close(this.#place);
  }
}
