import { createInstance } from "./guest/instance.ts";
import type { Instance } from "./guest/instance.ts";
import { nodeHost } from "./host/node.ts";
import { interruptLoops } from "./limits/interrupt-loops.ts";
import { hasDeadline } from "./limits/limits.ts";
import { loadModule } from "./module/load-module.ts";
import type { ModuleSource } from "./module/module.ts";
import { checkOptions, libraryOptionRules } from "./options.ts";
import type { LibraryOptions } from "./options.ts";

/**
 * Instantiates a library in this thread, with what it is granted, so that its
 * functions can be called. A library is a reactor, whose `_initialize` is called
 * here, or a module that needs only its imports. `timeoutMs` applies to the
 * start, and then to each call separately.
 *
 * @typeParam Exports - the type of its exports
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
  return createInstance(nodeHost, loadModule(source, options), options);
}
