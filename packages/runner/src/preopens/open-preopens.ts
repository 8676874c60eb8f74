import { copyOnWrite, memory } from "@wasi-kit/wasi";
import type { Change, FileSystem, GrantedDirectory } from "@wasi-kit/wasi";
import type { Host } from "../host/host.ts";
import { normalizePreopen } from "./preopen.ts";
import type { Preopens } from "./preopen.ts";

/** The changes that a run made in directories that are copy-on-write or in memory, by guest path. */
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
export function openPreopens(preopens: Preopens | undefined, { files }: Host): OpenPreopens {
  if (preopens === undefined) return none;
  const onHost = files?.openDirectories(preopens);
  const views = new Map(onHost?.views);
  const open = (guestPath: string, granted: Preopens[string]): GrantedDirectory => {
    const full = normalizePreopen(granted);
    const { maxWrittenBytes, maxFiles } = full;
    const limited = {
      access: full.access === "read-only" ? "read-only" : "read-write",
      maxWrittenBytes,
      maxFiles,
    } as const;
    if ("fileSystem" in full) return { fileSystem: full.fileSystem, ...limited };
    if ("path" in full) return { fileSystem: onHost?.fileSystems.get(guestPath) as FileSystem, ...limited };
    const view = copyOnWrite(memory(full.files), files ? { spill: files.spill } : {});
    views.set(guestPath, view);
    return { fileSystem: view, ...limited };
  };

  return {
    granted: Object.fromEntries(Object.entries(preopens).map(([name, granted]) => [name, open(name, granted)])),
    changes: () =>
      views.size > 0 ? Object.fromEntries([...views].map(([name, view]) => [name, view.changes()])) : undefined,
    mayRace: onHost?.mayRace === true,
    close() {
      for (const view of views.values()) view.close();
    },
  };
}
