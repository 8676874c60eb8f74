import { constants } from "node:fs";
import { openFlags } from "../../fs/file-system.ts";

/** `O_PATH`, which `fs.constants` lacks. It is the same on all processors that Node runs on under Linux. */
const openPath = 0o10000000;

// Windows has none of these.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_NOCTTY = 0, O_DIRECTORY = 0, O_DSYNC = 0, O_SYNC = 0 } = constants;

/** For the directory that a run is granted. Links to it are followed. */
export const rootFlags: number = openPath | O_DIRECTORY;

/** For a directory on the way of a path: it need not be readable, and a link is an error. */
export const walkFlags: number = openPath | O_DIRECTORY | O_NOFOLLOW;

const others: readonly (readonly [flag: number, host: number])[] = [
  [openFlags.create, constants.O_CREAT],
  [openFlags.exclusive, constants.O_EXCL],
  [openFlags.truncate, constants.O_TRUNC],
  [openFlags.directory, O_DIRECTORY],
  [openFlags.append, constants.O_APPEND],
  [openFlags.dsync, O_DSYNC],
  [openFlags.sync, O_SYNC],
];

/** Flags for the host's `open` that never follows a link, never waits for a named pipe, and never takes a controlling terminal. */
export function hostFlags(flags: number): number {
  let host = accessOf(flags) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  for (const [flag, bit] of others) if (flags & flag) host |= bit;
  return host;
}

/** The same for opening a descriptor again by its path in `/proc`, which is a link. */
export const reopenFlags = (flags: number): number => hostFlags(flags) & ~O_NOFOLLOW;

function accessOf(flags: number): number {
  if ((flags & openFlags.write) === 0) return constants.O_RDONLY;
  return flags & openFlags.read ? constants.O_RDWR : constants.O_WRONLY;
}
