/**
 * The offsets of the fields of a structure in guest memory, in bytes from its
 * start. All numbers are little-endian.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#types
 */

/** A buffer to read into (`iovec`) or to write from (`ciovec`). */
export const iovec = { buf: 0, buf_len: 4, size: 8 } as const;

/** What a descriptor is and may do: u8, u16, u64, u64. */
export const fdstat = { fs_filetype: 0, fs_flags: 2, fs_rights_base: 8, fs_rights_inheriting: 16, size: 24 } as const;

/** The layout of a file's attributes. */
export interface FilestatLayout {
  readonly dev: number;
  readonly ino: number;
  readonly filetype: number;
  readonly nlink: number;
  readonly filesize: number;
  readonly atim: number;
  readonly mtim: number;
  readonly ctim: number;
  readonly size: number;
}

/** A file's attributes: u64, u64, u8, then u64 each; times in nanoseconds. */
export const filestat: FilestatLayout = {
  dev: 0,
  ino: 8,
  filetype: 16,
  nlink: 24,
  filesize: 32,
  atim: 40,
  mtim: 48,
  ctim: 56,
  size: 64,
};

/** A preopen: u8 (0, a directory, is all there is) and the size of its name, u32. */
export const prestat = { tag: 0, pr_name_len: 4, size: 8 } as const;

/** A directory entry, which its name follows: u64, u64, u32, u8. */
export const dirent = { d_next: 0, d_ino: 8, d_namlen: 16, d_type: 20, size: 24 } as const;

/** The layout of a subscription. */
export interface SubscriptionLayout {
  readonly userdata: number;
  readonly tag: number;
  readonly fd: number;
  readonly clock: number;
  readonly timeout: number;
  readonly flags: number;
  readonly size: number;
}

/** What `poll_oneoff` waits for: u64, u8, then a descriptor (u32), or a clock (u32) with a timeout (u64) and flags (u16). */
export const subscription: SubscriptionLayout = {
  userdata: 0,
  tag: 8,
  fd: 16,
  clock: 16,
  timeout: 24,
  flags: 40,
  size: 48,
};

/** An event: u64, u16, u8, then for a descriptor u64 and u16. */
export const event = { userdata: 0, error: 8, type: 10, nbytes: 16, flags: 24, size: 32 } as const;

/** What a subscription waits for, and an event reports. */
export const eventtype = { clock: 0, fd_read: 1, fd_write: 2 } as const;

/** What a descriptor refers to. */
export const filetype = {
  unknown: 0,
  block_device: 1,
  character_device: 2,
  directory: 3,
  regular_file: 4,
  socket_dgram: 5,
  socket_stream: 6,
  symbolic_link: 7,
} as const;

/** The clocks. */
export const clockid = { realtime: 0, monotonic: 1, process_cputime: 2, thread_cputime: 3 } as const;

/** Where a seek starts from. */
export const whence = { set: 0, cur: 1, end: 2 } as const;

/** How a part of a file will be used. */
export const advice = { normal: 0, sequential: 1, random: 2, willneed: 3, dontneed: 4, noreuse: 5 } as const;
