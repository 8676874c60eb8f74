import { WasiKitError } from "../error.ts";
import { errorText } from "../text/error-text.ts";
import type { Host } from "../host/host.ts";
import type { Imports } from "./imports.ts";

/** The URL of a module of JavaScript, which may be named by its path. */
export const moduleUrl = (module: string | URL, host: Host): string =>
  typeof module === "string" ? host.urlOf(module) : module.href;

/** Whether functions are named by the module that has them. */
export const areInModule = (imports: Imports | string | URL | undefined): imports is string | URL =>
  typeof imports === "string" || (typeof imports === "object" && "href" in imports);

/**
 * Loads functions for guests: the default export of a module of JavaScript.
 *
 * @throws WasiKitError `E_IMPORTS` if it can't be loaded, or has no such export
 */
export async function loadImports(url: string): Promise<Imports> {
  let loaded: { default?: Imports };
  try {
    loaded = (await import(/* @vite-ignore */ url)) as typeof loaded;
  } catch (cause) {
    throw new WasiKitError("E_IMPORTS", `The module of the imports can't be loaded: ${url}\n${errorText(cause)}`, {
      cause,
    });
  }
  const functions: unknown = loaded.default;
  if ((typeof functions === "object" && functions !== null) || typeof functions === "function")
    return loaded.default as Imports;
  throw new WasiKitError(
    "E_IMPORTS",
    `The module of the imports has no default export with functions: ${url}\nIn it, write: export default { env: { log() {} } };`,
  );
}
