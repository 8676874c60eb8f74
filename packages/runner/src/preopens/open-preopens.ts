import { copyOnWrite, memory, subdirectory, WasiError } from "@wasi-kit/wasi";
import type { Change, CopyOnWrite, FileSystem, GrantedDirectory } from "@wasi-kit/wasi";
import { errnoNames } from "@wasi-kit/wasi/abi";
import { holdsByDescriptor, hostDirectory, spillFile } from "@wasi-kit/wasi/node";
import { WasiKitError } from "../error.ts";
import { normalizePreopen } from "./preopen.ts";
import type { Preopens } from "./preopen.ts";
import { sharedViews } from "./shared-view.ts";

/** The changes that a run made in copy-on-write directories and in directories in memory, by guest path. */
export type RunChanges = Readonly<Record<string, readonly Change[]>>;

/** The directories of a run. */
export interface OpenPreopens {
  readonly granted: Readonly<Record<string, GrantedDirectory>>;
  /** What was changed, if there is a directory that says so. */
  changes(): RunChanges | undefined;
  /** Whether another process can lead the guest out of a directory. */
  readonly mayRace: boolean;
  /** Frees what the changes took. */
  close(): void;
}

const none: OpenPreopens = { granted: {}, changes: () => undefined, mayRace: false, close() {} };

/**
 * The file systems that a run is granted.
 *
 * @param preopens - checked
 * @throws WasiKitError `E_PREOPEN` for directories that overlap, and are not granted in the same way
 */
export function openPreopens(preopens: Preopens | undefined): OpenPreopens {
  if (preopens === undefined) return none;
  const views = new Map<string, CopyOnWrite>();
  const parts = new Map<string, FileSystem>();
  for (const { owner, path, parts: places } of sharedViews(preopens)) {
    const view = copyOnWrite(hostDirectory(path), { spill: spillFile });
    views.set(owner, view);
    for (const [guestPath, place] of places) parts.set(guestPath, place === "" ? view : subdirectory(view, place));
  }
  const open = (guestPath: string, granted: Preopens[string]): GrantedDirectory => {
    const full = normalizePreopen(granted);
    const access = full.access === "read-only" ? "read-only" : "read-write";
    if ("fileSystem" in full) return { fileSystem: full.fileSystem, access };
    if ("path" in full) {
      return {
        fileSystem: withPreopenError(parts.get(guestPath) ?? hostDirectory(full.path), guestPath, full.path),
        access,
      };
    }
    const view = copyOnWrite(memory(full.files), { spill: spillFile });
    views.set(guestPath, view);
    return { fileSystem: view, access };
  };

  return {
    granted: Object.fromEntries(Object.entries(preopens).map(([name, granted]) => [name, open(name, granted)])),
    changes: () =>
      views.size > 0 ? Object.fromEntries([...views].map(([name, view]) => [name, view.changes()])) : undefined,
    mayRace: !holdsByDescriptor() && Object.values(preopens).some((it) => "path" in normalizePreopen(it)),
    close() {
      for (const view of views.values()) view.close();
    },
  };
}

/** A directory that was there when the options were checked can be gone, or unreadable, when the run begins. */
function withPreopenError(fileSystem: FileSystem, guestPath: string, path: string): FileSystem {
  return {
    open() {
      try {
        return fileSystem.open();
      } catch (cause) {
        if (!(cause instanceof WasiError)) throw cause;
        throw new WasiKitError(
          "E_PREOPEN",
          `The preopen ${guestPath} is declared as ${path}, which can't be opened (${errnoNames[cause.errno]}).`,
        );
      }
    },
  };
}
