/**
 * Where the fields of a structure stand in guest memory, in bytes from its
 * start. All numbers are little-endian.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#types
 */

/** A buffer to read into (`iovec`) or to write from (`ciovec`). */
export const iovec = { buf: 0, buf_len: 4, size: 8 } as const;

/** What a descriptor is and may do: u8, u16, u64, u64. */
export const fdstat = { fs_filetype: 0, fs_flags: 2, fs_rights_base: 8, fs_rights_inheriting: 16, size: 24 } as const;

/** A file's attributes: u64, u64, u8, then u64 each; times in nanoseconds. */
export const filestat = {
  dev: 0,
  ino: 8,
  filetype: 16,
  nlink: 24,
  filesize: 32,
  atim: 40,
  mtim: 48,
  ctim: 56,
  size: 64,
} as const;

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
