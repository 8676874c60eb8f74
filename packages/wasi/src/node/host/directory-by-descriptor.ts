import { fstatSync, openSync, utimesSync } from "node:fs";
import type { ByteString, DirectoryHandle, Filestat, NewTimes } from "../../fs/file-system.ts";
import { HostDirectory, hostPath } from "./directory.ts";
import { onHost } from "./error.ts";
import type { HostRoot } from "./file.ts";
import { walkFlags } from "./flags.ts";
import type { OpenDescriptor } from "./open-descriptors.ts";
import { filestatOfStats } from "./stat.ts";

const bigint = { bigint: true } as const;

/**
 * A directory that is held by a descriptor. On Linux `/proc/self/fd/N/name` is a
 * name in it, wherever the directory is by now. That replaces the system calls
 * `openat` and the like, which Node lacks. No other process can redirect it.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html
 */
export class DirectoryByDescriptor extends HostDirectory {
  readonly #place: OpenDescriptor;
  readonly #path: string;

  constructor(root: HostRoot, place: OpenDescriptor, isRoot = false) {
    super(root, isRoot);
    this.#place = place;
    this.#path = `/proc/self/fd/${place.fd}`;
  }

  protected override pathOf(name: ByteString): string | Buffer {
    return hostPath(`${this.#path}/${name}`);
  }

  protected override ownPath(): string {
    return this.#path;
  }

  protected override fromDescriptor(place: OpenDescriptor): HostDirectory {
    return new DirectoryByDescriptor(this.root, place);
  }

  override openDirectory(name: ByteString): DirectoryHandle {
    const path = this.pathOf(name);
    return new DirectoryByDescriptor(
      this.root,
      this.root.descriptors.open(() => openSync(path, walkFlags)),
    );
  }

  override reopen(): DirectoryHandle {
    return this.openDirectory(".");
  }

  override stat(): Filestat {
    return this.root.times.correct(this.#look());
  }

  #look(): Filestat {
    return onHost(() => filestatOfStats(fstatSync(this.#place.fd, bigint)));
  }

  override setTimes(times: NewTimes): void {
    this.root.times.set(
      times,
      () => this.#look(),
      (atime, mtime) => onHost(() => utimesSync(this.#path, atime, mtime)),
    );
  }

  protected override release(): void {
    this.root.descriptors.close(this.#place);
  }
}
