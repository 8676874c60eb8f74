import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { byteStringOf, memory, openFlags, subdirectory, symlink, textOf } from "@wasi-kit/wasi";
import type { DirectoryHandle, FileHandle, FileSystem, MemoryFileSystem, MemoryTree } from "@wasi-kit/wasi";
import { filetype } from "@wasi-kit/wasi/abi";
import { normalizePreopen } from "../../src/preopens/preopen.ts";
import type { Preopens } from "../../src/preopens/preopen.ts";

/** All there is in a file system: path to content, in the notation of a `FixtureFiles`. */
export function treeOfFileSystem(fileSystem: FileSystem): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (directory: DirectoryHandle, prefix: string): void => {
    for (const { name, filetype: type } of directory.list()) {
      const path = `${prefix}${textOf(name)}`;
      if (type === filetype.directory) {
        found.set(`${path}/`, "");
        visit(directory.openDirectory(name), `${path}/`);
      } else if (type === filetype.symbolic_link) found.set(path, `-> ${textOf(directory.readlink(name))}`);
      else found.set(path, contentOf(directory.open(name, openFlags.read) as FileHandle));
    }
  };
  const root = fileSystem.open();
  try {
    visit(root, "");
  } finally {
    root.close();
  }
  return found;
}

function contentOf(file: FileHandle): string {
  const bytes = new Uint8Array(Number(file.stat().size));
  file.read([bytes], 0);
  return Buffer.from(bytes).toString();
}

/** Paths that are not the same in two trees. */
export function changedPaths(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).map((path) => path.replace(/\/$/, ""));
}

/** The host's directory that holds all preopens of a case, in memory, where it is on the host. */
export function memoryOf(preopens: Preopens): MemoryFileSystem {
  const paths = Object.values(preopens).map((granted) => {
    const full = normalizePreopen(granted);
    return "path" in full ? realpathSync(full.path) : "/";
  });
  const fixture = /^.*\/wasi-kit-escape-[^/]+/.exec(paths.find((path) => path !== "/") ?? "")?.[0];
  if (fixture === undefined) return memory();
  const names = fixture.slice(1).split("/");
  const files = memory(names.reduceRight<MemoryTree>((tree, name) => ({ [name]: tree }), readTree(fixture)));
  linkAsOn(fixture, subdirectory(files, names.join("/")));
  return files;
}

function readTree(directory: string): MemoryTree {
  const entries = readdirSync(directory).map((name) => {
    const path = `${directory}/${name}`;
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) return [name, symlink(readlinkSync(path))] as const;
    return [name, stats.isDirectory() ? readTree(path) : new Uint8Array(readFileSync(path))] as const;
  });
  return Object.fromEntries(entries);
}

/** Makes one file of those that are one on the host. */
function linkAsOn(directory: string, copy: FileSystem): void {
  const first = new Map<number, readonly [DirectoryHandle, string]>();
  const visit = (path: string, there: DirectoryHandle): void => {
    for (const name of readdirSync(path)) {
      const stats = lstatSync(`${path}/${name}`);
      const other = first.get(stats.ino);
      if (stats.isDirectory()) visit(`${path}/${name}`, there.openDirectory(byteStringOf(name)));
      else if (stats.nlink > 1 && other) {
        there.unlink(byteStringOf(name));
        other[0].link(other[1], there, byteStringOf(name));
      } else first.set(stats.ino, [there, byteStringOf(name)]);
    }
  };
  const root = copy.open();
  visit(directory, root);
  root.close();
}
