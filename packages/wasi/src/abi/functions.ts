/**
 * What a WebAssembly parameter of a preview1 function means. All are i32 and
 * arrive as numbers, except the 64-bit ones, which arrive as bigints.
 *
 * A `ptr<T>` is an address to write a T to. An address of something with a
 * variable size is followed by its `length`: the bytes of a path, the number of
 * buffers or subscriptions, or the room for the result.
 */
export type ParameterType =
  | "fd"
  | "length"
  | "path"
  | "iovecs"
  | "ciovecs"
  | "subscriptions"
  | "ptr"
  | "ptr<strings>"
  | "ptr<bytes>"
  | "ptr<dirents>"
  | "ptr<events>"
  | "ptr<u16>"
  | "ptr<size>"
  | "ptr<fd>"
  | "ptr<u64>"
  | "ptr<fdstat>"
  | "ptr<filestat>"
  | "ptr<prestat>"
  | "clockid"
  | "advice"
  | "whence"
  | "fdflags"
  | "fstflags"
  | "lookupflags"
  | "oflags"
  | "riflags"
  | "siflags"
  | "sdflags"
  | "exitcode"
  | "signal"
  | "u64"
  | "i64"
  | "timestamp"
  | "rights"
  | "dircookie";

/** A parameter, as the specification names it. */
export type Parameter = readonly [name: string, type: ParameterType];

/**
 * The functions of `wasi_snapshot_preview1`, with the parameters of
 * the WebAssembly signature (a string is an address and a size).
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#functions
 */
// prettier-ignore
export const functions = {
  args_get: [["argv", "ptr<strings>"], ["argv_buf", "ptr"]],
  args_sizes_get: [["argc", "ptr<size>"], ["argv_buf_size", "ptr<size>"]],
  environ_get: [["environ", "ptr<strings>"], ["environ_buf", "ptr"]],
  environ_sizes_get: [["environc", "ptr<size>"], ["environ_buf_size", "ptr<size>"]],
  clock_res_get: [["id", "clockid"], ["resolution", "ptr<u64>"]],
  clock_time_get: [["id", "clockid"], ["precision", "timestamp"], ["time", "ptr<u64>"]],
  fd_advise: [["fd", "fd"], ["offset", "u64"], ["len", "u64"], ["advice", "advice"]],
  fd_allocate: [["fd", "fd"], ["offset", "u64"], ["len", "u64"]],
  fd_close: [["fd", "fd"]],
  fd_datasync: [["fd", "fd"]],
  fd_fdstat_get: [["fd", "fd"], ["stat", "ptr<fdstat>"]],
  fd_fdstat_set_flags: [["fd", "fd"], ["flags", "fdflags"]],
  fd_fdstat_set_rights: [["fd", "fd"], ["fs_rights_base", "rights"], ["fs_rights_inheriting", "rights"]],
  fd_filestat_get: [["fd", "fd"], ["buf", "ptr<filestat>"]],
  fd_filestat_set_size: [["fd", "fd"], ["size", "u64"]],
  fd_filestat_set_times: [["fd", "fd"], ["atim", "timestamp"], ["mtim", "timestamp"], ["fst_flags", "fstflags"]],
  fd_pread: [["fd", "fd"], ["iovs", "iovecs"], ["iovs_len", "length"], ["offset", "u64"], ["nread", "ptr<size>"]],
  fd_prestat_get: [["fd", "fd"], ["buf", "ptr<prestat>"]],
  fd_prestat_dir_name: [["fd", "fd"], ["path", "ptr<bytes>"], ["path_len", "length"]],
  fd_pwrite: [["fd", "fd"], ["iovs", "ciovecs"], ["iovs_len", "length"], ["offset", "u64"], ["nwritten", "ptr<size>"]],
  fd_read: [["fd", "fd"], ["iovs", "iovecs"], ["iovs_len", "length"], ["nread", "ptr<size>"]],
  fd_readdir: [["fd", "fd"], ["buf", "ptr<dirents>"], ["buf_len", "length"], ["cookie", "dircookie"], ["bufused", "ptr<size>"]],
  fd_renumber: [["from", "fd"], ["to", "fd"]],
  fd_seek: [["fd", "fd"], ["offset", "i64"], ["whence", "whence"], ["newoffset", "ptr<u64>"]],
  fd_sync: [["fd", "fd"]],
  fd_tell: [["fd", "fd"], ["offset", "ptr<u64>"]],
  fd_write: [["fd", "fd"], ["iovs", "ciovecs"], ["iovs_len", "length"], ["nwritten", "ptr<size>"]],
  path_create_directory: [["fd", "fd"], ["path", "path"], ["path_len", "length"]],
  path_filestat_get: [["fd", "fd"], ["flags", "lookupflags"], ["path", "path"], ["path_len", "length"], ["buf", "ptr<filestat>"]],
  path_filestat_set_times: [["fd", "fd"], ["flags", "lookupflags"], ["path", "path"], ["path_len", "length"], ["atim", "timestamp"], ["mtim", "timestamp"], ["fst_flags", "fstflags"]],
  path_link: [["old_fd", "fd"], ["old_flags", "lookupflags"], ["old_path", "path"], ["old_path_len", "length"], ["new_fd", "fd"], ["new_path", "path"], ["new_path_len", "length"]],
  path_open: [["fd", "fd"], ["dirflags", "lookupflags"], ["path", "path"], ["path_len", "length"], ["oflags", "oflags"], ["fs_rights_base", "rights"], ["fs_rights_inheriting", "rights"], ["fdflags", "fdflags"], ["opened_fd", "ptr<fd>"]],
  path_readlink: [["fd", "fd"], ["path", "path"], ["path_len", "length"], ["buf", "ptr<bytes>"], ["buf_len", "length"], ["bufused", "ptr<size>"]],
  path_remove_directory: [["fd", "fd"], ["path", "path"], ["path_len", "length"]],
  path_rename: [["fd", "fd"], ["old_path", "path"], ["old_path_len", "length"], ["new_fd", "fd"], ["new_path", "path"], ["new_path_len", "length"]],
  path_symlink: [["old_path", "path"], ["old_path_len", "length"], ["fd", "fd"], ["new_path", "path"], ["new_path_len", "length"]],
  path_unlink_file: [["fd", "fd"], ["path", "path"], ["path_len", "length"]],
  poll_oneoff: [["in", "subscriptions"], ["out", "ptr<events>"], ["nsubscriptions", "length"], ["nevents", "ptr<size>"]],
  proc_exit: [["rval", "exitcode"]],
  proc_raise: [["sig", "signal"]],
  random_get: [["buf", "ptr<bytes>"], ["buf_len", "length"]],
  sched_yield: [],
  sock_accept: [["fd", "fd"], ["flags", "fdflags"], ["opened_fd", "ptr<fd>"]],
  sock_recv: [["fd", "fd"], ["ri_data", "iovecs"], ["ri_data_len", "length"], ["ri_flags", "riflags"], ["ro_datalen", "ptr<size>"], ["ro_flags", "ptr<u16>"]],
  sock_send: [["fd", "fd"], ["si_data", "ciovecs"], ["si_data_len", "length"], ["si_flags", "siflags"], ["so_datalen", "ptr<size>"]],
  sock_shutdown: [["fd", "fd"], ["how", "sdflags"]],
} as const;

/** The name of a preview1 function. */
export type FunctionName = keyof typeof functions;

/** The names of all functions, in the specification's order. */
export const functionNames: readonly FunctionName[] = Object.keys(functions) as FunctionName[];

type Sixty4 = "u64" | "i64" | "timestamp" | "rights" | "dircookie";

type Arguments<P extends readonly Parameter[]> = {
  -readonly [I in keyof P]: P[I][1] extends Sixty4 ? bigint : number;
};

/** All imports of a preview1 guest. Each returns an errno (`proc_exit` does not return). */
export type Preview1 = {
  [Name in FunctionName]: (...args: Arguments<(typeof functions)[Name]>) => number;
};
