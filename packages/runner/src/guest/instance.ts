import type { Host } from "../host/host.ts";
import type { LoadedModule } from "../module/module.ts";
import type { LibraryOptions } from "../options.ts";
import { dispose } from "../realm/dispose-symbols.ts";
import { describeTermination } from "../result.ts";
import { utf8Text } from "../text/bytes.ts";
import type { TracedCall } from "../trace/traced-call.ts";
import { GuestError } from "./guest-error.ts";
import { callLibrary, createLibrary, startLibrary } from "./library.ts";
import type { LibraryCall } from "./library.ts";

/** An instantiated library: its functions, and its output. */
export interface Instance<Exports> {
  /** What the module exports. The limits apply to each function. A function that fails throws a {@link GuestError}. */
  readonly exports: Exports;
  /** The output on stdout so far, decoded as UTF-8; empty if it is not captured. */
  stdout(): string;
  /** The output on stderr so far. */
  stderr(): string;
  /**
   * With `trace: true`, the calls that it has made since its start: the first
   * 100,000 of them. Otherwise empty.
   */
  trace(): readonly TracedCall[];
  /** Closes its files. After that, its functions must not be called. */
  close(): void;
  /** The same as {@link Instance.close}, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Starts a library, of options that were checked.
 *
 * @throws WasiKitError `E_IMPORTS`, `E_NOT_REACTOR` and others, if it can't start
 * @throws GuestError if `_initialize` fails
 */
export function createInstance<Exports>(host: Host, loaded: LoadedModule, options: LibraryOptions): Instance<Exports> {
  const guest = createLibrary(host, loaded, options);
  const valueOf = (what: string, { returned, termination }: LibraryCall): unknown => {
    if (returned) return returned.value;
    throw new GuestError(`${loaded.name}: ${what}`, describeTermination(termination, loaded, host));
  };

  let exported: WebAssembly.Exports;
  try {
    exported = valueOf("its start", startLibrary(guest)) as WebAssembly.Exports;
  } catch (error) {
    guest.close();
    throw error;
  }
  const wrap =
    (key: string, it: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) =>
      valueOf(
        key,
        callLibrary(guest, () => it(...args)),
      );
  const exports = Object.fromEntries(
    Object.entries(exported).map(([key, it]) => [
      key,
      typeof it === "function" ? wrap(key, it as (...args: unknown[]) => unknown) : it,
    ]),
  );
  return {
    exports: exports as Exports,
    stdout: () => utf8Text(guest.stdout()),
    stderr: () => utf8Text(guest.stderr()),
    trace: guest.trace,
    close: guest.close,
    [dispose]: guest.close,
  };
}
