import type { ErrnoName, FunctionName } from "@wasi-kit/wasi/abi";

/** What is said of a function. */
interface FunctionNote {
  /** What it does, in a sentence or two. */
  does: string;
  /** Its errors, and when each is returned. */
  errors?: Partial<Record<ErrnoName, string>>;
}

const outside = "the path is absolute, or leads out of the preopen";
/** What every walk over a path may end with. */
const path = {
  inval: "the path has a NUL in it",
  loop: "there are more than 40 links in the path",
  nametoolong: "the path has more than 4,095 bytes, or is deeper than `maxDepth` allows",
  noent: "there is no such file, or the path is empty",
  notcapable: outside,
  notdir: "something on the way is not a directory, or the descriptor is not one",
} as const;
const changing = { ...path, rofs: "the preopen is read-only" } as const;
const making = { ...changing, dquot: "`maxFiles` is used up", exist: "the name exists already" } as const;

const stream = "the descriptor is a stream";
const tooLarge = "the size or the offset is larger than 2^53 - 1";
const writing = {
  dquot: "`maxWrittenBytes` is used up",
  fbig: "the file would be larger than 2^53 - 1 bytes, or than a file in memory can be",
  isdir: "the descriptor is a directory",
  nospc: "the disk is full, or the room for files in memory is used up",
} as const;

/** The functions of preview 1. */
export const functionNotes: Readonly<Record<FunctionName, FunctionNote>> = {
  args_get: { does: "Writes the arguments, each with a NUL at its end, and a list of their addresses." },
  args_sizes_get: { does: "Gives the number of arguments, and how many bytes `args_get` will write." },
  environ_get: {
    does: "Writes the variables as `NAME=value`, each with a NUL at its end, and a list of their addresses.",
  },
  environ_sizes_get: { does: "Gives the number of variables, and how many bytes `environ_get` will write." },
  clock_res_get: {
    does: "Gives the resolution of a clock in nanoseconds.",
    errors: { inval: "there is no such clock" },
  },
  clock_time_get: {
    does: "Reads a clock, in nanoseconds. With the option `clock` the times are the same in every run.",
    errors: { inval: "there is no such clock" },
  },
  fd_advise: {
    does: "Says how a file will be used. The advice is checked, and has no effect.",
    errors: { inval: "there is no such advice", spipe: stream },
  },
  fd_allocate: {
    does: "Makes a file at least so large.",
    errors: {
      badf: "the descriptor is a directory",
      dquot: writing.dquot,
      fbig: tooLarge,
      inval: "the length is 0",
      nospc: writing.nospc,
      spipe: stream,
    },
  },
  fd_close: { does: "Closes a descriptor. Its number is free again." },
  fd_datasync: { does: "Waits until what was written to a file is on the disk." },
  fd_fdstat_get: { does: "Gives the type, the flags and the rights of a descriptor." },
  fd_fdstat_set_flags: {
    does: "Sets the flags of a descriptor: `append`, `dsync`, `rsync`, `sync`; `nonblock` has no effect.",
    errors: { inval: "a flag is unknown" },
  },
  fd_fdstat_set_rights: {
    does: "Takes rights from a descriptor. Rights can't be added.",
    errors: { notcapable: "the descriptor has fewer rights than were asked for" },
  },
  fd_filestat_get: {
    does: "Gives the type, the size and the times of what is open. Of a stream only the type is known.",
  },
  fd_filestat_set_size: {
    does: "Makes a file longer, with zeros, or shorter.",
    errors: {
      badf: "the descriptor is a directory",
      dquot: writing.dquot,
      fbig: tooLarge,
      inval: stream,
      nospc: writing.nospc,
    },
  },
  fd_filestat_set_times: {
    does: "Sets the times of the last access and of the last change.",
    errors: { inval: "the flags contradict each other or are unknown, or the descriptor is a stream" },
  },
  fd_pread: {
    does: "Reads from an offset of a file. Its position stays as it is.",
    errors: { inval: tooLarge, isdir: "the descriptor is a directory", spipe: stream },
  },
  fd_prestat_get: {
    does: "Says how long the guest path of a preopen is. Libraries call it for 3, 4 and so on, until it fails.",
    errors: { badf: "the descriptor is not a preopen, or there is none" },
  },
  fd_prestat_dir_name: {
    does: "Writes the guest path of a preopen.",
    errors: { badf: "the descriptor is not a preopen", nametoolong: "the buffer is too short for the path" },
  },
  fd_pwrite: {
    does: "Writes at an offset of a file. Its position stays as it is. A file that appends ignores the offset, as on Linux.",
    errors: { ...writing, spipe: stream },
  },
  fd_read: {
    does: "Reads into a list of buffers. 0 bytes mean the end of the file or of the stream.",
    errors: {
      isdir: "the descriptor is a directory",
      notcapable: "it is stdout or stderr, or was not opened for reading",
    },
  },
  fd_readdir: {
    does: "Lists a directory. Cookie 0 starts from the beginning; a full buffer means that there are more entries. A preopen is listed without `.` and `..`.",
    errors: { notdir: "the descriptor is a file or a stream" },
  },
  fd_renumber: { does: "Gives an open descriptor the number of another one, which is closed." },
  fd_seek: {
    does: "Moves the position of a file.",
    errors: {
      badf: "the descriptor is a directory",
      inval: "the new position is negative or beyond 2^53 - 1, or there is no such origin",
      spipe: stream,
    },
  },
  fd_sync: { does: "Waits until a file or a directory is on the disk, with its attributes." },
  fd_tell: { does: "Gives the position of a file.", errors: { badf: "the descriptor is a directory", spipe: stream } },
  fd_write: {
    does: "Writes a list of buffers. Fewer bytes than asked for may be written: the result says how many.",
    errors: { ...writing, notcapable: "it is stdin, or was not opened for writing" },
  },
  path_create_directory: { does: "Makes a directory.", errors: making },
  path_filestat_get: { does: "Gives the type, the size and the times of a file.", errors: path },
  path_filestat_set_times: {
    does: "Sets the times of a file.",
    errors: { ...changing, inval: "the flags contradict each other or are unknown, or the path has a NUL in it" },
  },
  path_link: {
    does: "Gives a file another name.",
    errors: { ...making, perm: "a directory can't be linked", xdev: "the two are on different file systems" },
  },
  path_open: {
    does: "Opens or creates a file, or opens a directory, below an open directory. The rights say what the new descriptor can do; in a read-only preopen, those to change something are left out.",
    errors: {
      ...making,
      exist: "the file exists, and `excl` was given",
      inval: "`creat` and `directory` were given together, or the path has a NUL in it",
      isdir: "a directory was to be written",
      mfile: "`maxDescriptors` are open",
      notcapable: `${outside}, or more rights were asked for than the directory passes on`,
      rofs: "the preopen is read-only, and the file was to be written or created",
    },
  },
  path_readlink: {
    does: "Gives the target of a link. A buffer that is too short gets the beginning.",
    errors: { ...path, inval: "it is not a link, or the path has a NUL in it" },
  },
  path_remove_directory: {
    does: "Removes an empty directory.",
    errors: {
      ...changing,
      inval: "the path is the directory itself, or has a NUL in it",
      notempty: "something is in it",
    },
  },
  path_rename: {
    does: "Renames or moves a file or a directory.",
    errors: {
      ...changing,
      busy: "one of the paths is a preopen itself",
      exist: "the target exists and can't be replaced",
      isdir: "a file would replace a directory",
      notempty: "the target is a directory with something in it",
      xdev: "the two are on different file systems",
    },
  },
  path_symlink: {
    does: "Makes a symbolic link. The target may lead outside: it is checked when it is followed.",
    errors: { ...making, notcapable: `the target is absolute, or ${outside}` },
  },
  path_unlink_file: {
    does: "Removes a file or a link.",
    errors: { ...changing, isdir: "it is a directory" },
  },
  poll_oneoff: {
    does: "Waits for the first of several clocks and streams. Files are always ready.",
    errors: { inval: "there are no subscriptions, more than 65,536, or one of an unknown kind or clock" },
  },
  proc_exit: { does: "Ends the run with an exit code. It does not return." },
  proc_raise: {
    does: "Would send a signal to the guest. A guest has no process of its own.",
    errors: { notsup: "always" },
  },
  random_get: {
    does: "Fills a buffer with random bytes. With the option `randomSeed` they are the same in every run.",
  },
  sched_yield: { does: "Does nothing: there is no other thread to give way to." },
  sock_accept: { does: "Would accept a connection. No descriptor is a socket.", errors: { notsup: "always" } },
  sock_recv: { does: "Would receive from a socket.", errors: { notsock: "always: no descriptor is a socket" } },
  sock_send: { does: "Would send to a socket.", errors: { notsock: "always: no descriptor is a socket" } },
  sock_shutdown: { does: "Would close a side of a socket.", errors: { notsock: "always: no descriptor is a socket" } },
};

/** What an error means here, for those that the functions return. */
export const meanings: Readonly<Partial<Record<ErrnoName, string>>> = {
  acces: "The user who runs wasi-kit may not do that on the host.",
  badf: "The number is no open descriptor, or it is one that the call can't use.",
  busy: "A preopen can't be renamed or replaced.",
  dquot:
    "The run has a limit on files (`maxFiles`) or on bytes (`maxWrittenBytes`), and it is used up. The result names the limit.",
  exist: "The call was to make something new.",
  fault: "A pointer, or a pointer with its length, leads past the end of the guest's memory.",
  fbig: "Sizes and offsets go up to 2^53 - 1.",
  inval: "A flag, a clock, an origin or a path is not valid.",
  io: "Also for errors of the host that WASI has no name for.",
  isdir: "The call needs a file.",
  loop: "As on Linux, a path can lead through 40 links at most.",
  mfile: "A guest can have 65,536 descriptors open, or as many as `maxDescriptors` says.",
  nametoolong:
    "The path, one of its names or a buffer for a name is too long or too short for it; or `maxDepth` is exceeded.",
  noent:
    "Also for a file that exists on the host, if no preopen leads to it: the library of a language reports that without a call.",
  nospc: "The host's disk is full, or files in memory would need more room than they have.",
  notcapable: "It was not granted: the path leads out of the preopen, or the descriptor lacks a right.",
  notdir: "The call needs a directory.",
  notempty: "Only an empty directory can be removed or replaced.",
  notsock: "No descriptor of a guest is a socket.",
  notsup: "wasi-kit has no signals and no sockets, and some host file systems can't do everything.",
  nxio: "The name is a device, a pipe or a socket of the host: a guest can't open it.",
  perm: "The host, or the file system, never allows it: a directory can't be linked, for instance.",
  rofs: "The directory was granted as `read-only`.",
  spipe: "stdin, stdout and stderr can't be positioned, also if they are files on the host.",
  xdev: "A file can't be moved or linked from one file system to another. Two preopens may be two file systems.",
};
