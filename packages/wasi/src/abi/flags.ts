/**
 * Flags, by their bits.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#types
 */

/** How a path's last component is looked up. */
export const lookupflags = { symlink_follow: 1 } as const;

/** How a path is opened. */
export const oflags = { creat: 1, directory: 2, excl: 4, trunc: 8 } as const;

/** Which times are set, and to what. */
export const fstflags = { atim: 1, atim_now: 2, mtim: 4, mtim_now: 8 } as const;

/** How a descriptor reads and writes. */
export const fdflags = { append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 } as const;

/** Whether a subscription's timeout is a point in time. */
export const subclockflags = { abstime: 1 } as const;

/** How a socket receives. */
export const riflags = { recv_peek: 1, recv_waitall: 2 } as const;

/** Which side of a socket is shut down. */
export const sdflags = { rd: 1, wr: 2 } as const;

/** What is the matter with a descriptor that is ready. */
export const eventrwflags = { fd_readwrite_hangup: 1 } as const;
