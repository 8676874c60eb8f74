import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import type { Stats } from "node:fs";
import { ManifestError } from "./error.ts";

/**
 * Copies a directory with all that is below it: links as links, wherever they
 * lead; modes as they are.
 *
 * @throws ManifestError `E_MANIFEST` at the first thing that can't be copied
 */
export function copyTree(from: string, to: string): void {
  copy(byteString(from), byteString(to));
}

/** Removes a directory with all that is below it, whatever the modes in it forbid. One that is not there is gone already. */
export function removeTree(path: string): void {
  if (existsSync(path)) remove(byteString(path));
}

// Names are bytes, and not always text: a path is a string with a character for each byte.
const byteString = (path: string): string => Buffer.from(path).toString("latin1");
const bytes = (path: string): Buffer => Buffer.from(path, "latin1");

function copy(from: string, to: string): void {
  try {
    const stats = lstatSync(bytes(from));
    if (stats.isDirectory()) {
      mkdirSync(bytes(to));
      for (const name of readdirSync(bytes(from), "latin1")) copy(`${from}/${name}`, `${to}/${name}`);
      // At last: it may forbid to make anything in it.
      chmodSync(bytes(to), stats.mode & 0o7777);
    } else if (stats.isSymbolicLink()) symlinkSync(readlinkSync(bytes(from), "buffer"), bytes(to));
    else if (stats.isFile()) copyFile(from, to, stats);
    else throw special(from, stats);
  } catch (cause) {
    if (cause instanceof ManifestError) throw cause;
    throw new ManifestError(
      `${bytes(from)} can't be copied for a run (${(cause as NodeJS.ErrnoException).code ?? String(cause)}).`,
      { cause },
    );
  }
}

// On ext4 to remove a file that was copied inside the kernel takes a millisecond, and one that was written a fraction.
const small = 1 << 20;

function copyFile(from: string, to: string, { size, mode }: Stats): void {
  if (size > small) return copyFileSync(bytes(from), bytes(to));
  writeFileSync(bytes(to), readFileSync(bytes(from)));
  chmodSync(bytes(to), mode & 0o7777);
}

function special(path: string, stats: Stats): ManifestError {
  const what = stats.isFIFO() ? "a named pipe" : stats.isSocket() ? "a socket" : "a device";
  return new ManifestError(
    `${bytes(path)} is ${what}. A run gets copies of its directories, and only files, directories and links can be copied.\n` +
      "Remove it, or grant a directory that does not hold it.",
  );
}

// Not rmSync, which stops at the first directory that forbids it.
function remove(directory: string): void {
  chmodSync(bytes(directory), 0o700);
  for (const name of readdirSync(bytes(directory), "latin1")) {
    const path = `${directory}/${name}`;
    if (lstatSync(bytes(path)).isDirectory()) remove(path);
    else unlinkSync(bytes(path));
  }
  rmdirSync(bytes(directory));
}
