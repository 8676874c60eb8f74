import type { DebugFiles } from "./debug-files.ts";
import type { DebuggableModule } from "./debuggable-module.ts";
import { demangle } from "./demangle.ts";
import type { CallSite, Frame } from "./frame.ts";
import { locate } from "./locate.ts";

/**
 * Adds names as the sources have them, and locations in the sources, to the call sites of a trap.
 *
 * @param files - the host's. Default: none, and only what is in the module itself is found
 */
export function resolveFrames(callSites: readonly CallSite[], module: DebuggableModule, files?: DebugFiles): Frame[] {
  const locations = locate(
    module,
    callSites.map(({ offset }) => offset),
    files,
  );
  return callSites.map(({ name, functionIndex, offset }, i) => ({
    ...(name !== undefined && { name: demangle(name) }),
    functionIndex,
    offset,
    ...(locations[i] && { source: locations[i] }),
  }));
}
