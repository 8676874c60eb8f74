import type { Frame } from "../frame.ts";
import type { LoadedModule } from "../module.ts";
import { demangle } from "./demangle.ts";
import { locate } from "./locate.ts";

/**
 * The WebAssembly frames of an error, innermost first, with their places in the
 * sources. What is imported here is needed after a trap only: `wasi-kit run`
 * loads it then (packages/cli/bundle.config.js).
 */
export function framesOf(error: Error, loaded: LoadedModule): Frame[] {
  const frames = callSites(error).flatMap((site) => asFrame(site, loaded));
  const places = locate(
    loaded,
    frames.map(({ offset }) => offset),
  );
  return frames.map((frame, i) => ({ ...frame, ...(places[i] && { source: places[i] }) }));
}

/** A call site in WebAssembly ends with its place: `name (wasm://wasm/x-1a2b:wasm-function[3]:0x1f)`. */
function asFrame(site: NodeJS.CallSite, { shift = { from: 0, by: 0 } }: LoadedModule): Frame[] {
  const [, index, hex] = /wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/.exec(String(site)) ?? [];
  if (index === undefined || hex === undefined) return [];
  const name = site.getFunctionName();
  const offset = parseInt(hex, 16) - (parseInt(hex, 16) < shift.from ? 0 : shift.by);
  return [{ ...(name && { name: demangle(name) }), functionIndex: Number(index), offset }];
}

/**
 * V8 describes a stack when it is first asked for, and lets a program do so.
 *
 * @see https://v8.dev/docs/stack-trace-api
 */
function callSites(error: Error): NodeJS.CallSite[] {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) => sites;
  try {
    const { stack } = error as { stack?: unknown };
    return Array.isArray(stack) ? stack : [];
  } finally {
    Error.prepareStackTrace = before as NonNullable<typeof before>;
  }
}
