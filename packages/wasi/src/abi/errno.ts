/**
 * Error codes, in the specification's order: a code is its place in this list.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#errno
 */
// prettier-ignore
export const errnoNames = [
  "success", "2big", "acces", "addrinuse", "addrnotavail", "afnosupport", "again", "already",
  "badf", "badmsg", "busy", "canceled", "child", "connaborted", "connrefused", "connreset",
  "deadlk", "destaddrreq", "dom", "dquot", "exist", "fault", "fbig", "hostunreach",
  "idrm", "ilseq", "inprogress", "intr", "inval", "io", "isconn", "isdir",
  "loop", "mfile", "mlink", "msgsize", "multihop", "nametoolong", "netdown", "netreset",
  "netunreach", "nfile", "nobufs", "nodev", "noent", "noexec", "nolck", "nolink",
  "nomem", "nomsg", "noprotoopt", "nospc", "nosys", "notconn", "notdir", "notempty",
  "notrecoverable", "notsock", "notsup", "notty", "nxio", "overflow", "ownerdead", "perm",
  "pipe", "proto", "protonosupport", "prototype", "range", "rofs", "spipe", "srch",
  "stale", "timedout", "txtbsy", "xdev", "notcapable",
] as const;

/** The name of an error, as the specification writes it: `"noent"`, `"notcapable"`, … */
export type ErrnoName = (typeof errnoNames)[number];

/** Error codes by name: `errno.noent` is 44. */
export const errno: Readonly<Record<ErrnoName, number>> = Object.fromEntries(
  errnoNames.map((name, code) => [name, code]),
) as Record<ErrnoName, number>;
