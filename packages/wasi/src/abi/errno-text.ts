import type { ErrnoName } from "./errno.ts";

/**
 * Errors in words. Those of networks, streams and semaphores, which no call here
 * returns, have no text.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#errno
 */
export const errnoText: Readonly<Partial<Record<ErrnoName, string>>> = {
  "2big": "The arguments are too long",
  acces: "The host does not permit it",
  again: "Not now: try again",
  badf: "No such descriptor",
  busy: "It is in use",
  dquot: "The quota is used up",
  exist: "It exists already",
  fault: "An address outside the memory",
  fbig: "The file would be too large",
  ilseq: "Not UTF-8",
  inval: "An argument that is not valid",
  io: "The device failed",
  isdir: "It is a directory",
  loop: "Too many links, or links in a circle",
  mfile: "Too many open files",
  mlink: "Too many links to it",
  nametoolong: "The name is too long",
  nfile: "Too many open files on the host",
  nodev: "No such device",
  noent: "No such file or directory",
  nomem: "Not enough memory",
  nospc: "The disk is full",
  nosys: "No such function",
  notcapable: "It was not granted",
  notdir: "Not a directory",
  notempty: "The directory is not empty",
  notsock: "Not a socket",
  notsup: "Not supported",
  notty: "Not a terminal",
  nxio: "No such device",
  overflow: "The value is too large",
  perm: "Not permitted",
  pipe: "Nobody reads it any more",
  range: "The result does not fit",
  rofs: "The file system is read-only",
  spipe: "A stream has no position",
  txtbsy: "The program file is in use",
  xdev: "On another file system",
};
