import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { errnoNames } from "../../src/abi/errno.ts";
import type { ErrnoName } from "../../src/abi/errno.ts";
import { openFlags } from "../../src/fs/file-system.ts";
import type { DirectoryHandle, FileHandle } from "../../src/fs/file-system.ts";
import { WasiError } from "../../src/wasi-error.ts";

/** A directory for one test, removed after it. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "wasi-kit-fs-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const inner = join(path, "inner");
  mkdirSync(inner);
  return inner;
}

/** How many descriptors of the host this process has open. */
export const openDescriptors = (): number => readdirSync("/proc/self/fd").length;

/** The error that a call gives, or `"success"`. */
export function errnoOf(call: () => unknown): ErrnoName {
  try {
    call();
    return "success";
  } catch (error) {
    if (error instanceof WasiError) return errnoNames[error.errno] as ErrnoName;
    throw error;
  }
}

const { read, write, create, truncate } = openFlags;

/** Opens a file that is there. */
export const openFile = (directory: DirectoryHandle, name: string, flags: number = read | write): FileHandle => {
  const handle = directory.open(name, flags);
  if (handle.kind === "file") return handle;
  throw new Error(`${name} is a directory`);
};

/** Gives a file a content, whatever there was. */
export function writeText(directory: DirectoryHandle, name: string, text: string): void {
  const file = openFile(directory, name, write | create | truncate);
  file.write([Buffer.from(text)], 0);
  file.close();
}

/** The content of a file. */
export function readText(directory: DirectoryHandle, name: string): string {
  const file = openFile(directory, name, read);
  try {
    return textOfFile(file);
  } finally {
    file.close();
  }
}

/** The content of a file that is open. */
export function textOfFile(file: FileHandle, offset = 0, length: number = Number(file.stat().size)): string {
  // Not zeros, to see whether zeros are read.
  const bytes = Buffer.alloc(length, "?");
  return bytes.toString("utf8", 0, file.read([bytes], offset));
}
