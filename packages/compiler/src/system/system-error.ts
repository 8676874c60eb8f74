import { statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, relative } from "node:path";

/** What an error is about. */
interface Place {
  /** What it was tried with. */
  path: string;
  /** The folder that it is in, or that it is. */
  folder: string;
}

/** What the system refuses, by its code: why, and what to do. */
const refusals: Readonly<Record<string, readonly [why: string, remedy: (place: Place) => string]>> = {
  EACCES: ["this user has no right to do that", ask],
  EPERM: ["this user has no right to do that", ask],
  EROFS: [
    "it is on a file system that can only be read",
    () => "Mount it for writing, or copy the project to where you can write.",
  ],
  ENOSPC: ["the disk is full", ({ folder }) => `Make room on the disk of ${folder}, and try again.`],
  EDQUOT: ["your share of the disk is full", ({ folder }) => `Make room on the disk of ${folder}, and try again.`],
  EFBIG: ["it would be larger than a file may be here", () => "Raise the limit: ulimit -f"],
  ENOENT: ["it is not there", ({ folder }) => `Create ${folder}, or name another one.`],
  ENOTDIR: ["a file is where a folder is needed", moveAway],
  EEXIST: ["a file is where a folder is needed", moveAway],
  EISDIR: ["a folder is where a file is needed", moveAway],
  ENOTEMPTY: ["a folder is where a file is needed", moveAway],
  ELOOP: ["its links lead to each other", moveAway],
  ENAMETOOLONG: ["its name is too long", () => "Use a shorter name, or a folder that is less deep."],
  EBUSY: ["another program uses it", () => "End that program, and try again."],
  ETXTBSY: ["another program runs it", () => "End that program, and try again."],
  EIO: ["its disk does not answer as it should", () => "Check the disk, or copy the project to another one."],
  ESTALE: ["its network file system has lost it", () => "Mount it again."],
  EMFILE: ["too many files are open in this process", () => "Raise the limit: ulimit -n 4096"],
  ENFILE: ["too many files are open on this machine", () => "End other programs, and try again."],
  EAGAIN: ["there are too many processes", () => "End other programs, or raise the limit: ulimit -u"],
  ENOMEM: ["there is too little memory", () => "End other programs, and try again."],
};

function ask({ folder }: Place): string {
  if (folder === tmpdir()) return "Name a folder for temporary files that you can write: TMPDIR=FOLDER";
  return `Get the right to write in ${folder} (its owner can give it with chmod), or copy the project to a folder of your own.`;
}

function moveAway({ path }: Place): string {
  return `Move ${path} away, or name another place.`;
}

/** What was tried, by the system's call. */
const attempts: Readonly<Record<string, string>> = {
  access: "written",
  stat: "looked at",
  lstat: "looked at",
  mkdir: "created",
  mkdtemp: "created",
  open: "opened",
  write: "written",
  writev: "written",
  read: "read",
  rename: "replaced",
  copyfile: "copied",
  unlink: "removed",
  rm: "removed",
  rmdir: "removed",
  scandir: "listed",
  opendir: "listed",
  chmod: "changed",
  utime: "changed",
  spawn: "started",
};

/** Calls whose path is the folder itself. */
const onFolders: ReadonlySet<string> = new Set(["scandir", "opendir", "access"]);

/**
 * A message for a user about an error of the operating system: what failed, where,
 * why, and what to do.
 *
 * @returns undefined for any other error
 */
export function describeSystemError(error: unknown): string | undefined {
  const { code = "", path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const refusal = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  if (!refusal || syscall === undefined) return undefined;
  if (syscall === "uv_cwd") return "The current folder is not there any more. Change to one that is: cd FOLDER";
  const [call = ""] = syscall.split(" ");
  const [why, remedy] = refusal;
  if (path === undefined) return `A file can't be ${attempts[call] ?? `used (${call})`}: ${why} (${code}).`;
  const folder = onFolders.has(call) ? path : dirname(path);
  const place = { path: shown(code === "ENOTDIR" ? fileAbove(path) : path), folder: shown(folder) };
  return `${shown(path)} can't be ${attempts[call] ?? `used (${call})`}: ${why} (${code}).\n${remedy(place)}`;
}

/** The file that is taken for a folder in a path. */
function fileAbove(path: string): string {
  for (let above = path; above !== dirname(above); above = dirname(above)) {
    try {
      if (!statSync(above).isDirectory()) return above;
    } catch {
      // It is further up.
    }
  }
  return path;
}

/** A path as messages show it: relative to the current folder if it is below that. */
function shown(path: string): string {
  const below = relative(process.cwd(), path);
  if (below === "") return "the current folder";
  return below.startsWith("..") ? path : below;
}
