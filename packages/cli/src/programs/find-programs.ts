import { resolve } from "node:path";
import { findPrograms } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
import { UsageError } from "../command-line/command.ts";
import { isFolder } from "./is-folder.ts";

/**
 * The programs in some folders and below them; none named is the current one.
 *
 * @throws UsageError if a folder holds none, or is not there
 */
export async function programsBelow(folders: readonly string[]): Promise<Program[]> {
  const found = await Promise.all((folders.length > 0 ? folders : ["."]).map(findIn));
  return found.flat();
}

async function findIn(folder: string): Promise<Program[]> {
  const programs = await findPrograms(folder);
  if (programs.length > 0) return programs;
  checkFolder(folder);
  throw noManifest(folder);
}

/** The error for a folder that has no program in it or below it. */
export const noManifest = (folder: string): UsageError =>
  new UsageError(
    `There is no wasi.json in ${folder === "." ? "the current folder" : folder} or below it.\nName a folder that has one, or have one written: wasi-kit init`,
  );

/** @throws UsageError if there is no such folder */
export function checkFolder(folder: string): void {
  // By its whole path: a current folder that was removed is still there by the name of ".".
  if (!isFolder(resolve(folder))) throw new UsageError(`There is no folder ${folder}.`);
}

/**
 * The folder that a command was given, for one that takes no more; none named is the current one.
 *
 * @throws UsageError if there are two, or it is not there
 */
export function oneFolder([folder = ".", ...more]: readonly string[]): string {
  if (more.length > 0) throw new UsageError(`Name one folder at a time: ${folder}, or ${more.join(", or ")}.`);
  checkFolder(folder);
  return folder;
}
