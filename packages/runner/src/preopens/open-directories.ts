import { copyOnWrite, subdirectory, WasiError } from "@wasi-kit/wasi";
import type { CopyOnWrite, FileSystem } from "@wasi-kit/wasi";
import { errnoNames } from "@wasi-kit/wasi/abi";
import { holdsByDescriptor, hostDirectory, spillFile } from "@wasi-kit/wasi/node";
import { WasiKitError } from "../error.ts";
import type { HostDirectories } from "../host/host.ts";
import { normalizePreopen } from "./preopen.ts";
import type { Preopens } from "./preopen.ts";
import { sharedViews } from "./shared-view.ts";

/**
 * The directories of a run that are on the host.
 *
 * @throws WasiKitError `E_PREOPEN` for directories that overlap, and are not granted in the same way
 */
export function openDirectories(preopens: Preopens): HostDirectories {
  const views = new Map<string, CopyOnWrite>();
  const fileSystems = new Map<string, FileSystem>();
  for (const { owner, path, parts } of sharedViews(preopens)) {
    const view = copyOnWrite(hostDirectory(path), { spill: spillFile });
    views.set(owner, view);
    for (const [guestPath, place] of parts) fileSystems.set(guestPath, place === "" ? view : subdirectory(view, place));
  }
  for (const [guestPath, granted] of Object.entries(preopens)) {
    const full = normalizePreopen(granted);
    if (!("path" in full)) continue;
    const fileSystem = fileSystems.get(guestPath) ?? hostDirectory(full.path);
    fileSystems.set(guestPath, withPreopenError(fileSystem, guestPath, full.path));
  }
  return { fileSystems, views, mayRace: fileSystems.size > 0 && !holdsByDescriptor() };
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
