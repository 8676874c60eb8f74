import { randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { Stats } from "node:fs";
import { dirname, join, relative } from "node:path";
import { CreateError } from "./error.ts";

/** A path to a text. */
type Files = Readonly<Record<string, string>>;

const atMost = 10;

/**
 * Checks a folder that a project is to be put into: it is empty, or not there. A repository that was just begun is no
 * obstacle.
 *
 * @param force - take it with what is in it
 * @throws CreateError `E_TARGET`
 */
export function checkTarget(dir: string, force: boolean): void {
  attempt(dir, () => checkPresent(dir, force));
}

function checkPresent(dir: string, force: boolean): void {
  const stat = lookAt(dir, { follow: true });
  if (!stat) return;
  if (!stat.isDirectory()) throw new CreateError("E_TARGET", `${shown(dir)} is no folder. Name another one.`);
  const present = readdirSync(dir)
    .filter((name) => name !== ".git")
    .toSorted();
  if (force || present.length === 0) return;
  const more = present.length > atMost ? ` and ${present.length - atMost} more` : "";
  throw new CreateError(
    "E_TARGET",
    `${shown(dir)} is not empty. In the way: ${present.slice(0, atMost).join(", ")}${more}.\n` +
      "Name another folder; or --force, which writes over files that the project has too, and leaves the rest.",
  );
}

/**
 * Puts files into a folder, all of them or none: they are written beside and renamed. Nothing is awaited meanwhile, so
 * that Ctrl-C, where it is listened to, comes before or after.
 *
 * @param force - write over what is there, and leave what is there besides
 * @throws CreateError `E_TARGET` where the folder holds something, `E_WRITE` where it can't be written
 */
export function place(files: Files, dir: string, force: boolean): void {
  checkTarget(dir, force);
  attempt(dir, () => {
    const isNew = !lookAt(dir, { follow: true });
    if (!isNew) checkPaths(files, dir);
    const beside = join(isNew ? dirname(dir) : dir, `.create-wasi-kit-${randomUUID().slice(0, 8)}`);
    try {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(beside, path)), { recursive: true });
        writeFileSync(join(beside, path), text);
      }
      if (isNew) renameSync(beside, dir);
      else renameEach(files, beside, dir);
    } finally {
      rmSync(beside, { recursive: true, force: true });
    }
  });
}

function renameEach(files: Files, from: string, to: string): void {
  for (const path of Object.keys(files)) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    renameSync(join(from, path), join(to, path));
  }
}

/** A file goes where a file is or nothing; and not through a link, which may lead anywhere. */
function checkPaths(files: Files, dir: string): void {
  for (const path of Object.keys(files)) {
    if (lookAt(join(dir, path))?.isDirectory()) throw blocked(dir, path, "is a folder, and a file is to be put there");
    for (let above = dirname(path); above !== "."; above = dirname(above)) {
      const stat = lookAt(join(dir, above));
      if (stat && !stat.isDirectory())
        throw blocked(dir, above, "is no folder, and files are to be put into one there");
    }
  }
}

const blocked = (dir: string, path: string, what: string): CreateError =>
  new CreateError("E_TARGET", `${shown(join(dir, path))} ${what}. Move it away, or name another folder.`);

/** A folder as messages call it. */
export function shown(dir: string): string {
  const path = relative(process.cwd(), dir);
  return path === "" ? "this folder" : path.startsWith("..") ? dir : path;
}

function lookAt(path: string, { follow = false } = {}): Stats | undefined {
  return (follow ? statSync : lstatSync)(path, { throwIfNoEntry: false });
}

/** Does something with a folder; what the system refuses is an error of ours. */
function attempt(dir: string, task: () => void): void {
  try {
    task();
  } catch (cause) {
    if (cause instanceof CreateError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new CreateError(
      "E_WRITE",
      `${shown(dir)} can't be written (${code ?? message}).\nName a folder that you can write, on a disk that has room.`,
      { cause },
    );
  }
}
