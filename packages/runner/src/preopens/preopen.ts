import type { FileLimits, FileSystem, MemoryTree } from "@wasi-kit/wasi";

/** What a guest may do in a directory. */
export type Access = keyof typeof accesses;

/** What there is to choose from. */
export const accesses = {
  /** It can read, and nothing can be written, created, renamed or removed. */
  "read-only": true,
  /** It can change what is there. */
  "read-write": true,
  /** It can change what it sees; the directory itself stays as it is, and the result lists the changes. */
  "copy-on-write": true,
} as const;

/** A directory of the host. */
export interface HostPreopen extends FileLimits {
  /** Its path. Relative paths start at the working directory. */
  readonly path: string;
  /** Default: `"read-write"`. */
  readonly access?: Access;
}

/** A directory in memory, made for the run; its result lists the changes. */
export interface FilesPreopen extends FileLimits {
  /** What is in it, as for `memory()`. */
  readonly files: MemoryTree;
  /** Default: `"read-write"`. */
  readonly access?: "read-only" | "read-write";
}

/** A directory of another file system. It can't be sent to a pool's worker. */
export interface FileSystemPreopen extends FileLimits {
  readonly fileSystem: FileSystem;
  /** Default: `"read-write"`. */
  readonly access?: "read-only" | "read-write";
}

/** A directory that a run is granted. A path alone, or a file system alone, is granted for reading and writing. */
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
