import { WasiKitError } from "../error.ts";
import type { Host } from "../host/host.ts";
import type { LoadedModule } from "../module/module.ts";
import type { SyncRunOptions } from "../options.ts";
import type { Termination } from "../result.ts";
import type { Captures } from "../stdio/capture.ts";
import { createGuest } from "./guest.ts";
import type { Guest } from "./guest.ts";

/** How a call into a library ended. */
export interface LibraryCall {
  readonly termination: Termination;
  /** What it returned, if it did. */
  readonly returned?: { readonly value: unknown };
}

/**
 * A library with what it is granted, not yet instantiated.
 *
 * @param captures - where captured output goes, and where calls are counted. Default: memory
 * @throws WasiKitError `E_NOT_REACTOR` for a command, and as {@link createGuest} does
 */
export function createLibrary(host: Host, loaded: LoadedModule, options: SyncRunOptions, captures?: Captures): Guest {
  if (WebAssembly.Module.exports(loaded.module).some((it) => it.name === "_start")) {
    throw new WasiKitError(
      "E_NOT_REACTOR",
      `${loaded.name} exports _start: it is a command, which runs once from its start to its end.\nRun it: run() of @wasi-kit/runner${host.wasiKit ? `, or ${host.wasiKit()} run` : ""}.`,
    );
  }
  return createGuest(host, loaded, { argv0: loaded.fileName ?? "module.wasm", ...options }, captures);
}

/** Makes a call into a library, under its limits. */
export function callLibrary(guest: Guest, make: () => unknown): LibraryCall {
  let returned: LibraryCall["returned"];
  const termination = guest.call(() => {
    returned = { value: make() };
  });
  // It may also return although it was ended: WebAssembly can catch what ends it.
  return termination.outcome === "exited" && returned ? { termination, returned } : { termination };
}

/** Instantiates a library, and calls its `_initialize`. What it returns is the exports. */
export const startLibrary = (guest: Guest): LibraryCall =>
  callLibrary(guest, () => {
    const exports = guest.instantiate();
    (exports["_initialize"] as (() => void) | undefined)?.();
    return exports;
  });
