import type { DebuggableModule } from "./debuggable-module.ts";
import { demangle } from "./demangle.ts";
import type { CallSite, Frame } from "./frame.ts";
import { locate } from "./locate.ts";

/** Adds names as the sources have them, and locations in the sources, to the call sites of a trap. */
export function resolveFrames(callSites: readonly CallSite[], module: DebuggableModule): Frame[] {
  const locations = locate(
    module,
    callSites.map(({ offset }) => offset),
  );
  return callSites.map(({ name, functionIndex, offset }, i) => ({
    ...(name !== undefined && { name: demangle(name) }),
    functionIndex,
    offset,
    ...(locations[i] && { source: locations[i] }),
  }));
}
