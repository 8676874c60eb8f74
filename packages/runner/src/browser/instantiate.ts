import { createInstance } from "../guest/instance.ts";
import type { Instance } from "../guest/instance.ts";
import { browserHost } from "../host/browser.ts";
import type { ModuleSource } from "../module/module.ts";
import { checkOptions } from "../options.ts";
import type { LibraryOptions } from "../options.ts";
import { fetchModule } from "./load-module.ts";
import { browserLibraryOptionRules } from "./options.ts";
import type { BrowserLibraryOptions } from "./options.ts";

/**
 * Makes a library's functions callable, in this thread, with what it is granted:
 * a reactor, whose `_initialize` is called here, or a module that needs no more
 * than its imports. A call that does not return can't be ended: there is no
 * `timeoutMs` here.
 *
 * @typeParam Exports - what it exports, as TypeScript sees it
 * @example
 * const { exports } = await instantiate<{ add(a: number, b: number): number }>("library.wasm");
 * exports.add(1, 2);
 *
 * @throws WasiKitError as {@link run} does, and `E_NOT_REACTOR` for a command
 * @throws GuestError if `_initialize` fails
 */
export async function instantiateInBrowser<Exports = WebAssembly.Exports>(
  source: ModuleSource,
  options: BrowserLibraryOptions = {},
): Promise<Instance<Exports>> {
  checkOptions(options, browserLibraryOptionRules, "instantiate()", browserHost);
  return createInstance(browserHost, await fetchModule(source, options), options as LibraryOptions);
}
