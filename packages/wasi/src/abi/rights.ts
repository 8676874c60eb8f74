/**
 * Rights, in the specification's order: a right is the bit of its place here.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#rights
 */
// prettier-ignore
export const rightNames = [
  "fd_datasync", "fd_read", "fd_seek", "fd_fdstat_set_flags", "fd_sync", "fd_tell", "fd_write",
  "fd_advise", "fd_allocate", "path_create_directory", "path_create_file", "path_link_source",
  "path_link_target", "path_open", "fd_readdir", "path_readlink", "path_rename_source",
  "path_rename_target", "path_filestat_get", "path_filestat_set_size", "path_filestat_set_times",
  "fd_filestat_get", "fd_filestat_set_size", "fd_filestat_set_times", "path_symlink",
  "path_remove_directory", "path_unlink_file", "poll_fd_readwrite", "sock_shutdown", "sock_accept",
] as const;

/** The name of a right. */
export type RightName = (typeof rightNames)[number];

/** A set of rights. There are 30, so a number holds them; the guest has them in a u64. */
export type Rights = number;

/** The set that holds the named rights. */
export function rights(...names: RightName[]): Rights {
  return names.reduce((set, name) => set | (1 << rightNames.indexOf(name)), 0);
}

/** What can be done to a file. */
export const fileRights: Rights = rights(
  "fd_datasync",
  "fd_read",
  "fd_seek",
  "fd_fdstat_set_flags",
  "fd_sync",
  "fd_tell",
  "fd_write",
  "fd_advise",
  "fd_allocate",
  "fd_filestat_get",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
  "poll_fd_readwrite",
);

/** What can be done to a directory, and to what is in it. */
export const directoryRights: Rights = rights(
  "fd_fdstat_set_flags",
  "fd_sync",
  "fd_advise",
  "path_create_directory",
  "path_create_file",
  "path_link_source",
  "path_link_target",
  "path_open",
  "fd_readdir",
  "path_readlink",
  "path_rename_source",
  "path_rename_target",
  "path_filestat_get",
  "path_filestat_set_size",
  "path_filestat_set_times",
  "fd_filestat_get",
  "fd_filestat_set_times",
  "path_symlink",
  "path_remove_directory",
  "path_unlink_file",
  "poll_fd_readwrite",
);

/**
 * A file opened with one of them is opened for writing. `fd_filestat_set_size` is none of them: Go asks for it in order
 * to read as well, and a file that may only be read can't be opened for writing.
 */
export const writingRights: Rights = rights("fd_write", "fd_allocate");

/** Those that a read-only preopen does not give. */
export const mutatingRights: Rights = rights(
  "fd_write",
  "fd_allocate",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
  "path_create_directory",
  "path_create_file",
  "path_link_source",
  "path_link_target",
  "path_rename_source",
  "path_rename_target",
  "path_filestat_set_size",
  "path_filestat_set_times",
  "path_symlink",
  "path_remove_directory",
  "path_unlink_file",
);
