/**
 * A tree of files that a guest can be granted: a directory of the host, a tree
 * in memory, or anything that has these methods.
 *
 * Each call of a handle takes a single name. A name has no `/`, is not empty,
 * and is neither `.` nor `..`. If the name is a symbolic link, the call is about
 * the link itself: a handle never follows one. Paths, links and `..` are resolved
 * once, above this interface (`path-resolution.ts`), so no file system can lead a
 * guest out of its directory.
 *
 * A method fails by throwing a `WasiError`. Any other error is a bug, and ends
 * the run.
 */
export interface FileSystem {
  /**
   * Opens the root directory. A run calls it once for each preopen, before the
   * guest starts, and closes that handle after the guest has ended. Handles
   * that the run did not close itself (a deadline can strike anywhere) are
   * closed with the root they came from.
   *
   * @throws WasiError `noent`, `notdir`, `acces`, `mfile`
   */
  open(): DirectoryHandle;
}

/**
 * Bytes as a string: a character from U+0000 to U+00FF for each. Names and link
 * targets are bytes in WASI and on most hosts, and need not be UTF-8.
 */
export type ByteString = string;

/** The attributes of a file, directory or link. The numbers of `filetype` are the ABI's. */
export interface Filestat {
  /** The number of its file system. `dev` and `ino` together identify a file. */
  readonly dev: bigint;
  readonly ino: bigint;
  /** One of `filetype`. */
  readonly filetype: number;
  /** How many names it has. */
  readonly nlink: bigint;
  /** In bytes. For a link, the length of its target. */
  readonly size: bigint;
  /** The last access, in nanoseconds since 1970. */
  readonly atim: bigint;
  /** The last change of the content, in nanoseconds since 1970. */
  readonly mtim: bigint;
  /** The last change of the content or the attributes, in nanoseconds since 1970. */
  readonly ctim: bigint;
  /** Permission bits (`0o644`), if the file system has them. Guests never see them. */
  readonly mode?: number;
}

/** Times to set, in nanoseconds since 1970. A time that is left out does not change. */
export interface NewTimes {
  readonly atim?: bigint;
  readonly mtim?: bigint;
}

/** An entry of a directory. */
export interface DirectoryEntry {
  readonly name: ByteString;
  /** One of `filetype`. */
  readonly filetype: number;
  /** Its inode number, if the file system knows it without another system call. */
  readonly ino?: bigint;
}

/** How a name is opened: a set of these bits. */
export const openFlags = {
  read: 1,
  write: 2,
  /** Creates a file if there is none. */
  create: 4,
  /** With `create`: fails with `exist` if the name exists, even as a symbolic link. */
  exclusive: 8,
  /** Truncates the file to zero bytes. */
  truncate: 16,
  /** Fails with `notdir` unless it is a directory. */
  directory: 32,
  /** Writes go to the end of the file. */
  append: 64,
  /** Each write reaches the device, with what is needed to read it back. */
  dsync: 128,
  /** Each write reaches the device, with all attributes. */
  sync: 256,
} as const;

/** An open directory. It remains the same directory when it is renamed, and is empty once it is removed. */
export interface DirectoryHandle {
  readonly kind: "directory";

  /**
   * Opens a directory, to look up names in it.
   *
   * @throws WasiError `noent`; `notdir` if it is anything else, a link included; `acces`, `mfile`, `nametoolong`
   */
  openDirectory(name: ByteString): DirectoryHandle;

  /** Opens another handle of this directory, which is closed separately. */
  reopen(): DirectoryHandle;

  /**
   * Opens a file or a directory, or creates a file.
   *
   * @param flags - a set of {@link openFlags}
   * @throws WasiError `noent`; `loop` if it is a link (`notdir` with `directory`); `exist`; `isdir` if a directory is
   * to be written, created or truncated; `notdir`; `nxio` for a named pipe, a socket or a device;
   * `acces`, `rofs`, `nospc`, `mfile`, `nametoolong`
   */
  open(name: ByteString, flags: number): FileHandle | DirectoryHandle;

  /**
   * The attributes of a name, or `undefined` if it does not exist.
   *
   * @throws WasiError `acces`, `nametoolong`
   */
  lookup(name: ByteString): Filestat | undefined;

  /** The attributes of this directory. */
  stat(): Filestat;

  /** All names, without `.` and `..`, in the order of their bytes. */
  list(): readonly DirectoryEntry[];

  /**
   * The target of a link.
   *
   * @throws WasiError `noent`, `inval` if it is no link
   */
  readlink(name: ByteString): ByteString;

  /** @throws WasiError `exist`, `noent` if this directory was removed, `acces`, `rofs`, `nospc`, `nametoolong` */
  createDirectory(name: ByteString): void;

  /** @throws WasiError `noent`, `notdir`, `notempty`, `acces`, `rofs`, `busy` */
  removeDirectory(name: ByteString): void;

  /** @throws WasiError `noent`; `isdir` or `perm` if it is a directory; `acces`, `rofs`, `busy` */
  unlink(name: ByteString): void;

  /**
   * Moves a name to another directory, or gives it another name. A file that
   * has the new name is replaced, and so is an empty directory by a directory.
   *
   * @throws WasiError `noent`; `isdir`, `notdir`, `notempty` or `exist` if it can't be replaced; `inval` if a directory
   * would be moved into itself; `xdev` if the other directory is of another file system; `acces`, `rofs`
   */
  rename(name: ByteString, to: DirectoryHandle, newName: ByteString): void;

  /**
   * Creates a hard link: a second name for a file or a symbolic link.
   *
   * @throws WasiError `noent`, `exist`, `perm` for a directory, `xdev`, `mlink`, `acces`, `rofs`
   */
  link(name: ByteString, to: DirectoryHandle, newName: ByteString): void;

  /**
   * Creates a symbolic link, whether or not its target exists.
   *
   * @throws WasiError `noent` if the target is empty or this directory was removed; `exist`, `acces`, `rofs`
   */
  symlink(target: ByteString, name: ByteString): void;

  /** Sets times of this directory. @throws WasiError `acces`, `perm`, `rofs` */
  setTimes(times: NewTimes): void;

  /** Sets times of a name. Of a link, its own times are set. @throws WasiError `noent`, `acces`, `perm`, `rofs` */
  setTimesOf(name: ByteString, times: NewTimes): void;

  /** Waits until changes have reached the device. */
  sync(): void;

  /** Closes the handle. It must not be used any more. */
  close(): void;
}

/** An open file. It has no position: the descriptor table keeps that. */
export interface FileHandle {
  readonly kind: "file";

  /**
   * Reads into buffers, one after another, from an offset on.
   *
   * @returns how many bytes; fewer than there is room for only at the end of the file
   */
  read(buffers: readonly Uint8Array[], offset: number): number;

  /**
   * Writes buffers, one after another, from an offset on. A gap after the end of the file is filled with zeros.
   *
   * @returns how many bytes; all of them, unless the device is full
   * @throws WasiError `nospc`, `fbig`, `dquot`, `io`
   */
  write(buffers: readonly Uint8Array[], offset: number): number;

  /** Writes at the end, in one step if the file system can. @returns how many bytes */
  append(buffers: readonly Uint8Array[]): number;

  stat(): Filestat;

  /** Truncates the file, or extends it with zeros. @param size - in bytes @throws WasiError `fbig`, `nospc` */
  setSize(size: number): void;

  setTimes(times: NewTimes): void;

  /** Changes how it writes: `append`, `dsync` and `sync` of {@link openFlags}, those that are left out included. */
  setFlags(flags: number): void;

  /** Waits until content and attributes have reached the device. */
  sync(): void;

  /** Waits until the content has reached the device. */
  datasync(): void;

  /** Closes the handle. It must not be used any more. */
  close(): void;
}

/** The largest number of bytes of a name, as on Linux. */
export const maxNameBytes = 255;
