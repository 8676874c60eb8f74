import { constants } from "node:fs";
import type { BigIntStats } from "node:fs";
import { filetype } from "../../abi/layouts.ts";
import type { Filestat } from "../../fs/file-system.ts";

const filetypes = new Map<number, number>([
  [constants.S_IFREG, filetype.regular_file],
  [constants.S_IFDIR, filetype.directory],
  [constants.S_IFLNK, filetype.symbolic_link],
  [constants.S_IFCHR, filetype.character_device],
  [constants.S_IFBLK, filetype.block_device],
  [constants.S_IFSOCK, filetype.socket_stream],
]);

/** The ABI's `filetype` for a mode of the host. There is none for a named pipe. */
export const filetypeOf = (mode: number): number => filetypes.get(mode & constants.S_IFMT) ?? filetype.unknown;

/** The attributes of a file of the host. */
export function filestatOfStats(stats: BigIntStats): Filestat {
  const mode = Number(stats.mode);
  return {
    dev: stats.dev,
    ino: stats.ino,
    filetype: filetypeOf(mode),
    nlink: stats.nlink,
    size: stats.size,
    atim: stats.atimeNs,
    mtim: stats.mtimeNs,
    ctim: stats.ctimeNs,
    mode: mode & 0o7777,
  };
}
