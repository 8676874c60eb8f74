import type { FileLimits, FileSystem, MemoryTree } from "@wasi-kit/wasi";

/** What a guest may do in a directory. */
export type Access = keyof typeof accesses;

/** What there is to choose from. */
export const accesses = {
  /** The guest can read, and can't write, create, rename or remove anything. */
  "read-only": true,
  /** The guest can read and change everything. */
  "read-write": true,
  /** The guest can change what it sees. The directory itself is not changed, and the result lists the changes. */
  "copy-on-write": true,
} as const;

/** A directory of the host. */
export interface HostPreopen extends FileLimits {
  /** Its path. Relative paths start at the working directory. */
  readonly path: string;
  /** Default: `"read-write"`. */
  readonly access?: Access;
}

/** A directory in memory, created for the run. The result lists the changes. */
export interface FilesPreopen extends FileLimits {
  /** Its initial files, as for `memory()`. */
  readonly files: MemoryTree;
  /** Default: `"read-write"`. */
  readonly access?: "read-only" | "read-write";
}

/** A directory of another file system. A run in a worker can't have one. */
export interface FileSystemPreopen extends FileLimits {
  readonly fileSystem: FileSystem;
  /** Default: `"read-write"`. */
  readonly access?: "read-only" | "read-write";
}

/** A directory that a run is granted. A path alone, or a file system alone, has read-write access. */
export type Preopen = string | FileSystem | HostPreopen | FilesPreopen | FileSystemPreopen;

/** Directories by guest path. */
export type Preopens = Readonly<Record<string, Preopen>>;

/** A preopen with its access filled in. */
export type NormalizedPreopen = WithAccess<HostPreopen> | WithAccess<FilesPreopen> | WithAccess<FileSystemPreopen>;

export type WithAccess<T extends { readonly access?: Access }> = T & Required<Pick<T, "access">>;

export function normalizePreopen(granted: Preopen): NormalizedPreopen {
  if (typeof granted === "string") return { path: granted, access: "read-write" };
  if ("open" in granted) return { fileSystem: granted, access: "read-write" };
  return { access: "read-write", ...granted };
}
