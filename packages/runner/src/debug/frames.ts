import type { CallSite } from "../call-sites.ts";
import type { Frame } from "../frame.ts";
import type { LoadedModule } from "../module.ts";
import { demangle } from "./demangle.ts";
import { locate } from "./locate.ts";

/**
 * Frames with their names and places in the sources, for the call sites of a
 * trap.
 */
export function framesOf(callSites: readonly CallSite[], loaded: LoadedModule): Frame[] {
  const places = locate(
    loaded,
    callSites.map(({ offset }) => offset),
  );
  return callSites.map(({ name, functionIndex, offset }, i) => ({
    ...(name !== undefined && { name: demangle(name) }),
    functionIndex,
    offset,
    ...(places[i] && { source: places[i] }),
  }));
}
