import { dispose } from "./realm/dispose-symbols.ts";
import { GuestError } from "./guest/guest-error.ts";
import { callLibrary, createLibrary, startLibrary } from "./guest/library.ts";
import type { LibraryCall } from "./guest/library.ts";
import { nodeHost } from "./host/node.ts";
import { interruptLoops } from "./limits/interrupt-loops.ts";
import { hasDeadline } from "./limits/limits.ts";
import { loadModule } from "./module/load-module.ts";
import type { ModuleSource } from "./module/module.ts";
import { checkOptions, libraryOptionRules } from "./options.ts";
import type { LibraryOptions } from "./options.ts";
import { describeTermination } from "./result.ts";
import { utf8Text } from "./text/bytes.ts";
import type { TracedCall } from "./trace/traced-call.ts";

/** A library that was instantiated: its functions, and what it wrote. */
export interface Instance<Exports> {
  /** What the module exports. Each function is under the limits; a function that fails throws {@link GuestError}. */
  readonly exports: Exports;
  /** What was written to stdout so far, decoded as UTF-8; empty if it is not captured. */
  stdout(): string;
  /** What was written to stderr so far. */
  stderr(): string;
  /**
   * The calls that were made so far, its start included: the first 100,000, with
   * `trace: true`. Otherwise empty.
   */
  trace(): readonly TracedCall[];
  /** Closes its files. Its functions must not be called any more. */
  close(): void;
  /** {@link Instance.close}, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Makes a library's functions callable, in this thread, with what it is granted:
 * a reactor, whose `_initialize` is called here, or a module that needs no more
 * than its imports. `timeoutMs` applies to the start, and then to each call by
 * itself.
 *
 * @typeParam Exports - what it exports, as TypeScript sees it
 * @example
 * const { exports } = await instantiate<{ add(a: number, b: number): number }>("library.wasm");
 * exports.add(1, 2);
 *
 * @throws WasiKitError as {@link run} does, and `E_NOT_REACTOR` for a command
 * @throws GuestError if `_initialize` fails
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/application-abi.md
 */
export async function instantiate<Exports = WebAssembly.Exports>(
  source: ModuleSource,
  options: LibraryOptions = {},
): Promise<Instance<Exports>> {
  checkOptions(options, libraryOptionRules, "instantiate()", nodeHost);
  if (hasDeadline(options)) interruptLoops();
  const loaded = loadModule(source, options);
  const guest = createLibrary(nodeHost, loaded, options);
  const valueOf = (what: string, { returned, termination }: LibraryCall): unknown => {
    if (returned) return returned.value;
    throw new GuestError(`${loaded.name}: ${what}`, describeTermination(termination, loaded, nodeHost));
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
