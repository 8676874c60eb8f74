import { statSync } from "node:fs";
import type { FileSystem, MemoryTree } from "@wasi-kit/wasi";
import { WasiKitError } from "../error.ts";

/** What a guest may do in a directory. */
export type Access = keyof typeof accesses;

const accesses = {
  /** It can read, and nothing can be written, created, renamed or removed. */
  "read-only": true,
  /** It can change what is there. */
  "read-write": true,
  /** It can change what it sees; the directory itself stays as it is, and the result lists the changes. */
  "copy-on-write": true,
} as const;

/** A directory of the host. */
export interface HostPreopen {
  /** Its path. Relative paths start at the working directory. */
  readonly path: string;
  /** Default: `"read-write"`. */
  readonly access?: Access;
}

/** A directory in memory, made for the run; its result lists the changes. */
export interface FilesPreopen {
  /** What is in it, as for `memory()`. */
  readonly files: MemoryTree;
  /** Default: `"read-write"`. */
  readonly access?: "read-only" | "read-write";
}

/** A directory of another file system. It can't be sent to a pool's worker. */
export interface FileSystemPreopen {
  readonly fileSystem: FileSystem;
  /** Default: `"read-write"`. */
  readonly access?: "read-only" | "read-write";
}

/** A directory that a run is granted. A path alone, or a file system alone, is granted for reading and writing. */
export type Preopen = string | FileSystem | HostPreopen | FilesPreopen | FileSystemPreopen;

/** Directories by guest path. */
export type Preopens = Readonly<Record<string, Preopen>>;

/** A preopen with its defaults filled in. */
export type NormalizedPreopen = Required<HostPreopen> | Required<FilesPreopen> | Required<FileSystemPreopen>;

export function normalizePreopen(granted: Preopen): NormalizedPreopen {
  if (typeof granted === "string") return { path: granted, access: "read-write" };
  if ("open" in granted) return { fileSystem: granted, access: "read-write" };
  return { access: "read-write", ...granted };
}

/** @throws WasiKitError `E_PREOPEN` for a guest path or an access that is not valid, or a host directory that is missing */
export function checkPreopens(preopens: Preopens): void {
  for (const [guestPath, granted] of Object.entries(preopens)) {
    const full = normalizePreopen(granted);
    if (guestPath === "" || guestPath.includes("\0")) {
      const what = "path" in full ? full.path : "a directory in memory";
      throw new WasiKitError(
        "E_PREOPEN",
        `A preopen needs a guest path, and that for ${what} is ${JSON.stringify(guestPath)}.`,
      );
    }
    checkAccess(guestPath, full);
    if ("path" in full) checkDirectory(guestPath, full.path);
  }
}

// A mistyped "read-only" must not grant more than was meant.
function checkAccess(guestPath: string, full: NormalizedPreopen): void {
  const possible = Object.keys(accesses).filter((it) => "path" in full || it !== "copy-on-write");
  if (possible.includes(full.access)) return;
  const allowed = possible
    .map((it) => JSON.stringify(it))
    .join(", ")
    .replace(/, (?=[^,]*$)/, " or ");
  throw new WasiKitError(
    "E_PREOPEN",
    `The preopen ${guestPath} has the access ${JSON.stringify(full.access)}. It can be ${allowed}.`,
  );
}

function checkDirectory(guestPath: string, path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  throw new WasiKitError(
    "E_PREOPEN",
    found
      ? `The preopen ${guestPath} is declared as ${path}, which is not a directory.\nName the directory that holds it.`
      : `The preopen ${guestPath} is declared as ${path}, and there is no such directory.\nCreate it (mkdir -p ${path}) or declare one that is there.`,
  );
}
