import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { symlink } from "@wasi-kit/runner";
import type { MemoryTree } from "@wasi-kit/runner";

/** What is in a directory of the host. */
export function readTree(directory: string): MemoryTree {
  const entries = readdirSync(directory, { withFileTypes: true }).map((entry) => {
    const path = join(directory, entry.name);
    if (entry.isSymbolicLink()) return [entry.name, symlink(readlinkSync(path))] as const;
    return [entry.name, entry.isDirectory() ? readTree(path) : new Uint8Array(readFileSync(path))] as const;
  });
  return Object.fromEntries(entries);
}

/** Makes a directory of the host with that in it. */
export function writeTree(directory: string, tree: MemoryTree): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, value] of Object.entries(tree)) {
    const path = join(directory, name);
    if (typeof value === "string" || value instanceof Uint8Array) writeFileSync(path, value);
    else if (typeof value["/symlink"] === "string") symlinkSync(value["/symlink"], path);
    else writeTree(path, value as MemoryTree);
  }
}

/** A directory of a tree, by its path. @throws Error if there is none */
export function treeAt(tree: MemoryTree, path: string): MemoryTree {
  const found = path
    .split("/")
    .reduce<MemoryTree | undefined>((it, name) => it?.[name] as MemoryTree | undefined, tree);
  if (!found) throw new Error(`There is no ${path} among the files of a test.`);
  return found;
}
