/**
 * What a module can do with each function that it imports. A descriptor is a
 * stream or a file, and a function that takes one serves both: that a module
 * imports `fd_write` says that it can write to stdout or to a file, not which.
 */
export const capabilities = {
  arguments: ["args_get", "args_sizes_get"],
  environment: ["environ_get", "environ_sizes_get"],
  "streams and open files: read": ["fd_pread", "fd_read"],
  "streams and open files: write": [
    "fd_allocate",
    "fd_datasync",
    "fd_filestat_set_size",
    "fd_filestat_set_times",
    "fd_pwrite",
    "fd_sync",
    "fd_write",
  ],
  "streams and open files: state": [
    "fd_advise",
    "fd_close",
    "fd_fdstat_get",
    "fd_fdstat_set_flags",
    "fd_fdstat_set_rights",
    "fd_filestat_get",
    "fd_renumber",
    "fd_seek",
    "fd_tell",
  ],
  "directories: which are granted": ["fd_prestat_dir_name", "fd_prestat_get"],
  "directories: list and look up": ["fd_readdir", "path_filestat_get", "path_readlink"],
  "directories: open, create files": ["path_open"],
  "directories: change": [
    "path_create_directory",
    "path_filestat_set_times",
    "path_link",
    "path_remove_directory",
    "path_rename",
    "path_symlink",
    "path_unlink_file",
  ],
  clock: ["clock_res_get", "clock_time_get"],
  "random numbers": ["random_get"],
  waiting: ["poll_oneoff", "sched_yield"],
  sockets: ["sock_accept", "sock_recv", "sock_send", "sock_shutdown"],
  "end of the process": ["proc_exit", "proc_raise"],
} as const;

/** What a function of WASI is for. */
export type Capability = keyof typeof capabilities;
